/** The port to what decodes, resamples and encodes pictures. */
import type { ImageInfo } from '../core/image/info.ts';
import type { ClaudeMediaType } from '../core/image/format.ts';
import type { Plan } from '../core/vision/plan.ts';
import type { Reservation } from './memory.ts';

/** A picture brought to its planned size. */
export interface Transcoded {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly mediaType: ClaudeMediaType;
  /** Measured: the most bytes that buffers and WebAssembly memories held at once, the input file not counted. */
  readonly peakBytes: number;
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
}

export interface Codec {
  /**
   * `reservation`: holds `plan.peakBytes`; it grows when the planned standby has to decode. Without one there is no standby.
   * @throws image_undecodable, image_too_large, overloaded
   */
  transcode(
    bytes: Uint8Array<ArrayBuffer>,
    info: ImageInfo,
    plan: Plan & { readonly kind: 'transcode' },
    reservation?: Pick<Reservation, 'grow'>,
  ): Promise<Transcoded>;
  /** `sidePx`² gray pixels, upright and on white, whatever the picture's shape; `undefined` where it cannot be decoded. */
  thumbnail(bytes: Uint8Array<ArrayBuffer>, info: ImageInfo, sidePx: number): Uint8Array | undefined;
}
