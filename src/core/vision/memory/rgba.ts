/**
 * Peak bytes of the interleaved resampler and its target bitmap, shared by the PNG, GIF and WebP plans. Mirrors the
 * allocations of `wasm/resample/rgba*.ts`; a test holds the two together.
 */

const BOX_FACTOR_MAX = 128;
const BOX_RESERVE = 2;
const LOBES = 3;
const ROW_SLACK = 64;
const WIDE_GRID_PIXELS_MAX = 1_500_000;

/** What the resampler reads and writes. All in pixels and in stored axes. */
export interface RgbaPlan {
  readonly width: number;
  readonly height: number;
  readonly targetWidth: number;
  readonly targetHeight: number;
  /** Bytes a source pixel as handed to the resampler: 3 or 4. */
  readonly channels: 3 | 4;
  readonly mayHaveAlpha: boolean;
  /** Interlaced: rows come out of order. */
  readonly isScattered: boolean;
}

/** `bytes` as the allocator rounds them. */
export function allocated(bytes: number): number {
  return Math.ceil(bytes / 16) * 16;
}

function tapsFor(ratio: number, samples: number): number {
  return Math.max(1, Math.min(Math.floor(2 * LOBES * Math.max(1, ratio)) + 1, samples));
}

/** Bytes that `rgbaBegin` allocates. */
export function predictRgbaBytes(plan: RgbaPlan): number {
  const { width, height, targetWidth, targetHeight } = plan;
  let bytes = allocated(targetWidth * targetHeight * 4 + 16) + allocated(targetWidth * 4 + 32) + allocated(width * 8 + ROW_SLACK);
  if (!plan.isScattered && width === targetWidth && height === targetHeight) return bytes;

  const box = (source: number, target: number): number =>
    plan.isScattered ? 1 : Math.max(1, Math.min(BOX_FACTOR_MAX, Math.floor(Math.floor(source / target) / BOX_RESERVE)));
  const boxX = box(width, targetWidth);
  const boxY = box(height, targetHeight);
  if (boxX > 1 || boxY > 1) {
    bytes += allocated(width * plan.channels * 2 + ROW_SLACK);
    if (plan.mayHaveAlpha) bytes += allocated(width * 16 + ROW_SLACK);
  }
  const tapsX = Math.ceil(tapsFor(width / boxX / targetWidth, Math.ceil(width / boxX)) / 4) * 4;
  const tapsY = tapsFor(height / boxY / targetHeight, Math.ceil(height / boxY));
  const ringRowBytes = Math.ceil((targetWidth * 8) / 32) * 32;
  bytes += allocated(targetWidth * 4) + allocated(targetWidth * tapsX * 2);
  bytes += allocated(targetHeight * 4) + allocated(targetHeight * tapsY * 2);
  bytes += allocated(targetWidth * 16 + ROW_SLACK) + allocated(((tapsY + 1) >> 1) * 12);
  bytes += allocated(ringRowBytes * (plan.isScattered ? 1 : tapsY) + ROW_SLACK);
  if (plan.isScattered) {
    const isWide = targetWidth * targetHeight <= WIDE_GRID_PIXELS_MAX;
    bytes += allocated(ringRowBytes * (isWide ? 2 : 1) * targetHeight);
  }
  return bytes;
}
