/**
 * Bounds of work and memory, through the chain that the service runs: header, plan, decoder. A bound is final: jSquash, which has
 * none of its own, is never given what ours refused. Here it is a module that cannot even be instantiated.
 */
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodeJpeg } from '../../src/codec/jsquash/emscripten.ts';
import type { CodecModules } from '../../src/codec/modules.ts';
import { peakCounter } from '../../src/codec/peak.ts';
import { ScanlineFailure } from '../../src/codec/scanline/transcode.ts';
import { createCodec } from '../../src/codec/transcode.ts';
import { inspectImage } from '../../src/core/image/info.ts';
import { countJpegScans } from '../../src/core/image/jpeg-scan.ts';
import { planMemory } from '../../src/core/vision/memory/memory.ts';
import { planImage } from '../../src/core/vision/plan.ts';
import { TIERS } from '../../src/core/vision/tier.ts';
import { frame, join, le16, SCAN } from '../core/image/build.ts';
import { pngClaim } from '../support/picture.ts';
import { withEmptyScans } from '../support/scan.ts';
import { loadModules } from './modules.ts';

const modules = loadModules();
const EMPTY = new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
const withoutJsquash: CodecModules = { ...modules, jpegDecode: EMPTY, jpegEncode: EMPTY, resize: EMPTY };

interface Outcome {
  readonly code: string;
  readonly grown: number;
}

/** What a caller of the service would get; `grown` counts bytes that the ledger was asked for beyond the plan. */
async function outcomeOf(bytes: Uint8Array<ArrayBuffer>, used: CodecModules): Promise<Outcome> {
  let grown = 0;
  try {
    const info = inspectImage(bytes);
    const plan = planImage(info, { tier: TIERS.standard, isManyImageRequest: false });
    if (plan.kind !== 'transcode') return { code: plan.kind, grown };
    const { mediaType } = await createCodec(used).transcode(bytes, info, plan, { grow: (more) => (grown += more) });
    return { code: mediaType, grown };
  } catch (error) {
    return { code: (error as { code?: string }).code ?? String(error), grown };
  }
}

/** 2,000 x 2,000 px, progressive, 4:2:0: 125 x 125 blocks of the second component. */
let progressive: Uint8Array<ArrayBuffer>;
const BLOCKS = 125 * 125;

beforeAll(async () => {
  const image = sharp({ create: { width: 2000, height: 2000, channels: 3, background: '#4080c0' } });
  progressive = new Uint8Array(await image.jpeg({ progressive: true, chromaSubsampling: '4:2:0' }).toBuffer());
});

