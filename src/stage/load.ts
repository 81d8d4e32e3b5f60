/** References → bytes with hash and facts. URLs are fetched once, and those same bytes are what is sent. */
import { Fault } from '../core/fault.ts';
import { type ImageInfo, inspectImage } from '../core/image/info.ts';
import { decodeBase64 } from '../core/input/base64.ts';
import { checkImageUrl } from '../core/input/image-url.ts';
import type { ImageReference } from '../core/input/request.ts';
import type { HashedBytes, Reservation } from '../port.ts';
import type { Context, Warning } from './context.ts';

/** A picture whose bytes we have, or (only on request) an address that Claude fetches itself. */
export type LoadedImage =
  | {
      readonly kind: 'bytes';
      readonly bytes: Uint8Array<ArrayBuffer>;
      readonly sha256: string;
      readonly info: ImageInfo;
      readonly param: string;
      readonly warnings: readonly Warning[];
    }
  | { readonly kind: 'url'; readonly url: string; readonly param: string };

export interface LoadedImages {
  readonly images: readonly LoadedImage[];
  /** Gives back the memory that the bytes took of the isolate's ledger. */
  readonly release: () => void;
}

/**
 * Loads all pictures of a request, one after the other. Together they may have `UPLOAD_BYTES_MAX` bytes.
 * @throws every fault of a single image, with its position; image_too_large for all of them together
 */
export async function loadImages(references: readonly ImageReference[], source: 'auto' | 'base64' | 'url', context: Context): Promise<LoadedImages> {
  const reservation = await context.ports.ledger.reserve(0);
  try {
    const images: LoadedImage[] = [];
    let bytesLeft = context.config.uploadBytesMax;
    for (const reference of references) {
      const image = source === 'url' && reference.kind === 'url' ? passOn(reference, context) : await loadOne(reference, bytesLeft, reservation, context);
      if (image.kind === 'bytes') bytesLeft -= image.bytes.length;
      images.push(image);
    }
    return { images, release: () => reservation.release() };
  } catch (error) {
    reservation.release();
    throw error;
  }
}

function passOn(reference: ImageReference & { readonly kind: 'url' }, { config }: Context): LoadedImage {
  return { kind: 'url', url: checkImageUrl(reference.url, urlPolicy(config), reference.param).href, param: reference.param };
}

/** The part of the configuration that decides which URLs are fetched. */
export function urlPolicy(config: Context['config']) {
  return { allowedOrigins: config.devAllowedOrigins, ownHosts: config.ownHosts };
}

async function loadOne(reference: ImageReference, bytesMax: number, reservation: Reservation, context: Context): Promise<LoadedImage> {
  const file = await readReference(reference, bytesMax, reservation, context);
  if (file.bytes.length > bytesMax) {
    throw new Fault('image_too_large', `With this image the request passes ${context.config.uploadBytesMax} bytes. Send fewer or smaller images.`, {
      param: reference.param,
    });
  }
  const info = withParam(reference.param, () => inspectImage(file.bytes));
  return { kind: 'bytes', ...file, info, param: reference.param, warnings: declaredTypeWarnings(reference, info) };
}

async function readReference(
  reference: ImageReference,
  bytesMax: number,
  reservation: Reservation,
  { ports, tenant, signal, stopwatch }: Context,
): Promise<HashedBytes> {
  switch (reference.kind) {
    case 'url':
      return stopwatch.time('fetch', ports.fetcher.fetchImage(reference.url, { bytesMax, param: reference.param, signal, account: reservation.grow }));
    case 'stored': {
      const stored = await ports.images.head(tenant, reference.imageId);
      if (stored !== undefined) reservation.grow(stored.bytes);
      return (await ports.images.read(tenant, reference.imageId)) ?? notStored(reference.imageId, reference.param);
    }
    case 'base64': {
      reservation.grow(Math.ceil((reference.text.length / 4) * 3));
      const bytes = decodeBase64(reference.text, reference.param);
      return { bytes, sha256: await ports.sha256(bytes) };
    }
    case 'bytes':
      // A view of the body, which is counted already.
      return { bytes: reference.bytes, sha256: reference.sha256 ?? (await ports.sha256(reference.bytes)) };
  }
}

function notStored(imageId: string, param: string): never {
  throw new Fault('not_found', `No image ${imageId} is stored for this key. Store it first with POST /v1/images.`, { param });
}

/** A wrong declared type harms nothing here, since the bytes decide; the caller may want to mend it. */
function declaredTypeWarnings(reference: ImageReference, info: ImageInfo): readonly Warning[] {
  if (reference.kind !== 'bytes' && reference.kind !== 'base64') return [];
  const declared = reference.declaredType?.split(';')[0]?.trim().toLowerCase();
  const isSilent =
    declared === undefined ||
    declared === '' ||
    declared === 'application/octet-stream' ||
    declared === info.mediaType ||
    (declared === 'image/jpg' && info.format === 'jpeg');
  return isSilent
    ? []
    : [{ code: 'media_type_corrected', message: `Declared as ${declared.slice(0, 60)}, but the bytes are ${info.mediaType}; the bytes decide.` }];
}

/** Runs a step on one picture and puts its position into the fault. */
export function withParam<T>(param: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    throw error instanceof Fault ? error.at(param) : error;
  }
}
