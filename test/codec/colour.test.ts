/**
 * Files of other colour spaces leave as sRGB: against libvips, which applies profiles by Little CMS, and
 * for chunks that it does not read against what Chromium 150 shows.
 */
import sharp from 'sharp';
import { describe, expect, it, test } from 'vitest';
import { createCodec } from '../../src/codec/transcode.ts';
import { inspectImage } from '../../src/core/image/info.ts';
import { scanlinePeakBytes } from '../../src/core/vision/memory/memory.ts';
import { deltaE2000, meanDeltaE } from './delta-e.ts';
import { COLORANTS, iccpChunk, iccSegments, makeProfile, type ProfileOptions, SRGB_TRC, withChunks, withIccp, withSegments } from './icc-profile.ts';
import { loadModules } from './modules.ts';
import { makePng, pngChunk } from './png-picture.ts';

const codec = createCodec(loadModules());
const WIDTH = 240;
const HEIGHT = 160;

async function sent(bytes: Uint8Array<ArrayBuffer>, scale = 1) {
  const info = inspectImage(bytes);
  const size = { width: Math.round(info.width * scale), height: Math.round(info.height * scale) };
  return codec.transcode(bytes, info, {
    kind: 'transcode',
    size,
    isResized: scale !== 1,
    imageTokens: 1,
    decoder: 'scanline',
    peakBytes: 0,
    bytesMax: 7_864_320,
  });
}

/** RGB on white, profiles applied by libvips; nothing that we send has one. */
async function rgb(file: Uint8Array): Promise<Buffer> {
  return sharp(file).flatten({ background: 'white' }).toColourspace('srgb').removeAlpha().raw().toBuffer();
}

/** Smooth colours of every hue, from dark to light, none near the border of sRGB. */
function chart(): Buffer {
  const pixels = Buffer.alloc(WIDTH * HEIGHT * 3);
  for (let y = 0, at = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const light = 40 + (150 * y) / HEIGHT;
      for (let channel = 0; channel < 3; channel++) pixels[at++] = light + 32 * Math.cos((2 * Math.PI * x) / WIDTH - (channel * 2 * Math.PI) / 3);
    }
  }
  return pixels;
}

const picture = () => sharp(chart(), { raw: { width: WIDTH, height: HEIGHT, channels: 3 } });

/** The same numbers in each container, with the profile. */
const CARRIERS: readonly (readonly [string, (profile: Uint8Array) => Promise<Uint8Array<ArrayBuffer>>])[] = [
  ['PNG', async (profile) => withChunks(await picture().png().toBuffer(), [iccpChunk(profile)])],
  ['interlaced PNG', async (profile) => withChunks(await picture().png({ progressive: true }).toBuffer(), [iccpChunk(profile)])],
  ['JPEG 4:2:0', async (profile) => withSegments(await picture().jpeg({ quality: 95 }).toBuffer(), iccSegments(profile))],
  ['JPEG 4:4:4', async (profile) => withSegments(await picture().jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer(), iccSegments(profile))],
  ['progressive JPEG', async (profile) => withSegments(await picture().jpeg({ quality: 95, progressive: true }).toBuffer(), iccSegments(profile))],
  ['lossy WebP', async (profile) => withIccp(await picture().webp({ quality: 95 }).toBuffer(), WIDTH, HEIGHT, profile)],
  ['lossless WebP', async (profile) => withIccp(await picture().webp({ lossless: true }).toBuffer(), WIDTH, HEIGHT, profile)],
];

const SPACES: readonly (readonly [string, ProfileOptions])[] = [
  ['Display P3', { space: 'RGB ', colorants: COLORANTS.p3, trc: SRGB_TRC }],
  ['Adobe RGB', { space: 'RGB ', colorants: COLORANTS.adobe, trc: { kind: 'gamma', exponent: 563 / 256 } }],
  ['ProPhoto', { space: 'RGB ', colorants: COLORANTS.prophoto, trc: { kind: 'gamma', exponent: 461 / 256 } }],
  ['linear sRGB', { space: 'RGB ', colorants: COLORANTS.srgb, trc: { kind: 'samples', samples: [0, 1] } }],
  ['a sampled curve', { space: 'RGB ', colorants: COLORANTS.srgb, trc: { kind: 'samples', samples: Array.from({ length: 40 }, (_, at) => (at / 39) ** 1.5) } }],
];

