/** Pictures and distances for the JPEG tests. */
import sharp from 'sharp';

/** RGB bytes, row-major, of a picture with edges, gradients, colours and some texture; different in every corner. */
export function paintPicture(width: number, height: number): Buffer {
  const pixels = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 3;
      const wave = 40 * Math.sin(x / 9) * Math.cos(y / 13);
      const disc = Math.hypot(x - width * 0.3, y - height * 0.35) < Math.min(width, height) * 0.2 ? 70 : 0;
      pixels[at] = Math.min(255, Math.max(0, 40 + (170 * x) / width + wave * 0.5 + disc));
      pixels[at + 1] = Math.min(255, Math.max(0, 200 - (150 * y) / height + wave));
      pixels[at + 2] = Math.min(255, Math.max(0, 60 + (90 * (x + y)) / (width + height) - disc + wave * 0.7));
    }
  }
  return pixels;
}

/** A JPEG of `paintPicture`, made by sharp. */
export function makeJpeg(width: number, height: number, options: sharp.JpegOptions = {}): Promise<Buffer> {
  return sharp(paintPicture(width, height), { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 92, ...options })
    .toBuffer();
}

/** RGB of a file, as sharp reads it, at `width` by `height` by a full decode and Lanczos3. */
export async function referencePixels(file: Uint8Array, width: number, height: number): Promise<Buffer> {
  const full = await sharp(file, { failOn: 'none' }).toColourspace('srgb').removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return sharp(full.data, { raw: full.info }).resize(width, height, { fit: 'fill', kernel: 'lanczos3' }).raw().toBuffer();
}

/** RGB of an RGBA or gray buffer. */
export function toRgb(pixels: Uint8Array, channels: number): Uint8Array {
  const count = pixels.length / channels;
  const rgb = new Uint8Array(count * 3);
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < 3; c++) rgb[i * 3 + c] = pixels[i * channels + (channels < 3 ? 0 : c)] ?? 0;
  }
  return rgb;
}

/** Peak signal-to-noise ratio in dB; Infinity when equal. */
export function psnr(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length || a.length === 0) throw new Error(`cannot compare ${a.length} with ${b.length} bytes`);
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += ((a[i] ?? 0) - (b[i] ?? 0)) ** 2;
  return 10 * Math.log10((255 * 255 * a.length) / sum);
}
