/** Colours of what we send against what Chromium shows of the original, as mean ΔE2000: with and without what the file says about them. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { createCodec } from '../../src/codec/transcode.ts';
import { inspectImage } from '../../src/core/image/info.ts';
import { meanDeltaE } from '../../test/codec/delta-e.ts';
import { COLORANTS, iccpChunk, iccSegments, makeProfile, SRGB_TRC, withChunks, withIccp, withSegments } from '../../test/codec/icc-profile.ts';
import { loadModules } from '../../test/codec/modules.ts';
import { pngChunk } from '../../test/codec/png-picture.ts';
import { openChromium } from './chromium.mjs';

const SIZE = { width: 480, height: 320 };
/** What matrix profiles, gamma, primaries and cICP of P3 are to reach. */
export const DELTA_E_MAX = 2;

const gamma = (exponent) => ({ kind: 'gamma', exponent });
const PROFILES = {
  'Display P3': makeProfile({ space: 'RGB ', colorants: COLORANTS.p3, trc: SRGB_TRC }),
  'Adobe RGB': makeProfile({ space: 'RGB ', colorants: COLORANTS.adobe, trc: gamma(563 / 256) }),
  ProPhoto: makeProfile({ space: 'RGB ', colorants: COLORANTS.prophoto, trc: gamma(461 / 256) }),
};
const words = (values) => {
  const body = Buffer.alloc(values.length * 4);
  values.forEach((value, at) => body.writeUInt32BE(Math.round(value * 100_000), at * 4));
  return body;
};
const gAMA = (value) => pngChunk('gAMA', words([value]));
const cICP = (primaries, transfer) => pngChunk('cICP', Uint8Array.of(primaries, transfer, 0, 1));
const CHUNKS = {
  'gAMA 1': [gAMA(1)],
  'gAMA 1/1.8': [gAMA(1 / 1.8)],
  'gAMA 1/2.2, cHRM of P3': [gAMA(0.45455), pngChunk('cHRM', words([0.3127, 0.329, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06]))],
  'cICP of P3': [cICP(12, 13)],
  'cICP of BT.2020, PQ': [cICP(9, 16)],
  'cICP of BT.2020, HLG': [cICP(9, 18)],
};

/** One row a file; `undefined` where no Chromium is. */
export async function measureColours() {
  const chromium = await openChromium();
  if (chromium === undefined) return undefined;
  const codec = createCodec(loadModules());
  const photograph = () => sharp(readFileSync(fileURLToPath(new URL('../../public/samples/harbour-at-dusk.jpg', import.meta.url)))).resize(SIZE);
  const png = await photograph().png().toBuffer();
  const jpeg = await photograph().jpeg({ quality: 95 }).toBuffer();
  const webp = await photograph().webp({ lossless: true, effort: 0 }).toBuffer();
  const files = Object.entries(PROFILES).flatMap(([name, profile]) => [
    [`${name}, JPEG`, withSegments(jpeg, iccSegments(profile)), jpeg, 'image/jpeg'],
    [`${name}, PNG`, withChunks(png, [iccpChunk(profile)]), png, 'image/png'],
    [`${name}, WebP`, withIccp(webp, SIZE.width, SIZE.height, profile), webp, 'image/webp'],
  ]);
  for (const [name, chunks] of Object.entries(CHUNKS)) files.push([`${name}, PNG`, withChunks(png, chunks), png, 'image/png']);
  files.unshift(['sRGB, PNG', new Uint8Array(png), png, 'image/png']);
  const rows = [];
  for (const [file, tagged, untagged, type] of files) {
    const { data } = await chromium.pixels(tagged, type);
    const row = { file };
    for (const [column, bytes] of [
      ['ΔE2000', tagged],
      ['ΔE2000 if not converted', new Uint8Array(untagged)],
    ]) {
      const info = inspectImage(bytes);
      const sent = await codec.transcode(bytes, info, {
        kind: 'transcode',
        size: SIZE,
        isResized: false,
        imageTokens: 1,
        decoder: 'scanline',
        peakBytes: 0,
        bytesMax: 1e7,
      });
      row[column] = Number(meanDeltaE(await sharp(sent.bytes).removeAlpha().toColourspace('srgb').raw().toBuffer(), data).toFixed(2));
    }
    rows.push(row);
  }
  await chromium.close();
  return rows;
}
