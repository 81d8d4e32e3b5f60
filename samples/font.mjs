// Text as vector outlines, read straight from WOFF files, so that no picture depends on the fonts of a machine.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { inflateSync } from 'node:zlib';

const require = createRequire(import.meta.url);
const fonts = new Map();

/**
 * A font of the dev dependencies, read once.
 * @param {string} family fontsource name: `inter`, `caveat`, `cousine`
 * @param {number} weight 100 to 900, as far as the family has it
 */
export function loadFont(family, weight = 400) {
  const file = `@fontsource/${family}/files/${family}-latin-${weight}-normal.woff`;
  if (!fonts.has(file)) fonts.set(file, parseFont(readFileSync(require.resolve(file))));
  return fonts.get(file);
}

/** The advance width of a line of text at `size` px. */
export function measureText(font, text, size, spacing = 0) {
  let width = 0;
  for (const character of text) width += (font.advance(font.glyphOf(character)) * size) / font.unitsPerEm + spacing;
  return width;
}

/**
 * SVG path data of one line of text whose baseline starts (or centres, or ends) at x, y.
 * @param {{size: number, x?: number, y?: number, anchor?: 'start' | 'middle' | 'end', spacing?: number,
 *   wobble?: (index: number) => {dx: number, dy: number, scale: number}}} options `wobble` unsettles each letter, for handwriting
 */
export function textPath(font, text, { size, x = 0, y = 0, anchor = 'start', spacing = 0, wobble }) {
  const width = measureText(font, text, size, spacing);
  let pen = anchor === 'end' ? x - width : anchor === 'middle' ? x - width / 2 : x;
  let path = '',
    index = 0;
  for (const character of text) {
    const glyph = font.glyphOf(character);
    const { dx, dy, scale: swell } = wobble?.(index++) ?? { dx: 0, dy: 0, scale: 1 };
    const scale = (size / font.unitsPerEm) * swell;
    path += outlinePath(font.contours(glyph), (px, py) => `${(pen + dx + px * scale).toFixed(2)} ${(y + dy - py * scale).toFixed(2)}`);
    pen += (font.advance(glyph) * size) / font.unitsPerEm + spacing;
  }
  return path;
}

/** An SVG `<path>` element with the outlines of a line of text; options as for {@link textPath}. */
export function textElement(family, weight, text, { fill = '#000', opacity = 1, ...options }) {
  const alpha = opacity === 1 ? '' : ` fill-opacity="${opacity}"`;
  return `<path fill="${fill}"${alpha} d="${textPath(loadFont(family, weight), text, options)}"/>`;
}

// WOFF 1.0 §4 and §5: a table directory of 20-byte entries; a table whose stored length is shorter is zlib-compressed.
function parseFont(file) {
  if (file.toString('latin1', 0, 4) !== 'wOFF') throw new Error('the font file is not WOFF 1.0');
  const tables = new Map();
  for (let index = 0; index < file.readUInt16BE(12); index++) {
    const entry = 44 + index * 20;
    const [offset, stored, length] = [4, 8, 12].map((at) => file.readUInt32BE(entry + at));
    const bytes = file.subarray(offset, offset + stored);
    tables.set(file.toString('latin1', entry, entry + 4), stored < length ? inflateSync(bytes) : bytes);
  }
  const head = tables.get('head'),
    hmtx = tables.get('hmtx'),
    loca = tables.get('loca'),
    glyf = tables.get('glyf');
  const longAdvances = tables.get('hhea').readUInt16BE(34);
  const isLong = head.readInt16BE(50) === 1;
  const glyphAt = (glyph) => (isLong ? loca.readUInt32BE(glyph * 4) : loca.readUInt16BE(glyph * 2) * 2);
  const characters = readCharacterMap(tables.get('cmap'));
  const contours = (glyph) => (glyphAt(glyph) === glyphAt(glyph + 1) ? [] : readGlyph(glyf, glyphAt(glyph), contours));
  return {
    unitsPerEm: head.readUInt16BE(18),
    glyphOf(character) {
      const glyph = characters(character.codePointAt(0));
      if (glyph === 0) throw new Error(`the font has no glyph for "${character}"`);
      return glyph;
    },
    advance: (glyph) => hmtx.readUInt16BE(Math.min(glyph, longAdvances - 1) * 4),
    contours,
  };
}

