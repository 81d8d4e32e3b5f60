/** The plan of a whole request: the limits that hold for all its images together, and a summary for the caller. */
import { Fault } from '../fault.ts';
import { MANY_IMAGES_SIDE_MAX_PX, MANY_IMAGES_THRESHOLD } from '../vision/limit.ts';
import type { Model } from '../vision/model.ts';

/** Image blocks over the whole conversation: earlier turns and tool results count. @throws invalid_request above the limit */
export function checkImageCount(images: number, model: Model, providerImagesMax = Number.POSITIVE_INFINITY): void {
  const imagesMax = Math.min(model.imagesMax, providerImagesMax);
  if (images <= imagesMax) return;
  throw new Fault(
    'invalid_request',
    `messages: the conversation holds ${images} images; ${model.id} takes at most ${imagesMax} in one request. Leave out ${images - imagesMax}, earlier turns and tool results included.`,
    { param: 'messages' },
  );
}

/** Whether the lower side limit holds for all images. */
export function isManyImageRequest(images: number): boolean {
  return images > MANY_IMAGES_THRESHOLD;
}

/**
 * Which images leave the body for the Files API, so that the rest fits: the largest first, as few as possible.
 * `savedBytes`: by how much the body shrinks for each image; 0 for one that cannot leave. `undefined`: it does not fit.
 */
export function chooseFiles(bodyBytes: number, bodyBytesMax: number, savedBytes: readonly number[]): readonly number[] | undefined {
  const order = savedBytes.map((bytes, index) => ({ bytes, index })).toSorted((one, other) => other.bytes - one.bytes);
  const chosen: number[] = [];
  let left = bodyBytes;
  for (const { bytes, index } of order) {
    if (left <= bodyBytesMax || bytes <= 0) break;
    chosen.push(index);
    left -= bytes;
  }
  return left <= bodyBytesMax ? chosen.toSorted((one, other) => one - other) : undefined;
}

/** @returns the fault for a body that no plan makes small enough, with the numbers */
export function bodyTooLarge(bodyBytes: number, bodyBytesMax: number, hasFiles: boolean): Fault {
  const remedy = hasFiles
    ? 'Shorten the conversation.'
    : 'Send fewer images at once, or shorten the conversation; this provider has no Files API to hold them.';
  return new Fault('body_too_large', `The request has ${bodyBytes} bytes with its images brought to size; the provider takes ${bodyBytesMax}. ${remedy}`, {
    param: 'body',
  });
}

/** What happened to one image. */
export interface ImageFate {
  readonly transform: 'none' | 'retyped' | 'resized' | 'reencoded' | 'converted';
  readonly via: 'base64' | 'url' | 'file';
  /** Unknown where Claude fetches it. */
  readonly imageTokens: number | undefined;
}

/** What the header `x-vignette-plan` holds: counts and sums, never a list, so that it stays short with 600 images. */
export function planSummary(fates: readonly ImageFate[], bytes: { readonly received: number; readonly sent: number | null }) {
  const count = (isMeant: (fate: ImageFate) => boolean) => fates.filter(isMeant).length;
  const converted = count(({ transform }) => transform === 'converted');
  const tokens = fates.map(({ imageTokens }) => imageTokens).filter((known) => known !== undefined);
  return {
    images: fates.length,
    untouched: count(({ transform }) => transform === 'none'),
    retyped: count(({ transform }) => transform === 'retyped'),
    resized: count(({ transform }) => transform === 'resized'),
    reencoded: count(({ transform }) => transform === 'reencoded'),
    ...(converted === 0 ? {} : { converted }),
    base64: count(({ via }) => via === 'base64'),
    url: count(({ via }) => via === 'url'),
    file: count(({ via }) => via === 'file'),
    image_tokens: tokens.length === fates.length ? tokens.reduce((sum, known) => sum + known, 0) : null,
    max_side_px: isManyImageRequest(fates.length) ? MANY_IMAGES_SIDE_MAX_PX : null,
    bytes_received: bytes.received,
    bytes_sent: bytes.sent,
  };
}
export type PlanSummary = ReturnType<typeof planSummary>;
