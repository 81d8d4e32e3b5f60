/** Brings a body below the provider's limit: the largest images go to the Files API, or all of them where that was asked. */
import { editsFor, type Outcome } from '../../core/relay/edit.ts';
import { bodyTooLarge, chooseFiles } from '../../core/relay/plan.ts';
import { type Edit, splicedBytes } from '../../core/json/splice.ts';
import type { ClaudeMediaType } from '../../core/image/format.ts';
import { fileFor } from '../keep/claude-file.ts';
import type { Context } from '../session/context.ts';
import type { KnownImage } from './identify.ts';
import { type PreparedImage, withBytes } from './prepare.ts';
import type { ScannedRequest } from './request.ts';

/** The images as they will travel, and the edits that make it so. */
export interface FittedRequest {
  readonly images: readonly PreparedImage[];
  readonly edits: readonly Edit[];
  /** Of the outgoing body. */
  readonly bodyBytes: number;
}

/** Length of an id of the Files API in a source, with what stands around it, at most. */
const FILE_SOURCE_BYTES = 128;

/** @throws body_too_large with the numbers; what the Files API throws */
export async function fitRequest(prepared: readonly PreparedImage[], request: ScannedRequest, context: Context): Promise<FittedRequest> {
  const planned = assemble(prepared, request, context);
  const moved = imagesToMove(planned, request, context);
  if (moved.length === 0) return planned;
  const images = [...prepared];
  for (const index of moved) {
    const image = images[index];
    if (image !== undefined) images[index] = await toFile(image, request, context);
  }
  return assemble(images, request, context);
}

function imagesToMove({ images, bodyBytes }: FittedRequest, request: ScannedRequest, { ports, caller }: Context): readonly number[] {
  const { bodyBytesMax } = ports.upstream.limits;
  // A file stays at the provider for a while, so the key has to allow that pictures are kept.
  const hasFiles = ports.files !== undefined && ports.upstream.limits.sources.includes('file') && request.credential === undefined && caller.store === 'image';
  const canMove = (image: PreparedImage) => hasFiles && image.image.kind === 'known';
  if (request.options.source === 'file') return images.flatMap((image, index) => (canMove(image) ? [index] : []));
  // A body without images is not ours to judge.
  if (images.length === 0 || bodyBytes <= bodyBytesMax) return [];
  const chosen = chooseFiles(
    bodyBytes,
    bodyBytesMax,
    images.map((image) => (canMove(image) ? sourceBytes(image) - FILE_SOURCE_BYTES : 0)),
  );
  if (chosen === undefined) throw bodyTooLarge(bodyBytes, bodyBytesMax, hasFiles);
  return chosen;
}

/** What the source of an image takes in the body as it is now. */
function sourceBytes({ image: { block }, outcome }: PreparedImage): number {
  const { start, end } = block.source.value;
  return outcome.kind === 'base64' ? splicedBytes(new Uint8Array(0), editsFor(block, outcome, false)) + (end - start) : end - start;
}

async function toFile(prepared: PreparedImage, request: ScannedRequest, context: Context): Promise<PreparedImage> {
  const { image, outcome } = prepared;
  const { ports, signal } = context;
  const { files } = ports;
  if (image.kind !== 'known' || files === undefined) return prepared;
  const upload = async (bytes: Uint8Array<ArrayBuffer>, mediaType: ClaudeMediaType, from: string | undefined) => {
    const sha256 = prepared.sentSha256 ?? (await ports.sha256(bytes));
    return fileFor({ bytes, mediaType, sha256, from: from ?? sha256 }, files, signal(), context);
  };
  const isMade = outcome.kind === 'base64' && outcome.isSized;
  const from = image.sha256 ?? (isMade ? await withBytes(image, request, (bytes) => ports.sha256(bytes)) : undefined);
  let fileId: string;
  if (outcome.kind === 'base64') fileId = await upload(outcome.bytes, outcome.mediaType, from);
  else {
    // What is untouched or only retyped has a plan that passes it on.
    if (image.plan.kind === 'transcode') return prepared;
    const { mediaType } = image.plan;
    fileId = await withBytes(image, request, (bytes) => upload(bytes, mediaType, from));
  }
  return { ...prepared, outcome: { kind: 'file', fileId, isSized: isSized(image, outcome) }, fate: { ...prepared.fate, via: 'file' } };
}

function isSized({ plan }: KnownImage, outcome: Outcome): boolean {
  return outcome.kind === 'base64' ? outcome.isSized : plan.kind === 'pass-through';
}

function assemble(images: readonly PreparedImage[], request: ScannedRequest, { config, ports }: Context): FittedRequest {
  const isGuarded = config.guardsOversized && ports.upstream.limits.supportsOversizedGuard;
  const edits = images.flatMap(({ image, outcome }) => editsFor(image.block, outcome, isGuarded));
  return { images, edits, bodyBytes: splicedBytes(request.body, edits) };
}