describe('the scans of a progressive JPEG', () => {
  it('are taken up to a hundred', async () => {
    const own = countJpegScans(progressive);
    expect((await outcomeOf(withEmptyScans(progressive, 100 - own, BLOCKS), withoutJsquash)).code).toMatch(/^image\//);
  });

  it.each([101, 2_000, 20_000])('are refused for good at %i', async (scans) => {
    const bytes = withEmptyScans(progressive, scans - countJpegScans(progressive), BLOCKS);
    expect(await outcomeOf(bytes, modules)).toEqual({ code: 'image_too_large', grown: 0 });
    expect(await outcomeOf(bytes, withoutJsquash)).toEqual({ code: 'image_too_large', grown: 0 });
  });

  it('are counted before jSquash decodes any', async () => {
    const bytes = withEmptyScans(progressive, 20_000, BLOCKS);
    const info = inspectImage(bytes);
    const plan = {
      kind: 'transcode',
      size: { width: 100, height: 100 },
      isResized: true,
      imageTokens: 1,
      bytesMax: 1e7,
      decoder: 'jsquash',
      peakBytes: 0,
    } as const;
    await expect(createCodec(withoutJsquash).transcode(bytes, info, plan)).rejects.toMatchObject({ code: 'image_too_large' });
  });

  it('are real ones: jSquash reads the file, and sees the same picture', async () => {
    const { width, height, data } = await decodeJpeg(modules.jpegDecode, withEmptyScans(progressive, 5, BLOCKS), peakCounter());
    expect([width, height]).toEqual([2000, 2000]);
    const middle = [...data.subarray((1000 * 2000 + 1000) * 4).subarray(0, 3)];
    expect(middle.every((value, at) => Math.abs(value - [0x40, 0x80, 0xc0][at]!) <= 2)).toBe(true);
  });
});

describe('every other bound', () => {
  it.each([
    ['memory of a progressive CMYK JPEG', cmykClaim(8000), 'original'],
    ['pixels of a PNG', pngClaim(12_000, 9_000), 'image_too_large'],
    ['pixels of a GIF', gifClaim(12_000, 9_000), 'image_too_large'],
  ])('%s: known from the header, not decoded', async (_, bytes, code) => {
    expect(await outcomeOf(bytes, withoutJsquash)).toEqual({ code, grown: 0 });
  });

  it('memory of a lossless WebP, which only decoding tells', async () => {
    expect(await outcomeOf(webpOfSmallestTiles(), withoutJsquash)).toEqual({ code: 'image_too_large', grown: 0 });
  });
});

/** The header of a progressive JPEG of four components at full size, whose coefficients pass 64 MiB (ITU-T T.81 B.2.2). */
function cmykClaim(side: number): Uint8Array<ArrayBuffer> {
  const components = [1, 2, 3, 4].map((id) => [id, 0x11] as const);
  return join(0xff, 0xd8, frame({ marker: 0xc2, width: side, height: side, components }), SCAN, 0xff, 0xd9);
}

/** The header and first image of a GIF (GIF89a §18, §20), without data. */
function gifClaim(width: number, height: number): Uint8Array<ArrayBuffer> {
  const size = [...le16(width), ...le16(height)];
  return join('GIF89a', size, 0x80, 0, 0, [0, 0, 0, 255, 255, 255], 0x2c, [0, 0, 0, 0], size, 0, 2, 0, 0x3b);
}

/** A lossless WebP of 16,384 x 16,384 px whose colour transform has the smallest tiles (RFC 9649 §4.2): 64 MiB of them by itself. */
function webpOfSmallestTiles(): Uint8Array<ArrayBuffer> {
  // Signature; width and height minus one; no alpha; version 0; a transform, the colour one, tiles of 4 x 4.
  const fields = [[0x2f, 8], [16_383, 14], [16_383, 14], [0, 1], [0, 3], [1, 1], [1, 2], [0, 3]] as const; // prettier-ignore
  const payload = new Uint8Array(64);
  let at = 0;
  for (const [value, count] of fields) for (let i = 0; i < count; i++, at++) payload[at >> 3]! |= ((value >> i) & 1) << (at & 7);
  return new Uint8Array(Buffer.concat([Buffer.from('RIFF\x54\0\0\0WEBPVP8L\x40\0\0\0', 'latin1'), payload]));
}

describe('of what our decoder may fail with', () => {
  it.each([
    ['undecodable', false],
    ['truncated', false],
    ['out_of_memory', false],
    ['work_bound', false],
    ['unsupported', true],
    ['trap', true],
  ] as const)('%s leaves the picture to the standby: %s', (reason, isDefect) => {
    expect(new ScanlineFailure(reason).isDefect).toBe(isDefect);
  });
});

describe('the standby for a defect of our own decoder', () => {
  /** Without any export, so that every call into it fails as a trap does. */
  const defective: CodecModules = { ...modules, scanline: EMPTY };
  let baseline: Uint8Array<ArrayBuffer>;

  beforeAll(async () => {
    baseline = new Uint8Array(
      await sharp({ create: { width: 1800, height: 1200, channels: 3, background: '#4080c0' } })
        .jpeg()
        .toBuffer(),
    );
  });

  it('is planned from the header, and its memory reserved before it begins', async () => {
    const info = inspectImage(baseline);
    const plan = planImage(info, { tier: TIERS.standard, isManyImageRequest: false });
    if (plan.kind !== 'transcode' || plan.standbyPeakBytes === undefined) throw new Error('no standby was planned');
    expect(await outcomeOf(baseline, defective)).toEqual({ code: 'image/jpeg', grown: plan.standbyPeakBytes - plan.peakBytes });
  });

  it('holds no more than was reserved', async () => {
    const info = inspectImage(baseline);
    const plan = planImage(info, { tier: TIERS.standard, isManyImageRequest: false });
    if (plan.kind !== 'transcode') throw new Error('it was to be transcoded');
    const { peakBytes } = await createCodec(defective).transcode(baseline, info, plan, { grow: () => undefined });
    expect(peakBytes).toBeLessThanOrEqual(plan.standbyPeakBytes ?? 0);
  });

  it('does not begin without room', async () => {
    const info = inspectImage(baseline);
    const plan = planImage(info, { tier: TIERS.standard, isManyImageRequest: false });
    if (plan.kind !== 'transcode') throw new Error('it was to be transcoded');
    const full = () => {
      throw Object.assign(new Error('full'), { code: 'overloaded' });
    };
    await expect(createCodec({ ...defective, jpegDecode: EMPTY }).transcode(baseline, info, plan, { grow: full })).rejects.toMatchObject({
      code: 'overloaded',
    });
  });

  it('is none where its bitmaps pass the budget, or the caller holds no reservation', async () => {
    const info = { ...inspectImage(baseline), storedWidth: 6000, storedHeight: 4000, width: 6000, height: 4000 };
    expect(planMemory(info, { width: 1500, height: 1000 })).toMatchObject({ decoder: 'scanline' });
    expect(planMemory(info, { width: 1500, height: 1000 })).not.toHaveProperty('standbyPeakBytes');
    const small = inspectImage(baseline);
    const plan = planImage(small, { tier: TIERS.standard, isManyImageRequest: false });
    if (plan.kind !== 'transcode') throw new Error('it was to be transcoded');
    await expect(createCodec(defective).transcode(baseline, small, plan)).rejects.toMatchObject({ code: 'image_undecodable' });
  });
});
