import { describe, expect, it } from 'vitest';
import { decodeJpegRgba, JpegFault, type JpegFaultCode } from '../../src/codec/scanline/jpeg.ts';
import { makeJpeg, psnr, toRgb } from './jpeg-picture.ts';
import { loadJpeg } from './load-jpeg.ts';

const exports = loadJpeg();
const TARGET = { width: 40, height: 30, orientation: 1 };

function faultOf(file: Uint8Array): JpegFaultCode | undefined {
  try {
    decodeJpegRgba(exports, file, TARGET);
    return undefined;
  } catch (error) {
    if (error instanceof JpegFault) return error.code;
    throw error;
  }
}

/** Index of the marker FF `code`. */
function find(file: Uint8Array, code: number): number {
  for (let at = 2; at < file.length;) {
    if (file[at + 1] === code) return at;
    at += 2 + (((file[at + 2] ?? 0) << 8) | (file[at + 3] ?? 0));
  }
  throw new Error(`no marker ${code.toString(16)}`);
}

function patched(file: Uint8Array, at: number, ...bytes: number[]): Uint8Array {
  const copy = Uint8Array.from(file);
  copy.set(bytes, at);
  return copy;
}

describe('a file that ends too early is refused', () => {
  it.each([false, true])('at every byte of the header, progressive: %s', async (progressive) => {
    const file = await makeJpeg(90, 70, { progressive });
    const scan = find(file, 0xda);
    for (let length = 0; length <= scan + 2; length++) expect(faultOf(file.subarray(0, length)), String(length)).toBe('truncated');
  });

  it('in the first nine tenths of its rows', async () => {
    const file = await makeJpeg(320, 240);
    const scan = find(file, 0xda);
    for (const share of [0.1, 0.5, 0.8]) {
      expect(faultOf(file.subarray(0, scan + Math.round((file.length - scan) * share)))).toBe('truncated');
    }
  });

  it('but a few missing bytes only count as a warning', async () => {
    const file = await makeJpeg(320, 240);
    const whole = decodeJpegRgba(exports, file, TARGET);
    const cut = decodeJpegRgba(exports, file.subarray(0, file.length - 40), TARGET);
    expect(whole.warnings).toBe(0);
    expect(cut.warnings).toBeGreaterThan(0);
    expect(psnr(toRgb(whole.rgba, 4), toRgb(cut.rgba, 4))).toBeGreaterThan(20);
  });
});

describe('what this codec does not read is refused by name', () => {
  it.each([
    ['lossless', 0xc3],
    ['hierarchical', 0xc5],
    ['arithmetic lossless', 0xcb],
    ['arithmetic hierarchical', 0xcd],
  ])('%s', async (_, marker) => {
    const file = await makeJpeg(64, 48);
    expect(faultOf(patched(file, find(file, 0xc0) + 1, marker))).toBe('unsupported');
  });

  it('12 bit samples', async () => {
    const file = await makeJpeg(64, 48);
    expect(faultOf(patched(file, find(file, 0xc0) + 4, 12))).toBe('unsupported');
  });

  it('a height that only a DNL segment tells', async () => {
    const file = await makeJpeg(64, 48);
    expect(faultOf(patched(file, find(file, 0xc0) + 5, 0, 0))).toBe('unsupported');
  });
});

describe('nonsense is refused', () => {
  it.each<[string, number, number, number[]]>([
    ['a width of 0', 0xc0, 7, [0, 0]],
    ['no components', 0xc0, 9, [0]],
    ['a sampling factor of 0', 0xc0, 11, [0x02]],
    ['a sampling factor of 5', 0xc0, 11, [0x51]],
    ['a quantisation table number of 4', 0xc0, 12, [4]],
    ['a scan of no components', 0xda, 4, [0]],
    ['a scan of an unknown component', 0xda, 5, [77]],
    ['a Huffman table number of 4', 0xda, 6, [0x44]],
    ['a Huffman table with too many short codes', 0xc4, 5, [3]],
  ])('%s', async (_, marker, offset, bytes) => {
    const file = await makeJpeg(64, 48);
    expect(faultOf(patched(file, find(file, marker) + offset, ...bytes))).toBe('undecodable');
  });

  it('bytes that are no JPEG', () => {
    expect(faultOf(Uint8Array.from([0x89, 0x50, 0x4e, 0x47]))).toBe('undecodable');
    expect(faultOf(Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, ...Buffer.from('hello')]))).toBe('truncated');
    expect(faultOf(new Uint8Array(0))).toBe('truncated');
  });
});

