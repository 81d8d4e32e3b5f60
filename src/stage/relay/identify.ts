/** Image blocks → facts and plans: every picture is looked at before any is worked on, and all bad ones are named. */
import { Fault } from '../../core/fault.ts';
import { type ImageInfo, inspectImage } from '../../core/image/info.ts';
import { URL_CHARACTERS_MAX } from '../../core/input/limit.ts';
import { decodedBytesMax, decodeSpan } from '../../core/json/base64-span.ts';
import { isManyImageRequest } from '../../core/relay/plan.ts';
import type { ImageBlock, SourceSpan } from '../../core/relay/scan.ts';
import { pictureOf } from '../../core/keep/uploaded-file.ts';
import { imageBytesIn, MANY_IMAGES_SIDE_MAX_PX } from '../../core/vision/limit.ts';
import { imageTokens, nativeSize } from '../../core/vision/native-size.ts';
import { type Plan, planImage } from '../../core/vision/plan.ts';
import { TIERS } from '../../core/vision/tier.ts';
import type { Transcoded } from '../../port/codec.ts';
import type { HashedBytes } from '../../port/fetch.ts';
import type { Context } from '../session/context.ts';
import { urlPolicy } from '../picture/load.ts';
import { type AliasUse, aliasUse, type Located, locateUrl } from '../keep/url-alias.ts';
import { collectFaults } from './fault.ts';
import { transcode } from '../picture/transcode.ts';
import type { ScannedRequest } from './request.ts';

/** A picture whose bytes stand in the body, or were fetched and are held. */
export interface KnownImage {
  readonly kind: 'known';
  readonly block: ImageBlock;
  readonly info: ImageInfo;
  readonly plan: Plan;
  /** Of the file; only where the request asks for the cache or the Files API, or its answer is kept. */
  readonly sha256: string | undefined;
  /** What has to be right for the block to stay: its base64 text and its media type. */
  readonly standing: { readonly isCanonical: boolean; readonly isTyped: boolean } | undefined;
  /**
   * What came from outside is held: the file, or where it does not fit, at once what was made of it. `elsewhere`: its address is known
   * for it, and nothing was fetched. Else the body has it.
   */
  readonly held:
    | { readonly kind: 'file'; readonly bytes: Uint8Array<ArrayBuffer> }
    | { readonly kind: 'transcoded'; readonly result: Transcoded }
    | { readonly kind: 'elsewhere' }
    | undefined;
}

/** A picture that the provider has or fetches. */
export interface DistantImage {
  readonly kind: 'distant';
  readonly block: ImageBlock;
  readonly via: 'url' | 'file';
  /** Unknown where nobody here has seen it. */
  readonly imageTokens: number | undefined;
  /** Of what is sent; unknown where Claude fetches it. */
  readonly sha256: string | undefined;
  /** Of the picture that it was made of. */
  readonly from: string | undefined;
}

export type IdentifiedImage = KnownImage | DistantImage;

/** A Worker has six connections that wait for an answer; two are left to KV and R2. */
const AT_ONCE = 4;

/**
 * Identifies all pictures, a few at once; of those in the body nothing is kept.
 * @throws invalid_request naming every bad block; overloaded
 */
export function identifyImages(request: ScannedRequest, context: Context): Promise<readonly IdentifiedImage[]> {
  return collectFaults(request.scan.images, (block) => identify(block, request, context), AT_ONCE);
}

/**
 * The same images with those at hand whose address alone was known: whatever stands there by now. The very same list when all were.
 * @throws as `identifyImages`
 */
export async function fetchElsewhere(images: readonly IdentifiedImage[], request: ScannedRequest, context: Context): Promise<readonly IdentifiedImage[]> {
  const isElsewhere = (image: IdentifiedImage) => image.kind === 'known' && image.held?.kind === 'elsewhere';
  if (!images.some(isElsewhere)) return images;
  return collectFaults(images, async (image) => (isElsewhere(image) ? identify(image.block, request, context, 'renew') : image), AT_ONCE);
}

async function identify(
  block: ImageBlock,
  request: ScannedRequest,
  context: Context,
  aliases: AliasUse = aliasUse(request.options.cache),
): Promise<IdentifiedImage> {
  const { source } = block;
  switch (source.kind) {
    case 'base64':
      return identifyBase64(block, source, request, context);
    case 'file':
      return identifyFile(block, source.fileId, request, context);
    case 'url':
      return identifyUrl(block, source, aliases, request, context);
  }
}

async function identifyBase64(block: ImageBlock, source: SourceSpan & { kind: 'base64' }, request: ScannedRequest, context: Context): Promise<KnownImage> {
  const reserved = decodedBytesMax(source.data);
  request.reservation.grow(reserved);
  try {
    const { bytes, isCanonical } = decodeSpan(request.body, source.data, block.path);
    const info = inspectImage(bytes);
    const sha256 = needsHash(request, context) ? await context.ports.sha256(bytes) : undefined;
    if (sha256 !== undefined) await context.pictures.meet(sha256);
    const standing = { isCanonical, isTyped: source.mediaType?.text === info.mediaType };
    return { kind: 'known', block, info, plan: planOf(info, request, context), sha256, standing, held: undefined };
  } finally {
    request.reservation.grow(-reserved);
  }
}

