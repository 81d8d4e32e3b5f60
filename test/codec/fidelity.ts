/** How near our transcodes and sharp's come to the picture decoded whole and resized in floating point. */
import sharp from 'sharp';
import { instantiate } from '../../src/codec/scanline/instance.ts';
import { transcodeJpeg } from '../../src/codec/scanline/jpeg.ts';
import { encodePng } from '../../src/codec/scanline/png-encode.ts';
import { decodePngToTarget } from '../../src/codec/scanline/png.ts';
import { JPEG_QUALITY } from '../../src/codec/scanline/transcode.ts';
import { inspectImage } from '../../src/core/image/info.ts';
import { jpegSubsampling } from '../../src/core/vision/memory/memory.ts';
import { resizeLanczos } from './lanczos.ts';
import { loadModules } from './modules.ts';
import { ssim } from './ssim.ts';

/** PSNR in dB over RGB, and mean SSIM over luma. */
export interface Distance {
  readonly psnr: number;
  readonly ssim: number;
}

export interface Fidelity {
  readonly width: number;
  readonly height: number;
  readonly ours: Distance;
  readonly theirs: Distance;
}

/** Most that ours may lie below sharp's, in dB. */
export const LOSS_DB = 0.5;
/** From here on what is left is mostly the rounding to bytes, of samples and weights: 45 dB is an error of 1.4 levels of 255. */
export const ROUNDING_DB = 45;
/** Text this near to the reference reads as sharply; ours keeps it, to three decimals, where sharp's does. */
export const TEXT_SSIM = 0.99;
const SSIM_ROUNDING = 0.0005;

const { scanline } = loadModules();

/**
 * An opaque RGB file, JPEG or PNG, made smaller by `ratio` by us and by sharp with its shrink-on-load: JPEG to JPEG at
 * the product's quality and the same chroma, PNG to PNG without loss.
 */
export async function compareFidelity(file: Uint8Array, ratio: number): Promise<Fidelity> {
  const whole = await readRgb(file);
  const width = Math.round(whole.width / ratio);
  const height = Math.round(whole.height / ratio);
  const reference = resizeLanczos(whole.rgb, whole.width, whole.height, width, height);
  const info = inspectImage(file);
  const scaled = sharp(file).resize(width, height, { fit: 'fill', kernel: 'lanczos3' });
  const subsampling = jpegSubsampling(info);
  const [ours, theirs] =
    info.format === 'jpeg'
      ? [
          transcodeJpeg(instantiate(scanline), file, { width, height, orientation: 1, quality: JPEG_QUALITY, subsampling }).bytes,
          await scaled.jpeg({ quality: JPEG_QUALITY, chromaSubsampling: subsampling }).toBuffer(),
        ]
      : [pngToPng(file, width, height), await scaled.png({ compressionLevel: 1 }).toBuffer()];
  return {
    width,
    height,
    ours: distance((await readRgb(ours)).rgb, reference, width, height),
    theirs: distance((await readRgb(theirs)).rgb, reference, width, height),
  };
}

/** Whether ours is as near to the reference as it has to be. */
export function isFaithful({ ours, theirs }: Fidelity): boolean {
  return ours.psnr >= Math.min(ROUNDING_DB, theirs.psnr - LOSS_DB) && (theirs.ssim < TEXT_SSIM || ours.ssim >= TEXT_SSIM - SSIM_ROUNDING);
}

function pngToPng(file: Uint8Array, width: number, height: number): Uint8Array {
  const exports = instantiate(scanline);
  const outcome = decodePngToTarget(exports, file, { targetWidth: width, targetHeight: height, orientation: 1 });
  if (outcome.kind === 'failed') throw new Error(`the PNG is ${outcome.reason}`);
  const png = encodePng(exports, { address: exports.rgbaTarget(), width, height }, { isFlat: false });
  if (png === undefined) throw new Error('the PNG does not fit in memory');
  return png;
}

/** Decoded by sharp, as stored: neither turned nor, but for transparency, changed. */
async function readRgb(file: Uint8Array): Promise<{ rgb: Uint8Array; width: number; height: number }> {
  const { data, info } = await sharp(file).flatten({ background: '#fff' }).toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  return { rgb: data, width: info.width, height: info.height };
}

function distance(rgb: Uint8Array, reference: Float32Array, width: number, height: number): Distance {
  let squares = 0;
  for (let at = 0; at < rgb.length; at++) squares += ((rgb[at] ?? 0) - (reference[at] ?? 0)) ** 2;
  return { psnr: 10 * Math.log10((255 * 255 * rgb.length) / squares), ssim: ssim(rgb, reference, width, height) };
}
