/** Plans → what becomes of each block. Pictures are decoded and worked on one after the other. */
import { Fault } from '../../core/fault.ts';
import { decodedBytesMax, decodeSpan } from '../../core/json/base64-span.ts';
import type { Outcome } from '../../core/relay/edit.ts';
import type { ImageFate } from '../../core/relay/plan.ts';
import { base64Characters } from '../../core/json/splice.ts';
import type { Plan } from '../../core/vision/plan.ts';
import type { Transcoded } from '../../port/codec.ts';
import type { Context } from '../session/context.ts';
import { collectFaults } from './fault.ts';
import type { IdentifiedImage, KnownImage } from './identify.ts';
import type { ScannedRequest } from './request.ts';
import { transcode } from '../picture/transcode.ts';

export interface PreparedImage {
  readonly image: IdentifiedImage;
  readonly outcome: Outcome;
  readonly fate: ImageFate;
  /** SHA-256 of the bytes that Claude sees; unknown where nobody here has them or nobody asked. */
  readonly sentSha256: string | undefined;
}

/** @throws invalid_request and others, naming every block that cannot be prepared; overloaded */
export function prepareImages(images: readonly IdentifiedImage[], request: ScannedRequest, context: Context): Promise<readonly PreparedImage[]> {
  return collectFaults(images, (image) => (image.kind === 'distant' ? distant(image) : prepare(image, request, context)));
}

async function distant(image: IdentifiedImage & { readonly kind: 'distant' }): Promise<PreparedImage> {
  return { image, outcome: { kind: 'untouched' }, fate: { transform: 'none', via: image.via, imageTokens: image.imageTokens }, sentSha256: image.sha256 };
}

async function prepare(image: KnownImage, request: ScannedRequest, context: Context): Promise<PreparedImage> {
  const { plan, standing, sha256 } = image;
  const fate = (transform: ImageFate['transform']): ImageFate => ({ transform, via: 'base64', imageTokens: plan.imageTokens });
  if (plan.kind === 'transcode') {
    const { bytes, mediaType } = image.held?.kind === 'transcoded' ? image.held.result : await transcodeFromBody(image, plan, request, context);
    checkLength(bytes.length, context);
    const sentSha256 = sha256 === undefined ? undefined : await context.ports.sha256(bytes);
    return { image, outcome: { kind: 'base64', mediaType, bytes, isSized: true }, fate: fate(plan.isResized ? 'resized' : 'reencoded'), sentSha256 };
  }
  const isRetyped = standing !== undefined && standing.isCanonical && !standing.isTyped && hasMediaType(image);
  if (standing?.isCanonical === true && standing.isTyped) return { image, outcome: { kind: 'untouched' }, fate: fate('none'), sentSha256: sha256 };
  if (isRetyped) return { image, outcome: { kind: 'retyped', mediaType: plan.mediaType }, fate: fate('retyped'), sentSha256: sha256 };
  // Good bytes in a text that the API does not take, or from an address.
  const bytes = await withBytes(image, request, async (file) => file, 'kept');
  return { image, outcome: { kind: 'base64', mediaType: plan.mediaType, bytes, isSized: false }, fate: fate('none'), sentSha256: sha256 };
}

async function transcodeFromBody(
  image: KnownImage,
  plan: Plan & { readonly kind: 'transcode' },
  request: ScannedRequest,
  context: Context,
): Promise<Transcoded> {
  const result = await withBytes(image, request, (file) => transcode(file, image.info, plan, context.ports));
  request.reservation.grow(result.bytes.length);
  return result;
}

/** Gives a step the file's bytes; those decoded from the body leave the ledger afterwards, unless they are kept. */
export async function withBytes<T>(
  { block, held }: KnownImage,
  { body, reservation }: ScannedRequest,
  use: (bytes: Uint8Array<ArrayBuffer>) => Promise<T>,
  end: 'dropped' | 'kept' = 'dropped',
): Promise<T> {
  if (held?.kind === 'file') return use(held.bytes);
  if (block.source.kind !== 'base64') throw new Error('an image without bytes');
  const reserved = decodedBytesMax(block.source.data);
  reservation.grow(reserved);
  try {
    return await use(decodeSpan(body, block.source.data, block.path).bytes);
  } finally {
    if (end === 'dropped') reservation.grow(-reserved);
  }
}

function checkLength(bytes: number, { ports }: Context): void {
  const { base64CharactersMax } = ports.upstream.limits;
  if (base64Characters(bytes) > base64CharactersMax)
    throw new Fault(
      'image_too_large',
      `Brought to size it has ${base64Characters(bytes)} characters of base64; the provider takes ${base64CharactersMax}. Send it as JPEG, or smaller.`,
    );
}

function hasMediaType({ block: { source } }: KnownImage): boolean {
  return source.kind === 'base64' && source.mediaType !== undefined;
}