describe('work is bounded', () => {
  it.each([
    [100, undefined],
    [101, 'work_bound'],
  ] as const)('%i scans: %s', async (scans, code) => {
    const file = await makeJpeg(32, 32, { progressive: true });
    const first = find(file, 0xda);
    let end = first + 4;
    while (!(file[end] === 0xff && file[end + 1] !== 0)) end++;
    const scan = file.subarray(first, end);
    const repeated = Buffer.concat([file.subarray(0, first), ...Array.from({ length: scans }, () => scan), Buffer.from([0xff, 0xd9])]);
    expect(faultOf(repeated)).toBe(code);
  });

  it('a picture of 65,500 by 65,500 without data ends at once, whatever its kind', async () => {
    for (const progressive of [false, true]) {
      const file = await makeJpeg(64, 48, { progressive });
      const huge = patched(file, find(file, progressive ? 0xc2 : 0xc0) + 5, 0xff, 0xdc, 0xff, 0xdc);
      expect(faultOf(huge)).toMatch(/truncated|out_of_memory/);
    }
  });

  it('a target that does not fit in memory is refused', async () => {
    const file = await makeJpeg(64, 48);
    expect(() => decodeJpegRgba(exports, file, { width: 60_000, height: 60_000, orientation: 1 })).toThrow(new JpegFault('out_of_memory'));
  });
});

describe('calls out of turn', () => {
  it('are refused and change nothing', async () => {
    const fresh = loadJpeg();
    fresh.jpegReset();
    expect(fresh.jpegConfigure(10, 10, 1, 0)).toBe(-1);
    expect(fresh.jpegReadRgba(0)).toBe(0);
    expect(fresh.jpegTranscodeBegin(85, 0)).toBe(-1);
    expect(fresh.jpegTranscodeStep()).toBe(-1);
    expect(fresh.jpegEncodeRowsRgba(fresh.jpegInput(), 1)).toBe(0);
    expect(fresh.jpegPush(fresh.jpegSpace() + 1, 0)).toBe(-1);
    expect(fresh.jpegPush(0, 1)).toBe(-1);
    const good = await makeJpeg(64, 48);
    const done = decodeJpegRgba(fresh, good, TARGET);
    expect(fresh.jpegTranscodeStep()).toBe(-1);
    expect(fresh.jpegReadRgba(-1)).toBe(0);
    expect(fresh.jpegReadRgba(30)).toBe(0);
    expect(done.rgba.length).toBe(40 * 30 * 4);
  });

  it.each([
    [0, 1, 1],
    [1, 0, 1],
    [65_536, 1, 1],
    [1, 1, 0],
    [1, 1, 9],
  ])('a target of %i by %i turned by %i is refused', async (width, height, orientation) => {
    const file = await makeJpeg(64, 48);
    expect(() => decodeJpegRgba(exports, file, { width, height, orientation })).toThrow(new JpegFault('undecodable'));
  });
});

describe('after any fault', () => {
  it('the same instance decodes a good picture as before', async () => {
    const good = await makeJpeg(200, 150);
    const before = decodeJpegRgba(exports, good, TARGET).rgba;
    const bad = await makeJpeg(200, 150, { progressive: true });
    for (let i = 0; i < 200; i++) {
      faultOf(patched(bad, 2 + ((i * 97) % (bad.length - 2)), (i * 31) & 255));
      faultOf(bad.subarray(0, (i * 53) % bad.length));
      expect(Buffer.compare(decodeJpegRgba(exports, good, TARGET).rgba, before)).toBe(0);
    }
  });
});