describe.each(SPACES)('%s', (_, options) => {
  const profile = makeProfile(options);
  it.each(CARRIERS)('in a %s leaves as the colours that libvips sees', async (_name, carry) => {
    const file = await carry(profile);
    const wanted = await rgb(file);
    const untagged = await rgb(await carry(makeProfile({ space: 'CMYK' })));
    const ours = await sent(file);
    expect((await sharp(ours.bytes).metadata()).icc).toBeUndefined();
    expect(ours.warnings).toEqual([]);
    const difference = meanDeltaE(await rgb(ours.bytes), wanted);
    expect(difference).toBeLessThan(ours.mediaType === 'image/png' ? 0.25 : 1);
    // Without the profile they would be clearly others.
    expect(meanDeltaE(untagged, wanted)).toBeGreaterThan(2 * difference + 1);
  });
});

test('gray with a gamma of its own, in JPEG and PNG, at full and half size', async () => {
  const profile = makeProfile({ space: 'GRAY', trc: { kind: 'gamma', exponent: 1 } });
  const gray = picture().toColourspace('b-w');
  const files = [
    withSegments(await gray.clone().jpeg({ quality: 95 }).toBuffer(), iccSegments(profile)),
    withChunks(await gray.clone().png().toBuffer(), [iccpChunk(profile)]),
  ];
  for (const file of files) {
    // Linear light 0.25 is shown as 137 (IEC 61966-2-1: 1.055 · 0.25^(1/2.4) - 0.055), where gamma 1 stores 64.
    const plain = await sharp(file, { ignoreIcc: true }).toColourspace('srgb').raw().toBuffer();
    const ours = await rgb((await sent(file)).bytes);
    const at = plain.indexOf(64);
    expect(Math.abs((ours[Math.floor(at / 3) * 3] ?? 0) - 137)).toBeLessThanOrEqual(5);
    expect((await sharp((await sent(file, 0.5)).bytes).metadata()).width).toBe(WIDTH / 2);
  }
  expect((await sharp((await sent(files[0]!)).bytes).metadata()).channels).toBe(1);
});

/** COM, ITU-T T.81 B.2.4.5. */
const COMMENT = Buffer.from([0xff, 0xfe, 0, 4, 0x68, 0x69]);

describe('a profile in JPEG', () => {
  const p3 = { space: 'RGB ', colorants: COLORANTS.p3, trc: SRGB_TRC } as const;
  const reds = () => sharp({ create: { width: 64, height: 48, channels: 3, background: '#e6412f' } }).jpeg({ quality: 95, chromaSubsampling: '4:4:4' });
  /** Display P3 230, 65, 47 is sRGB 250, 41, 29. */
  const isConverted = async (file: Uint8Array<ArrayBuffer>) => deltaE2000([...(await rgb((await sent(file)).bytes)).subarray(0, 3)], [250, 41, 29]) < 1;

  it.each([
    ['in one segment', (jpeg: Uint8Array) => withSegments(jpeg, iccSegments(makeProfile(p3)))],
    ['of 150 kB in three', (jpeg: Uint8Array) => withSegments(jpeg, iccSegments(makeProfile({ ...p3, padding: 150_000 })))],
    ['in parts that come in another order', (jpeg: Uint8Array) => withSegments(jpeg, iccSegments(makeProfile(p3), 100).toReversed())],
    ['behind stray bytes', (jpeg: Uint8Array) => withSegments(jpeg, [COMMENT, Buffer.from([1, 2, 3]), ...iccSegments(makeProfile(p3))])],
  ])('%s counts', async (_, make) => {
    expect(await isConverted(make(await reds().toBuffer()))).toBe(true);
  });

  it.each([
    ['with a part missing', (jpeg: Uint8Array) => withSegments(jpeg, iccSegments(makeProfile(p3), 100).slice(1))],
    ['for gray', (jpeg: Uint8Array) => withSegments(jpeg, iccSegments(makeProfile({ space: 'GRAY', trc: SRGB_TRC })))],
    ['whose signature is wrong', (jpeg: Uint8Array) => withSegments(jpeg, iccSegments(makeProfile(p3).map((byte, at) => (at === 36 ? 0 : byte))))],
  ])('%s does not', async (_, make) => {
    const file = make(await reds().toBuffer());
    expect(await isConverted(file)).toBe(false);
    expect((await sent(file)).mediaType).toBe('image/jpeg');
  });

  it('of sRGB itself changes nothing, and takes no memory', async () => {
    const jpeg = await picture().jpeg().toBuffer();
    const tagged = withSegments(jpeg, iccSegments(makeProfile({ space: 'RGB ', colorants: COLORANTS.srgb, trc: SRGB_TRC })));
    expect(inspectImage(tagged).isColourConverted).toBeUndefined();
    expect((await sent(tagged)).bytes).toEqual((await sent(new Uint8Array(jpeg))).bytes);
  });

  it('is in the memory plan', async () => {
    const file = withSegments(await picture().resize(1200, 800).jpeg().toBuffer(), iccSegments(makeProfile(p3)));
    const info = inspectImage(file);
    expect(info.isColourConverted).toBe(true);
    const predicted = scanlinePeakBytes(info, { width: 600, height: 400 })!;
    expect(Math.abs((await sent(file, 0.5)).peakBytes / predicted - 1)).toBeLessThan(0.02);
  });
});