async function identifyUrl(
  block: ImageBlock,
  source: SourceSpan & { kind: 'url' },
  aliases: AliasUse,
  request: ScannedRequest,
  context: Context,
): Promise<IdentifiedImage> {
  if (source.url === undefined)
    throw new Fault(
      'invalid_request',
      `The URL has ${source.urlBytes} bytes; at most ${URL_CHARACTERS_MAX} are taken. An image itself belongs into a base64 source.`,
    );
  const imageId = /^vignette:(.*)$/s.exec(source.url)?.[1];
  if (imageId === undefined && request.options.source === 'url' && request.path === 'messages')
    return { kind: 'distant', block, via: 'url', imageTokens: undefined, sha256: undefined, from: undefined };
  let reserved = 0;
  const account = (more: number) => {
    request.reservation.grow(more);
    reserved += more;
  };
  const located: Located =
    imageId === undefined
      ? await locate(source.url, block, aliases, account, context)
      : { kind: 'file', ...(await readStored(imageId, account, context)), remember: () => undefined };
  const { sha256 } = located;
  await context.pictures.meet(sha256);
  const info = located.kind === 'file' ? inspectImage(located.bytes) : located.info;
  const plan = planOf(info, request, context);
  const known = { kind: 'known', block, info, plan, sha256, standing: undefined } as const;
  if (located.kind === 'known') return { ...known, held: { kind: 'elsewhere' } };
  located.remember(info);
  const { bytes } = located;
  if (request.isMeasuring) {
    account(-reserved);
    return { ...known, held: undefined };
  }
  if (plan.kind !== 'transcode') return { ...known, held: { kind: 'file', bytes } };
  // Twenty photos of a phone would not fit in memory together; what Claude sees of them does.
  const result = await transcode(bytes, info, plan, context.ports);
  account(result.bytes.length - reserved);
  return { ...known, held: { kind: 'transcoded', result } };
}

function locate(url: string, { path: param }: ImageBlock, aliases: AliasUse, account: (bytes: number) => void, context: Context): Promise<Located> {
  const limits = { bytesMax: context.config.uploadBytesMax, account };
  return locateUrl({ kind: 'url', url, param }, aliases, urlPolicy(context.config), limits, context);
}

/** `vignette:sha256:…`: an image that was stored before. */
async function readStored(imageId: string, account: (bytes: number) => void, { pictures, ports, tenant }: Context): Promise<HashedBytes> {
  if (!/^sha256:[0-9a-f]{64}$/.test(imageId)) throw new Fault('invalid_request', 'A stored image is named "vignette:sha256:" and 64 lower-case hex digits.');
  // Met first: what is made of bytes that are being deleted must not pass for something of later ones.
  await pictures.open(imageId.slice('sha256:'.length));
  const stored = await ports.images.head(tenant, imageId);
  if (stored !== undefined) account(stored.info.bytes);
  const file = stored === undefined ? undefined : await ports.images.read(tenant, imageId);
  if (file === undefined) throw new Fault('not_found', `No image ${imageId} is stored for this key. Store it first with POST /v1/images.`);
  return file;
}

/** A file of the provider: any id with the caller's own key, else only what this tenant uploaded through this service. */
async function identifyFile(
  block: ImageBlock,
  fileId: string | undefined,
  request: ScannedRequest,
  { pictures, ports, tenant }: Context,
): Promise<DistantImage> {
  if (request.credential !== undefined) return { kind: 'distant', block, via: 'file', imageTokens: undefined, sha256: undefined, from: undefined };
  const file = fileId === undefined ? undefined : await ports.uploads?.find(tenant, fileId);
  if (file === undefined) throw new Fault('not_found', 'This file was not uploaded through this service for this key, or has expired. Send the image itself.');
  await pictures.meet(pictureOf(file));
  const isMany = isManyImageRequest(request.scan.images.length);
  if (isMany && Math.max(file.width, file.height) > MANY_IMAGES_SIDE_MAX_PX) {
    const detail = `The file holds ${file.width}x${file.height} px; with ${request.scan.images.length} images in a request Claude takes ${MANY_IMAGES_SIDE_MAX_PX} px. Send the image itself.`;
    throw new Fault('image_too_large', detail);
  }
  const tokens = imageTokens(nativeSize(file, TIERS[request.model.tier], isMany));
  return { kind: 'distant', block, via: 'file', imageTokens: tokens, sha256: file.sha256, from: pictureOf(file) };
}

/** The size that Claude would bring the picture to itself: a drop-in changes nothing about what is seen. */
export function planOf(info: ImageInfo, { model, scan }: Pick<ScannedRequest, 'model' | 'scan'>, { ports }: Context): Plan {
  const imageBytesMax = imageBytesIn(ports.upstream.limits.base64CharactersMax);
  return planImage(info, { tier: TIERS[model.tier], isManyImageRequest: isManyImageRequest(scan.images.length), imageBytesMax });
}

function needsHash({ options }: ScannedRequest, { pictures }: Context): boolean {
  return pictures.areMet || options.cache !== 'bypass' || options.source === 'file';
}
