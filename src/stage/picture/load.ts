/**
 * References → pictures, in two steps: what is needed to plan and to look up (hash and facts), and the bytes, read only where
 * they are needed. URLs are fetched once, and those same bytes are what is sent.
 */
import { Fault } from '../../core/fault.ts';
import { formatRow } from '../../core/image/format.ts';
import { type ImageInfo, inspectImage } from '../../core/image/info.ts';
import { decodeBase64 } from '../../core/input/base64.ts';
import { checkImageUrl } from '../../core/input/image-url.ts';
import type { DescribeRequest, ImageReference } from '../../core/input/request.ts';
import type { HashedBytes } from '../../port/fetch.ts';
import type { Reservation } from '../../port/memory.ts';
import type { Context, Warning } from '../session/context.ts';
import { type AliasUse, fetchKnown, locateUrl } from '../keep/url-alias.ts';

/** A picture that goes to Claude by its bytes, known by hash and facts; or (only on request) an address that Claude fetches itself. */
export type IdentifiedImage =
  | {
      readonly kind: 'bytes';
      readonly sha256: string;
      readonly info: ImageInfo;
      readonly param: string;
      readonly warnings: readonly Warning[];
    }
  | { readonly kind: 'url'; readonly url: string; readonly param: string };

/** The same with the bytes at hand. */
export type LoadedImage =
  (IdentifiedImage & { readonly kind: 'bytes'; readonly bytes: Uint8Array<ArrayBuffer> }) | (IdentifiedImage & { readonly kind: 'url' });

export interface IdentifiedImages {
  readonly images: readonly IdentifiedImage[];
  /** Fetches those for which so far an alias alone vouches, and keeps their bytes. @throws ImageChanged; as `identifyImages` */
  readonly confirm: () => Promise<void>;
  /** All of them with their bytes. Those that did not have to be read yet are read now. @throws ImageChanged; as `identifyImages` */
  readonly load: () => Promise<readonly LoadedImage[]>;
  /** Gives back the memory that the bytes took of the isolate's ledger. */
  readonly release: () => void;
}

/** A picture and the way to its bytes. */
interface Found {
  readonly image: IdentifiedImage;
  /** Whether its address may hold another picture by now. */
  readonly isAliased?: boolean;
  readonly read: () => Promise<LoadedImage>;
}

export interface IdentifyOptions {
  readonly source: DescribeRequest['source'];
  readonly aliases: AliasUse;
}

/**
 * Identifies all pictures of a request, one after the other. Together they may have `UPLOAD_BYTES_MAX` bytes. Of a stored
 * picture nothing but the facts is read.
 * @throws every fault of a single image, with its position; image_too_large for all of them together
 */
export async function identifyImages(references: readonly ImageReference[], options: IdentifyOptions, context: Context): Promise<IdentifiedImages> {
  const reservation = await context.ports.ledger.reserve(0);
  try {
    const found: Found[] = [];
    let bytesLeft = context.config.uploadBytesMax;
    for (const reference of references) {
      const one = isPassedOn(reference, options.source)
        ? passOn(reference, context)
        : await identifyOne(reference, options.aliases, bytesLeft, reservation, context);
      if (one.image.kind === 'bytes') bytesLeft -= one.image.info.bytes;
      found.push(one);
    }
    return {
      images: found.map(({ image }) => image),
      confirm: () => confirmAll(found),
      load: () => readAll(found),
      release: () => reservation.release(),
    };
  } catch (error) {
    reservation.release();
    throw error;
  }
}

/** Identifies pictures whose bytes are wanted in any case. @throws as `identifyImages` */
export async function loadImages(references: readonly ImageReference[], source: DescribeRequest['source'], context: Context) {
  const identified = await identifyImages(references, { source, aliases: 'off' }, context);
  try {
    return { images: await identified.load(), release: identified.release };
  } catch (error) {
    identified.release();
    throw error;
  }
}

/** One after the other, as they are identified: each enters the ledger before it is read. */
async function readAll(found: readonly Found[]): Promise<readonly LoadedImage[]> {
  const loaded: LoadedImage[] = [];
  for (const { read } of found) loaded.push(await read());
  return loaded;
}

async function confirmAll(found: Found[]): Promise<void> {
  for (const [index, { isAliased, read }] of found.entries()) {
    if (isAliased !== true) continue;
    const image = await read();
    found[index] = { image, read: async () => image };
  }
}