test('a profile of tables or of inks is told, and the picture is sent', async () => {
  const warning = [expect.objectContaining({ code: 'colour_approximated' })];
  const tables = withSegments(await picture().jpeg().toBuffer(), iccSegments(makeProfile({ space: 'RGB ', hasTable: true })));
  expect((await sent(tables)).warnings).toEqual(warning);
  const inks = withSegments(await picture().toColourspace('cmyk').jpeg().toBuffer(), iccSegments(makeProfile({ space: 'CMYK' })));
  expect((await sent(inks)).warnings).toEqual(warning);
});

test('a WebP profile counts when the flags announce it', async () => {
  const profile = makeProfile({ space: 'RGB ', colorants: COLORANTS.p3, trc: SRGB_TRC });
  const plain = await picture().webp({ lossless: true }).toBuffer();
  const pixels = async (isAnnounced: boolean) => rgb((await sent(withIccp(plain, WIDTH, HEIGHT, profile, isAnnounced))).bytes);
  expect(meanDeltaE(await pixels(false), await rgb((await sent(new Uint8Array(plain))).bytes))).toBeLessThan(0.2);
  expect(meanDeltaE(await pixels(true), await pixels(false))).toBeGreaterThan(1);
});

/** A flat PNG of one colour with chunks before its picture. */
function flatPng([r, g, b]: readonly number[], chunks: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const rows = Buffer.concat(Array.from({ length: 40 }, () => Buffer.from([0, ...Array.from({ length: 40 }, () => [r!, g!, b!]).flat()])));
  return new Uint8Array(makePng({ width: 40, height: 40, depth: 8, colourType: 2 }, rows, chunks));
}

const words = (...values: number[]) => {
  const body = Buffer.alloc(values.length * 4);
  values.forEach((value, at) => body.writeUInt32BE(value, at * 4));
  return body;
};
const gAMA = (gamma: number) => pngChunk('gAMA', words(Math.round(gamma * 100_000)));
const cHRM = (...values: number[]) => pngChunk('cHRM', words(...values.map((value) => Math.round(value * 100_000))));
const P3_CHRM = [0.3127, 0.329, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06];
const cICP = (...codes: number[]) => pngChunk('cICP', Uint8Array.from(codes));
const sRGB = pngChunk('sRGB', Uint8Array.of(0));

