import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { decodeGifToTarget } from '../../src/codec/scanline/gif.ts';
import { corpusFiles, hasCorpus, loadPngModule } from './load-png.ts';
import { compareRgba, makePicture } from './png-picture.ts';

interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly interlaced?: boolean;
  readonly transparent?: number;
}

/** LZW without compression: 9-bit literals, a clear code before the table can grow past nine bits. */
function packIndices(indices: Uint8Array): number[] {
  const bytes: number[] = [];
  let bits = 0;
  let count = 0;
  const put = (code: number) => {
    bits |= code << count;
    for (count += 9; count >= 8; count -= 8, bits >>= 8) bytes.push(bits & 255);
  };
  indices.forEach((index, i) => {
    if (i % 200 === 0) put(256);
    put(index);
  });
  put(257);
  if (count) bytes.push(bits & 255);
  return bytes;
}

function makeGif(screenWidth: number, screenHeight: number, frame: Frame, indices: Uint8Array): Uint8Array {
  const little = (value: number) => [value & 255, value >> 8];
  const table = Array.from({ length: 256 }, (_, i) => [i, 255 - i, (i * 7) & 255]).flat();
  const control = frame.transparent === undefined ? [] : [0x21, 0xf9, 4, 1, 0, 0, frame.transparent, 0];
  const data = packIndices(indices);
  const blocks: number[] = [];
  for (let at = 0; at < data.length; at += 255) blocks.push(Math.min(255, data.length - at), ...data.slice(at, at + 255));
  return Uint8Array.from([
    ...Buffer.from('GIF89a'),
    ...little(screenWidth),
    ...little(screenHeight),
    0xf7,
    0,
    0,
    ...table,
    ...control,
    0x2c,
    ...little(frame.left),
    ...little(frame.top),
    ...little(frame.width),
    ...little(frame.height),
    frame.interlaced ? 0x40 : 0,
    8,
    ...blocks,
    0,
    0x3b,
  ]);
}

function decode(bytes: Uint8Array, targetWidth: number, targetHeight: number, orientation = 1) {
  const outcome = decodeGifToTarget(loadPngModule(), bytes, { targetWidth, targetHeight, orientation });
  if (outcome.kind !== 'decoded') throw new Error(`refused: ${outcome.reason}`);
  return outcome;
}

const indices = Uint8Array.from({ length: 30 * 20 }, (_, i) => (i * 31 + (i >> 4)) & 255);

describe.each([false, true])('interlaced %s', (interlaced) => {
  test("a frame that fills the canvas has sharp's pixels", async () => {
    const bytes = makeGif(30, 20, { left: 0, top: 0, width: 30, height: 20, interlaced }, indices);
    const ours = decode(bytes, 30, 20);
    expect(ours.hasAlpha).toBe(false);
    expect(compareRgba(ours.rgba, new Uint8Array(await sharp(bytes).ensureAlpha().raw().toBuffer())).largest).toBe(0);
  });

  test('a transparent colour and an offset leave the canvas transparent, as in sharp', async () => {
    const bytes = makeGif(45, 40, { left: 5, top: 7, width: 30, height: 20, interlaced, transparent: 31 }, indices);
    const ours = decode(bytes, 45, 40);
    expect(ours.hasAlpha).toBe(true);
    expect(compareRgba(ours.rgba, new Uint8Array(await sharp(bytes).ensureAlpha().raw().toBuffer())).largest).toBe(0);
  });

  test('resizing stays within 40 dB of libvips', async () => {
    const picture = makePicture(400, 300, false);
    const png = sharp(picture, { raw: { width: 400, height: 300, channels: 4 } }).gif({ progressive: interlaced, effort: 1 });
    const bytes = new Uint8Array(await png.toBuffer());
    for (const [width, height] of [
      [400, 300],
      [233, 175],
      [90, 68],
    ] as const) {
      const expected = await sharp(bytes).resize(width, height, { fit: 'fill' }).ensureAlpha().raw().toBuffer();
      expect(compareRgba(decode(bytes, width, height).rgba, new Uint8Array(expected)).psnr).toBeGreaterThan(40);
    }
  }, 60_000);
});