/** Whether Claude fetches a picture itself, and nobody here sees it. */
export function isPassedOn(reference: ImageReference, source: DescribeRequest['source']): reference is ImageReference & { readonly kind: 'url' } {
  return source === 'url' && reference.kind === 'url';
}

function passOn(reference: ImageReference & { readonly kind: 'url' }, { config }: Context): Found {
  const image = { kind: 'url', url: checkImageUrl(reference.url, urlPolicy(config), reference.param).href, param: reference.param } as const;
  return { image, read: async () => image };
}

/** Hashes of the pictures that we know, for the index. */
export function hashesOf(images: readonly IdentifiedImage[]): readonly string[] {
  return images.flatMap((image) => (image.kind === 'bytes' ? [image.sha256] : []));
}

/** The part of the configuration that decides which URLs are fetched. */
export function urlPolicy(config: Context['config']) {
  return { allowedOrigins: config.devAllowedOrigins, ownHosts: config.ownHosts };
}

async function identifyOne(reference: ImageReference, aliases: AliasUse, bytesMax: number, reservation: Reservation, context: Context): Promise<Found> {
  switch (reference.kind) {
    case 'stored':
      return identifyStored(reference, bytesMax, reservation, context);
    case 'url':
      return identifyUrl(reference, aliases, bytesMax, reservation, context);
    case 'base64': {
      reservation.grow(Math.ceil((reference.text.length / 4) * 3));
      const bytes = decodeBase64(reference.text, reference.param);
      return atHand(reference, { bytes, sha256: await context.ports.sha256(bytes) }, bytesMax, context);
    }
    case 'bytes': {
      // A view of the body, which is counted already.
      const sha256 = reference.sha256 ?? (await context.ports.sha256(reference.bytes));
      return atHand(reference, { bytes: reference.bytes, sha256 }, bytesMax, context);
    }
  }
}

async function atHand(reference: ImageReference, { bytes, sha256 }: HashedBytes, bytesMax: number, context: Context): Promise<Found> {
  await context.pictures.meet(sha256);
  checkBytes(bytes.length, bytesMax, reference.param, context);
  const info = withParam(reference.param, () => inspectImage(bytes));
  const image = { kind: 'bytes', bytes, sha256, info, param: reference.param, warnings: declaredTypeWarnings(reference, info) } as const;
  return { image, read: async () => image };
}

async function identifyUrl(
  reference: ImageReference & { readonly kind: 'url' },
  aliases: AliasUse,
  bytesMax: number,
  reservation: Reservation,
  context: Context,
): Promise<Found> {
  const limits = { bytesMax, account: reservation.grow };
  const located = await locateUrl(reference, aliases, urlPolicy(context.config), limits, context);
  if (located.kind === 'file') {
    const found = await atHand(reference, located, bytesMax, context);
    if (found.image.kind === 'bytes') located.remember(found.image.info);
    return found;
  }
  const { sha256, info } = located;
  await context.pictures.meet(sha256);
  checkBytes(info.bytes, bytesMax, reference.param, context);
  const image = { kind: 'bytes', sha256, info, param: reference.param, warnings: [] } as const;
  return { image, isAliased: true, read: async () => ({ ...image, bytes: await fetchKnown(reference, sha256, limits, context) }) };
}

async function identifyStored(
  { imageId, param }: ImageReference & { readonly kind: 'stored' },
  bytesMax: number,
  reservation: Reservation,
  context: Context,
): Promise<Found> {
  const { pictures, ports, tenant } = context;
  const sha256 = imageId.slice('sha256:'.length);
  await pictures.meet(sha256);
  const stored = (await ports.images.head(tenant, imageId)) ?? notStored(imageId, param);
  checkBytes(stored.info.bytes, bytesMax, param, context);
  const image = { kind: 'bytes', sha256, info: stored.info, param, warnings: [] } as const;
  return {
    image,
    read: async () => {
      reservation.grow(stored.info.bytes);
      // Met first: what is made of bytes that are being deleted must not pass for something of later ones.
      await pictures.open(sha256);
      const { bytes } = (await ports.images.read(tenant, imageId)) ?? notStored(imageId, param);
      return { ...image, bytes };
    },
  };
}

function checkBytes(bytes: number, bytesMax: number, param: string, { config }: Context): void {
  if (bytes <= bytesMax) return;
  throw new Fault('image_too_large', `With this image the request passes ${config.uploadBytesMax} bytes. Send fewer or smaller images.`, { param });
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
    formatRow(info.format).aliases.includes(declared);
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