describe('the chunks of a PNG', () => {
  it.each([
    // Computed by IEC 61966-2-1: linear 128/255 is shown as 188.
    ['a gamma of 1', [128, 128, 128], [gAMA(1)], [188, 188, 188]],
    // PNG third edition §13.13: 1/2.2 is what sRGB is written as.
    ['a gamma of 1/2.2', [128, 60, 200], [gAMA(0.45455)], [128, 60, 200]],
    ['a gamma of 0.55', [128, 60, 200], [gAMA(0.55)], [146, 76, 210]],
    ['a gamma of 1, dark', [10, 30, 60], [gAMA(1)], [56, 96, 133]],
    ['primaries of P3 beside a gamma', [230, 65, 47], [gAMA(0.45455), cHRM(...P3_CHRM)], [251, 36, 20]],
    ['primaries without a gamma', [230, 65, 47], [cHRM(...P3_CHRM)], [230, 65, 47]],
    ['primaries that are one point', [230, 65, 47], [gAMA(0.45455), cHRM(0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3)], [230, 65, 47]],
    ['a gamma of 0', [128, 60, 200], [gAMA(0)], [128, 60, 200]],
    ['cICP of P3', [230, 65, 47], [cICP(12, 13, 0, 1)], [250, 41, 28]],
    ['cICP of BT.709 with its own curve', [128, 60, 20], [cICP(1, 1, 0, 1)], [121, 49, 7]],
    ['cICP of BT.709 with a gamma of 2.2', [128, 60, 20], [cICP(1, 4, 0, 1)], [129, 57, 12]],
    ['cICP of BT.709 with the sRGB curve', [230, 65, 47], [cICP(1, 13, 0, 1)], [230, 65, 47]],
    ['cICP with unknown primaries', [230, 65, 47], [cICP(77, 13, 0, 1)], [230, 65, 47]],
    ['cICP with a matrix', [230, 65, 47], [cICP(12, 13, 1, 1)], [230, 65, 47]],
    ['cICP before iCCP', [230, 65, 47], [cICP(1, 13, 0, 1), iccpChunk(makeProfile({ space: 'RGB ', colorants: COLORANTS.p3, trc: SRGB_TRC }))], [230, 65, 47]],
    ['iCCP before sRGB', [230, 65, 47], [iccpChunk(makeProfile({ space: 'RGB ', colorants: COLORANTS.p3, trc: SRGB_TRC })), sRGB], [250, 41, 29]],
    ['sRGB before a gamma', [128, 60, 200], [sRGB, gAMA(1)], [128, 60, 200]],
    ['broken zlib data', [230, 65, 47], [pngChunk('iCCP', Buffer.from('test\0\0no zlib data', 'latin1'))], [230, 65, 47]],
    ['a profile that inflates to 40 MB', [230, 65, 47], [iccpChunk(new Uint8Array(40_000_000))], [230, 65, 47]],
    ['an empty iCCP', [230, 65, 47], [pngChunk('iCCP', new Uint8Array(0))], [230, 65, 47]],
  ])('%s', async (_, stored, chunks, shown) => {
    const ours = await rgb((await sent(flatPng(stored, chunks))).bytes);
    for (let channel = 0; channel < 3; channel++) expect(Math.abs(ours[channel]! - shown[channel]!), `${[...ours.subarray(0, 3)]}`).toBeLessThanOrEqual(1);
  });

  it.each([
    ['PQ', 16, [148, 148, 148], [187, 187, 187]],
    ['dark PQ', 16, [92, 92, 92], [64, 64, 64]],
    ['coloured PQ', 16, [200, 100, 50], [255, 0, 0]],
    ['HLG', 18, [191, 191, 191], [187, 187, 187]],
    ['dark HLG', 18, [100, 100, 100], [75, 75, 75]],
  ] as const)('%s is brought to what displays of sRGB can show, and told', async (_, transfer, stored, shown) => {
    const { bytes, warnings } = await sent(flatPng(stored, [cICP(9, transfer, 0, 1)]));
    const ours = await rgb(bytes);
    for (let channel = 0; channel < 3; channel++) expect(Math.abs(ours[channel]! - shown[channel]!), `${[...ours.subarray(0, 3)]}`).toBeLessThanOrEqual(2);
    expect(warnings).toEqual([expect.objectContaining({ code: 'colour_approximated' })]);
  });

  it('alpha stays as it is', async () => {
    const rows = Buffer.concat(Array.from({ length: 40 }, () => Buffer.from([0, ...Array.from({ length: 40 }, () => [230, 65, 47, 120]).flat()])));
    const file = new Uint8Array(makePng({ width: 40, height: 40, depth: 8, colourType: 6 }, rows, [cICP(12, 13, 0, 1)]));
    const ours = await sharp((await sent(file)).bytes)
      .ensureAlpha()
      .raw()
      .toBuffer();
    expect([...ours.subarray(0, 4)]).toEqual([250, 41, 28, 120]);
  });
});

test('ΔE2000 of Sharma, Wu and Dalal holds for gray steps and is 0 for equal colours', () => {
  expect(deltaE2000([10, 20, 30], [10, 20, 30])).toBe(0);
  // Black to white is 100 in L, and ΔL / SL with SL 1 + 0.015 · 0 at L 50.
  expect(deltaE2000([0, 0, 0], [255, 255, 255])).toBeCloseTo(100, 1);
});

test('hostile profiles end in a picture or a clear refusal, whatever they say', async () => {
  const profile = makeProfile({ space: 'RGB ', colorants: COLORANTS.p3, trc: { kind: 'samples', samples: [0, 0.2, 1] } });
  const parametric = makeProfile({ space: 'RGB ', colorants: COLORANTS.adobe, trc: SRGB_TRC });
  const png = await picture().resize(24, 16).png().toBuffer();
  const jpeg = await picture().resize(24, 16).jpeg().toBuffer();
  let seed = 11;
  const random = (below: number) => ((seed = (Math.imul(seed, 1103515245) + 12345) | 0) >>> 8) % below;
  for (let round = 0; round < 400; round++) {
    const bytes = (round & 1 ? profile : parametric).slice(0, round % 7 === 0 ? random(profile.length) : undefined);
    // Header, tag table, numbers and curves alike; whole words, so that offsets, counts and exponents become extreme.
    for (let change = 0; change <= random(6) && bytes.length > 8; change++) {
      const at = random(bytes.length - 4);
      bytes.set(
        [
          [0xff, 0xff, 0xff, 0xff],
          [0x7f, 0xff, 0xff, 0xff],
          [0x80, 0, 0, 0],
          [0, 0, 0, random(256)],
        ][random(4)]!,
        at & ~3,
      );
    }
    const file = round % 3 === 0 ? withSegments(jpeg, iccSegments(bytes, 1 + random(400)).slice(0, 255)) : withChunks(png, [iccpChunk(bytes)]);
    const { width, height } = await sharp((await sent(file)).bytes).metadata();
    expect([width, height]).toEqual([24, 16]);
  }
});
