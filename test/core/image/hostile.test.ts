/** What header readers do with files that were cut, bent or made to keep them busy: a typed fault or facts, and bounded work. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inspectImage } from '../../../src/core/image/info.ts';
import { fixture } from '../../support/fixture.ts';
import { valueOrCode } from '../outcome.ts';
import { be16, be32, chunk, frame, gif, ihdr, join, jpeg, le32, png, riffChunk, segment, tiff, vp8, vp8l, vp8x, webp } from './build.ts';

const FAULT_CODES = ['image_undecodable', 'unsupported_media_type', 'image_too_large'];

/** Facts that any picture has, or one of the codes that a caller may see. */
function expectFactsOrFault(bytes: Uint8Array): void {
  const outcome = valueOrCode(() => inspectImage(bytes));
  if (typeof outcome === 'string') {
    expect(FAULT_CODES).toContain(outcome);
    return;
  }
  for (const side of [outcome.width, outcome.height]) {
    expect(Number.isInteger(side) && side >= 1 && side <= 65_535).toBe(true);
  }
  expect([1, 2, 3, 4, 5, 6, 7, 8]).toContain(outcome.orientation);
  expect(outcome.frames).toBeGreaterThanOrEqual(1);
  expect(outcome.bytes).toBe(bytes.length);
}

const EXIF = tiff(true, [0x010f, 3, 1], [0x0112, 3, 6]);

const WHOLE: readonly (readonly [name: string, bytes: Uint8Array, headerBytes: number])[] = [
  ['JPEG', jpeg(segment(0xe1, 'Exif\0\0', EXIF), segment(0xee, 'Adobe', be16(100), 0, 0, 0, 0, 1), frame()), 85],
  ['progressive JPEG', jpeg(frame({ marker: 0xc2 })), 31],
  ['PNG', png(ihdr(30, 20), chunk('eXIf', EXIF), chunk('IDAT', 1, 2, 3), chunk('IEND')), 83],
  ['GIF', gif(30, 20, fixture('gif-transparent.gif').subarray(37)), 13],
  ['lossy WebP', webp(vp8(30, 20)), 30],
  ['lossless WebP', webp(vp8l(30, 20)), 25],
  ['extended WebP', webp(vp8x(30, 20), vp8(30, 20), riffChunk('EXIF', EXIF)), 58],
  ...['jpeg-orientation-6-big-endian.jpg', 'jpeg-progressive.jpg', 'jpeg-cmyk.jpg', 'png-palette-trns.png', 'png-orientation-6-big-endian.png'].map(
    (name) => [name, fixture(name), 100] as const,
  ),
  ...['gif-animated.gif', 'webp-vp8x-animated.webp', 'webp-vp8x-alpha.webp', 'webp-orientation-8-big-endian-vp8l.webp'].map(
    (name) => [name, fixture(name), 30] as const,
  ),
];

describe('a file cut off', () => {
  it.each(WHOLE)('at any byte gives facts or a fault, and cut off within its header a fault: %s', (_, whole, headerBytes) => {
    expect(typeof valueOrCode(() => inspectImage(whole))).toBe('object');
    for (let length = 0; length < whole.length; length++) {
      const cut = whole.slice(0, length);
      expectFactsOrFault(cut);
      if (length < Math.min(headerBytes, 13)) expect(FAULT_CODES).toContain(valueOrCode(() => inspectImage(cut)));
    }
  });

  it.each([
    ['JPEG', jpeg(frame()), 31],
    ['PNG', png(ihdr(30, 20), chunk('IDAT', 1, 2, 3)), 41],
    ['GIF', gif(30, 20, join(0x2c, be32(0), 30, 0, 20, 0, 0)), 23],
    ['lossy WebP', webp(vp8(30, 20)), 30],
    ['lossless WebP', webp(vp8l(30, 20)), 25],
    ['extended WebP', webp(vp8x(30, 20), vp8(30, 20)), 48],
  ])('is read from exactly the byte at which its header is complete: %s', (_, whole, headerBytes) => {
    for (let length = 0; length < headerBytes; length++) expect(typeof valueOrCode(() => inspectImage(whole.slice(0, length)))).toBe('string');
    expect(valueOrCode(() => inspectImage(whole.slice(0, headerBytes)))).toMatchObject({ bytes: headerBytes });
  });
});

describe('any byte changed', () => {
  it.each(WHOLE)('to 0, to 255 or by a bit, gives facts or a fault: %s', (_, whole) => {
    for (let at = 0; at < whole.length; at++) {
      for (const value of [0, 0xff, 0x7f, 0x80, (whole[at] ?? 0) ^ 1, (whole[at] ?? 0) ^ 0x80]) {
        const bent = whole.slice();
        bent[at] = value;
        expectFactsOrFault(bent);
      }
    }
  });
});

