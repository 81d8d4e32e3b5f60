/** The port to a service that converts images which are not decoded here. */
import type { Size } from '../core/vision/tier.ts';

export interface ImageConverter {
  /**
   * The image, upright, at exactly `size`, as JPEG (`quality` 1 to 100) or PNG. At most `bytesMax` bytes of it are read.
   * @throws image_undecodable, image_too_large, overloaded (the service fails)
   */
  convert(bytes: Uint8Array<ArrayBuffer>, options: ConvertOptions): Promise<Uint8Array<ArrayBuffer>>;
}

export interface ConvertOptions {
  readonly size: Size;
  readonly mediaType: 'image/jpeg' | 'image/png';
  readonly quality: number;
  readonly bytesMax: number;
}