test('a frame that passes the screen enlarges the canvas, as in libvips', async () => {
  const bytes = makeGif(25, 12, { left: 5, top: 7, width: 30, height: 20, transparent: 0 }, indices);
  const expected = await sharp(bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  expect([expected.info.width, expected.info.height]).toEqual([35, 27]);
  const ours = decode(bytes, 35, 27);
  expect(compareRgba(ours.rgba, new Uint8Array(expected.data)).largest).toBe(0);
});

test('long strings, a full table and late clears decode as sharp does', async () => {
  const flat = new Uint8Array(700 * 500 * 4).fill(255);
  for (let i = 0; i < flat.length; i += 4 * 977) flat[i] = i & 255;
  for (const pixels of [flat, makePicture(700, 500, false)]) {
    const bytes = new Uint8Array(
      await sharp(pixels, { raw: { width: 700, height: 500, channels: 4 } })
        .removeAlpha()
        .gif({ dither: 1, effort: 1 })
        .toBuffer(),
    );
    const expected = new Uint8Array(await sharp(bytes).ensureAlpha().raw().toBuffer());
    expect(compareRgba(decode(bytes, 700, 500).rgba, expected).largest).toBe(0);
  }
}, 60_000);

describe('damage', () => {
  const frame = { left: 0, top: 0, width: 30, height: 20 };
  const good = makeGif(30, 20, frame, indices);
  const job = { targetWidth: 30, targetHeight: 20, orientation: 1 };
  const reasonFor = (bytes: Uint8Array) => {
    const outcome = decodeGifToTarget(loadPngModule(), bytes, job);
    return outcome.kind === 'decoded' ? `decoded with ${outcome.warnings} warnings` : outcome.reason;
  };

  test('a file cut at any byte is refused until at most a tenth of its rows is missing', () => {
    const reasons = Array.from(good, (_, length) => reasonFor(good.subarray(0, length)));
    const firstDecoded = reasons.findIndex((reason) => reason.startsWith('decoded'));
    expect(firstDecoded).toBeGreaterThan(good.length - 100);
    for (const reason of reasons.slice(0, firstDecoded)) expect(['undecodable', 'truncated']).toContain(reason);
    expect(reasons[firstDecoded]).toBe('decoded with 1 warnings');
    expect(reasons.at(-1)).toBe('decoded with 0 warnings');
  });

  test('bytes may arrive one at a time', () => {
    const exports = loadPngModule();
    let status = exports.gifReset();
    for (const byte of good) {
      if (status !== 0) break;
      new Uint8Array(exports.memory.buffer)[exports.gifInput()] = byte;
      status = exports.gifPush(1, 0);
      if (status === 1) {
        exports.gifConfigure(30, 20, 1, -1);
        status = exports.gifPush(0, 0);
      }
    }
    expect(status).toBe(2);
    const rgba = new Uint8Array(exports.memory.buffer, exports.rgbaTarget(), 30 * 20 * 4);
    expect(compareRgba(rgba, decode(good, 30, 20).rgba).largest).toBe(0);
  });

  test.each([
    ['no GIF', good.with(0, 0x48)],
    ['a zero width', good.with(13 + 768 + 5, 0)],
    ['literals of 12 bits', good.with(13 + 768 + 10, 12)],
    ['no frame', Uint8Array.from([...good.subarray(0, 13 + 768), 0x3b])],
    ['an unknown block', good.with(13 + 768, 0x55)],
    ['a code beyond the table', good.with(13 + 768 + 13, 0xff).with(13 + 768 + 14, 0xff)],
  ])('%s is refused', (_, bytes) => {
    expect(reasonFor(bytes)).toBe('undecodable');
  });

  test('65,535 by 65,535 pixels are refused before anything is allocated for them', () => {
    expect(reasonFor(makeGif(65535, 65535, frame, indices))).toBe('work_bound');
  });
});

/** First frames without pixels, which libvips shows as an empty canvas, and pictures of which half is missing. */
const REFUSED = /zero-width-frame|pixel-data-not-enough|small-codesize.gif|0d4e7ef2|4a6645fb|943ba689/;
/** A screen of 16 by 25,085 pixels that libvips takes for a mistake and shrinks to its frames. */
const SHRUNK = /70fa80f3/;

test.skipIf(!hasCorpus)(
  "every GIF of the corpus that sharp reads without complaint has sharp's pixels",
  async () => {
    let compared = 0;
    for (const { name, bytes } of corpusFiles('GIF8')) {
      const expected = await sharp(bytes, { limitInputPixels: 300_000_000 })
        .toColourspace('srgb')
        .raw()
        .toBuffer({ resolveWithObject: true })
        .catch(() => undefined);
      const job = { targetWidth: expected?.info.width ?? 64, targetHeight: expected?.info.height ?? 64, orientation: 1 };
      const ours = decodeGifToTarget(loadPngModule(), bytes, job);
      if (!expected) {
        expect(ours.kind === 'failed' || ours.warnings > 0, name).toBe(true);
        continue;
      }
      expect(ours.kind, name).toBe(REFUSED.test(name) ? 'failed' : 'decoded');
      if (ours.kind !== 'decoded' || SHRUNK.test(name)) continue;
      compared++;
      // Without a transparent colour libvips drops alpha and shows uncovered canvas black; ours keeps it transparent.
      const flat = expected.info.channels === 3;
      for (let i = 0, j = 0; i < ours.rgba.length; i += 4, j += expected.info.channels) {
        const alpha = ours.rgba[i + 3]!;
        if (!flat && alpha !== expected.data[j + 3]) throw new Error(`${name}: alpha differs at byte ${i}`);
        for (let channel = 0; channel < 3; channel++) {
          const value = alpha ? ours.rgba[i + channel] : 0;
          if (alpha + (flat ? 1 : 0) && value !== expected.data[j + channel]) throw new Error(`${name}: differs at byte ${i}`);
        }
      }
    }
    expect(compared).toBeGreaterThan(35);
  },
  60_000,
);