describe('a file bent at random', () => {
  const edit = fc.oneof(
    fc.record({ kind: fc.constant('set' as const), at: fc.nat(), bytes: fc.uint8Array({ minLength: 1, maxLength: 4 }) }),
    fc.record({ kind: fc.constant('insert' as const), at: fc.nat(), bytes: fc.uint8Array({ minLength: 1, maxLength: 16 }) }),
    fc.record({ kind: fc.constant('delete' as const), at: fc.nat(), bytes: fc.uint8Array({ minLength: 1, maxLength: 16 }) }),
    fc.record({
      kind: fc.constant('set' as const),
      at: fc.nat(),
      bytes: fc.constantFrom(join(be32(0xffffffff)), join(be32(0x7fffffff)), join(be32(0)), join(le32(0x80000000))),
    }),
  );

  /** fast-check names its seed and the smallest failing input; the same seed gives the same run. */
  it.each(WHOLE)('gives facts or a fault: %s', (_, whole) => {
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        expectFactsOrFault(edits.reduce(apply, whole));
      }),
      { numRuns: 500 },
    );
  });

  it('gives facts or a fault for bytes that only begin like an image', () => {
    const magic = fc.constantFrom(join(0xff, 0xd8, 0xff), png(), join('GIF89a'), join('RIFF\0\0\0\0WEBP'), png(ihdr(9, 9)), join(0xff, 0xd8, frame()));
    fc.assert(
      fc.property(magic, fc.uint8Array({ maxLength: 300 }), (head, rest) => expectFactsOrFault(join(head, rest))),
      { numRuns: 2_000 },
    );
  });

  function apply(bytes: Uint8Array, { kind, at, bytes: piece }: { kind: 'set' | 'insert' | 'delete'; at: number; bytes: Uint8Array }): Uint8Array {
    const offset = bytes.length === 0 ? 0 : at % bytes.length;
    if (kind === 'insert') return concat(bytes.subarray(0, offset), piece, bytes.subarray(offset));
    return concat(bytes.subarray(0, offset), kind === 'set' ? piece : new Uint8Array(), bytes.subarray(offset + piece.length));
  }

  function concat(...parts: readonly Uint8Array[]): Uint8Array {
    const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }
});

describe('the work on a file made to be slow', () => {
  const BYTES = 60_000;

  function repeated(...pattern: readonly number[]): Uint8Array {
    return Uint8Array.from({ length: BYTES }, (_, index) => pattern[index % pattern.length] ?? 0);
  }

  it.each([
    ['a JPEG of fill bytes', join(0xff, 0xd8, repeated(0xff))],
    ['a JPEG of stuffed bytes', join(0xff, 0xd8, 0xff, repeated(0x00, 0xff))],
    ['a JPEG of restart markers', join(0xff, 0xd8, repeated(0xff, 0xd0))],
    ['a JPEG of empty segments', join(0xff, 0xd8, repeated(0xff, 0xe0, 0, 2))],
    ['a JPEG of segments without a length', join(0xff, 0xd8, repeated(0xff, 0xe0, 0, 0))],
    ['a JPEG of EXIF blocks', join(0xff, 0xd8, repeated(...segment(0xe1, 'Exif\0\0', EXIF)))],
    ['a PNG of empty chunks', png(ihdr(9, 9), repeated(0, 0, 0, 0, 0x49, 0x44, 0x41, 0x54, 0, 0, 0, 0))],
    ['a PNG of eXIf chunks that all claim the rest of the file', png(ihdr(9, 9), repeated(...be32(0), ...Array.from(join('eXIf', 'MM')), 0, 42, 0, 0, 0, 8))],
    ['a GIF of stray bytes', gif(9, 9, repeated(0))],
    ['a GIF of empty extensions', gif(9, 9, repeated(0x21, 0xfe, 0))],
    ['a GIF of frames', gif(9, 9, repeated(0x2c, 0, 0, 0, 0, 9, 0, 9, 0, 0, 2, 0))],
    ['a WebP of empty chunks', webp(vp8x(9, 9), repeated(0x58, 0x58, 0x58, 0x58, 0, 0, 0, 0))],
    ['a WebP of frames without pictures', webp(vp8x(9, 9, 2), repeated(...riffChunk('ANMF', new Uint8Array(16), riffChunk('JUNK', 1, 2))))],
    ['a WebP frame of empty chunks', webp(vp8x(9, 9, 2), riffChunk('ANMF', new Uint8Array(16), repeated(0x58, 0x58, 0x58, 0x58, 0, 0, 0, 0)))],
  ])('stays in proportion to its bytes: %s', (_, bytes) => {
    const counter = { reads: 0 };
    valueOrCode(() => inspectImage(counted(bytes, counter)));
    expect(counter.reads).toBeGreaterThan(0);
    expect(counter.reads).toBeLessThan(16 * bytes.length);
  });

  /** A view that counts the bytes read through it, by index, by search and by iteration, and in the views made of it. */
  function counted(bytes: Uint8Array, counter: { reads: number }): Uint8Array {
    return new Proxy(bytes, {
      get(target, property) {
        if (typeof property === 'string' && /^\d+$/.test(property)) {
          counter.reads += 1;
          return target[Number(property)];
        }
        if (property === 'subarray') return (from?: number, to?: number) => counted(target.subarray(from, to), counter);
        if (property === 'indexOf') {
          return (value: number, from = 0) => {
            const found = target.indexOf(value, from);
            counter.reads += (found < 0 ? target.length : found + 1) - Math.min(from, target.length);
            return found;
          };
        }
        if (property === Symbol.iterator) counter.reads += target.length;
        const value: unknown = Reflect.get(target, property, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }
});
