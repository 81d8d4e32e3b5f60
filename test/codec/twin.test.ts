import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { transcodeScanline } from '../../src/codec/scanline/transcode.ts';
import { inspectImage } from '../../src/core/image/info.ts';
import { planImage } from '../../src/core/vision/plan.ts';
import { TIERS } from '../../src/core/vision/tier.ts';

const module = await WebAssembly.compile(readFileSync('dist/codec.wasm'));
const [width, height] = [1_700, 300];

/** 216 colours in soft and hard edges, so that every container can hold it without loss. */
const pixels = Uint8Array.from({ length: width * height * 3 }, (_, at) => {
  const [x, y, channel] = [Math.floor(at / 3) % width, Math.floor(at / 3 / width), at % 3];
  return Math.round(2.5 + 2.5 * Math.sin((x * (channel + 1)) / 40 + y / 25)) * 51;
});
const raw = () => sharp(pixels, { raw: { width, height, channels: 3 } });

/** Not an interlaced PNG: its rows reach the resampler in another order, and sums in another order are rounded otherwise. */
const CONTAINERS: readonly (readonly [string, Promise<Buffer>])[] = [
  ['PNG', raw().png().toBuffer()],
  ['PNG with a palette', raw().png({ palette: true, colours: 256, dither: 0 }).toBuffer()],
  ['PNG with an opaque alpha channel', raw().ensureAlpha().png().toBuffer()],
  [
    'PNG with metadata',
    raw()
      .withExif({ IFD0: { Copyright: 'somebody' } })
      .png()
      .toBuffer(),
  ],
  ['lossless WebP', raw().webp({ lossless: true }).toBuffer()],
  ['GIF', raw().gif({ colours: 256, dither: 0, effort: 10 }).toBuffer()],
];

/** SHA-256 of what is sent for a file. */
function sentHash(file: Buffer): string {
  const bytes = new Uint8Array(file);
  const info = inspectImage(bytes);
  const plan = planImage(info, { tier: TIERS.standard, isManyImageRequest: false });
  if (plan.kind !== 'transcode') throw new Error('too small to be made anew');
  return createHash('sha256')
    .update(transcodeScanline(module, bytes, info, plan.size, 5_000_000).bytes)
    .digest('hex');
}

describe('the same pixels in another container', () => {
  it('really are the same: the files hold them without loss', async () => {
    for (const [, file] of CONTAINERS)
      expect(
        (
          await sharp(await file)
            .removeAlpha()
            .raw()
            .toBuffer()
        ).equals(Buffer.from(pixels)),
      ).toBe(true);
  });

  const pairs = CONTAINERS.flatMap((one, index) => CONTAINERS.slice(index + 1).map((other) => [one[0], other[0], one[1], other[1]] as const));
  it.each(pairs)('are sent as the same bytes: %s and %s', async (_one, _other, one, other) => {
    expect(sentHash(await one)).toBe(sentHash(await other));
  });
});
