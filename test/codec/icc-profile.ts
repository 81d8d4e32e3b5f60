/** ICC profiles of our own making, and files that carry them. Layouts: ICC.1:2022 §7, Annex B. */
import { deflateSync } from 'node:zlib';
import { pngChunk } from './png-picture.ts';

export type Trc =
  | { readonly kind: 'gamma'; readonly exponent: number }
  | { readonly kind: 'samples'; readonly samples: readonly number[] }
  | { readonly kind: 'parametric'; readonly type: number; readonly parameters: readonly number[] };

export interface ProfileOptions {
  readonly space: 'RGB ' | 'GRAY' | 'CMYK';
  /** XYZ of D50 of red, green and blue. */
  readonly colorants?: readonly (readonly [number, number, number])[];
  readonly trc?: Trc;
  /** Bytes to append in a tag of no meaning. */
  readonly padding?: number;
  /** A look-up table tag, of no content. */
  readonly hasTable?: boolean;
}

/** The curve of IEC 61966-2-1, as function type 3. */
export const SRGB_TRC: Trc = { kind: 'parametric', type: 3, parameters: [2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045] };

/** Colorants as the publishers of these spaces give them, adapted to D50. */
export const COLORANTS = {
  srgb: [
    [0.43607, 0.22249, 0.01392],
    [0.38515, 0.71687, 0.09708],
    [0.14307, 0.06061, 0.7141],
  ],
  p3: [
    [0.51512, 0.2412, -0.00105],
    [0.29198, 0.69225, 0.04189],
    [0.1571, 0.06657, 0.78407],
  ],
  adobe: [
    [0.60974, 0.31111, 0.01947],
    [0.20528, 0.62567, 0.06087],
    [0.14919, 0.06322, 0.74457],
  ],
  prophoto: [
    [0.7977, 0.28804, 0],
    [0.13518, 0.71188, 0],
    [0.03134, 0.00009, 0.82491],
  ],
} as const;

export function makeProfile({ space, colorants = [], trc, padding = 0, hasTable = false }: ProfileOptions): Uint8Array {
  const tags: [string, Buffer][] = [
    ['desc', textDescription('test')],
    ['wtpt', xyz([0.9642, 1, 0.8249])],
    ['cprt', Buffer.concat([Buffer.from('text\0\0\0\0none\0', 'latin1'), Buffer.alloc(3)])],
  ];
  ['rXYZ', 'gXYZ', 'bXYZ'].forEach((name, index) => colorants[index] && tags.push([name, xyz(colorants[index])]));
  if (trc !== undefined) for (const name of space === 'GRAY' ? ['kTRC'] : ['rTRC', 'gTRC', 'bTRC']) tags.push([name, curve(trc)]);
  if (hasTable) tags.push(['A2B0', Buffer.concat([Buffer.from('mft2'), Buffer.alloc(48)])]);
  if (padding > 0) tags.push(['pad0', Buffer.concat([Buffer.from('data'), Buffer.alloc(padding, 7)])]);
  const table = Buffer.alloc(4 + tags.length * 12);
  table.writeUInt32BE(tags.length, 0);
  let offset = 128 + table.length;
  const bodies: Buffer[] = [];
  tags.forEach(([name, body], index) => {
    table.write(name, 4 + index * 12, 'latin1');
    table.writeUInt32BE(offset, 8 + index * 12);
    table.writeUInt32BE(body.length, 12 + index * 12);
    bodies.push(body, Buffer.alloc(-body.length & 3));
    offset += (body.length + 3) & ~3;
  });
  const header = Buffer.alloc(128);
  header.writeUInt32BE(offset, 0);
  header.writeUInt32BE(0x02400000, 8);
  header.write(`${space === 'CMYK' ? 'prtr' : 'mntr'}${space}XYZ `, 12, 'latin1');
  header.write('acsp', 36, 'latin1');
  [0.9642, 1, 0.8249].forEach((value, index) => header.writeInt32BE(Math.round(value * 65536), 68 + index * 4));
  return new Uint8Array(Buffer.concat([header, table, ...bodies]));
}

function xyz(values: readonly number[]): Buffer {
  return Buffer.concat([Buffer.from('XYZ \0\0\0\0', 'latin1'), ...values.map(fixed)]);
}

function fixed(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(Math.round(value * 65536));
  return bytes;
}

function curve(trc: Trc): Buffer {
  if (trc.kind === 'parametric') {
    return Buffer.concat([Buffer.from('para\0\0\0\0', 'latin1'), Buffer.from([0, trc.type, 0, 0]), ...trc.parameters.map(fixed)]);
  }
  const values = trc.kind === 'gamma' ? [Math.round(trc.exponent * 256)] : trc.samples.map((sample) => Math.round(sample * 65535));
  const body = Buffer.alloc(12 + values.length * 2);
  body.write('curv', 0, 'latin1');
  body.writeUInt32BE(values.length, 8);
  values.forEach((value, index) => body.writeUInt16BE(value, 12 + index * 2));
  return body;
}

function textDescription(text: string): Buffer {
  const body = Buffer.alloc(12 + text.length + 1 + 78);
  body.write('desc', 0, 'latin1');
  body.writeUInt32BE(text.length + 1, 8);
  body.write(text, 12, 'latin1');
  return body;
}

/** The APP2 segments of a profile, `partBytes` in each. */
export function iccSegments(profile: Uint8Array, partBytes = 65_519): Buffer[] {
  const count = Math.ceil(profile.length / partBytes);
  return Array.from({ length: count }, (_, index) => {
    const part = profile.subarray(index * partBytes, (index + 1) * partBytes);
    const head = Buffer.alloc(18);
    head.writeUInt16BE(0xffe2, 0);
    head.writeUInt16BE(part.length + 16, 2);
    head.write('ICC_PROFILE\0', 4, 'latin1');
    head.set([index + 1, count], 16);
    return Buffer.concat([head, part]);
  });
}

/** A JPEG with `segments` behind its SOI. */
export function withSegments(jpeg: Uint8Array, segments: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.concat([jpeg.subarray(0, 2), ...segments, jpeg.subarray(2)]));
}

/** A PNG with `chunks` behind its IHDR. */
export function withChunks(png: Uint8Array, chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.concat([png.subarray(0, 33), ...chunks, png.subarray(33)]));
}

export function iccpChunk(profile: Uint8Array): Uint8Array {
  return pngChunk('iCCP', Buffer.concat([Buffer.from('test\0\0', 'latin1'), deflateSync(profile)]));
}

/** A simple WebP as an extended one, with a profile; `isAnnounced`: by its flag. */
export function withIccp(webp: Uint8Array, width: number, height: number, profile: Uint8Array, isAnnounced = true): Uint8Array<ArrayBuffer> {
  const extended = Buffer.alloc(10);
  extended[0] = isAnnounced ? 0x20 : 0;
  extended.writeUIntLE(width - 1, 4, 3);
  extended.writeUIntLE(height - 1, 7, 3);
  const chunk = (name: string, body: Uint8Array) => {
    const head = Buffer.alloc(8);
    head.write(name, 0, 'latin1');
    head.writeUInt32LE(body.length, 4);
    return Buffer.concat([head, body, Buffer.alloc(body.length & 1)]);
  };
  const content = Buffer.concat([Buffer.from('WEBP'), chunk('VP8X', extended), chunk('ICCP', profile), webp.subarray(12)]);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(content.length);
  return new Uint8Array(Buffer.concat([Buffer.from('RIFF'), size, content]));
}