// OpenType 'cmap' format 4: segments of characters with a delta, or an index into the glyph array behind them.
function readCharacterMap(cmap) {
  for (let index = 0; index < cmap.readUInt16BE(2); index++) {
    const table = cmap.subarray(cmap.readUInt32BE(4 + index * 8 + 4));
    if (table.readUInt16BE(0) !== 4) continue;
    const doubled = table.readUInt16BE(6);
    return (code) => {
      for (let at = 0; at < doubled; at += 2) {
        if (table.readUInt16BE(14 + at) < code) continue;
        const start = table.readUInt16BE(16 + doubled + at),
          delta = table.readUInt16BE(16 + 2 * doubled + at);
        if (start > code) return 0;
        const rangeAt = 16 + 3 * doubled + at,
          range = table.readUInt16BE(rangeAt);
        if (range === 0) return (code + delta) & 0xffff;
        const glyph = table.readUInt16BE(rangeAt + range + 2 * (code - start));
        return glyph === 0 ? 0 : (glyph + delta) & 0xffff;
      }
      return 0;
    };
  }
  throw new Error('the font has no character map of format 4');
}

// OpenType 'glyf': contours of {x, y, on}; a negative contour count means a composite of other glyphs.
function readGlyph(glyf, start, contoursOf) {
  const total = glyf.readInt16BE(start);
  if (total < 0) return readComposite(glyf, start + 10, contoursOf);
  const ends = Array.from({ length: total }, (_, index) => glyf.readUInt16BE(start + 10 + index * 2));
  let at = start + 10 + total * 2;
  at += 2 + glyf.readUInt16BE(at);
  const count = total === 0 ? 0 : ends[total - 1] + 1;
  const flags = [];
  while (flags.length < count) {
    const flag = glyf[at++];
    for (let repeat = flag & 8 ? glyf[at++] : 0; repeat >= 0; repeat--) flags.push(flag);
  }
  const readAxis = (short, same) => {
    let value = 0;
    return flags.map((flag) => {
      if (flag & short) value += flag & same ? glyf[at++] : -glyf[at++];
      else if (!(flag & same)) {
        value += glyf.readInt16BE(at);
        at += 2;
      }
      return value;
    });
  };
  const xs = readAxis(2, 16),
    ys = readAxis(4, 32);
  let first = 0;
  return ends.map((end) => {
    const contour = [];
    for (; first <= end; first++) contour.push({ x: xs[first], y: ys[first], on: (flags[first] & 1) === 1 });
    return contour;
  });
}

function readComposite(glyf, at, contoursOf) {
  const all = [];
  for (let flags = 32; flags & 32;) {
    flags = glyf.readUInt16BE(at);
    const glyph = glyf.readUInt16BE(at + 2);
    const isWide = flags & 1;
    const dx = isWide ? glyf.readInt16BE(at + 4) : glyf.readInt8(at + 4);
    const dy = isWide ? glyf.readInt16BE(at + 6) : glyf.readInt8(at + 5);
    at += isWide ? 8 : 6;
    let [a, b, c, d] = [1, 0, 0, 1];
    const fixed = () => {
      at += 2;
      return glyf.readInt16BE(at - 2) / 16384;
    };
    if (flags & 8) a = d = fixed();
    else if (flags & 64) {
      a = fixed();
      d = fixed();
    } else if (flags & 128) {
      a = fixed();
      b = fixed();
      c = fixed();
      d = fixed();
    }
    for (const contour of contoursOf(glyph)) {
      all.push(contour.map(({ x, y, on }) => ({ x: a * x + c * y + dx, y: b * x + d * y + dy, on })));
    }
  }
  return all;
}

// TrueType outlines are quadratic: two control points in a row imply a point on the curve halfway between.
function outlinePath(contours, put) {
  let path = '';
  for (const contour of contours) {
    const points = contour.flatMap((point, index) => {
      const next = contour[(index + 1) % contour.length];
      return point.on || next.on ? [point] : [point, { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2, on: true }];
    });
    const from = points.findIndex((point) => point.on);
    const ordered = [...points.slice(from), ...points.slice(0, from), points[from]];
    path += `M${put(ordered[0].x, ordered[0].y)}`;
    for (let index = 1; index < ordered.length; index++) {
      const point = ordered[index];
      if (point.on) path += `L${put(point.x, point.y)}`;
      else {
        const end = ordered[++index];
        path += `Q${put(point.x, point.y)} ${put(end.x, end.y)}`;
      }
    }
    path += 'Z';
  }
  return path;
}
