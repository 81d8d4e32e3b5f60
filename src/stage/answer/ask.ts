/** Prepared pictures → Claude's answer: as base64 text, or as files that are uploaded once and remembered. */
import type { DescribeRequest } from '../../core/input/request.ts';
import { MissingFile } from '../../core/message/missing-file.ts';
import { buildMessageRequest, type OutgoingImage } from '../../core/message/request.ts';
import type { Model } from '../../core/vision/model.ts';
import type { ModelReply } from '../../port/upstream.ts';
import { fileFor, forgetFiles } from '../keep/claude-file.ts';
import type { Context } from '../session/context.ts';
import type { PreparedImage } from '../picture/prepare.ts';

export interface AskOptions {
  readonly signal: AbortSignal;
  /** Told when the request is about to leave: from then on it may be billed. */
  readonly onDepart: () => void;
}

/**
 * Asks Claude about the pictures. Where a remembered file is gone, it is uploaded anew and asked for once more: the API
 * refused the first request before any work.
 * @throws the faults of the model client and of the Files API; overloaded
 */
export async function askClaude(
  request: DescribeRequest,
  model: Model,
  prepared: readonly PreparedImage[],
  { signal, onDepart }: AskOptions,
  context: Context,
): Promise<ModelReply> {
  const reservation = await context.ports.ledger.reserve(heldBytes(prepared));
  try {
    return await askHolding(request, model, prepared, { signal, onDepart }, context);
  } finally {
    reservation.release();
  }
}

/**
 * Bytes that a call holds until it is answered: what was made anew of a picture, its base64 text, and the request's body. As many calls
 * as fit the isolate are under way at once; of more, some wait and the rest are refused.
 */
function heldBytes(prepared: readonly PreparedImage[]): number {
  return prepared.reduce((sum, { source, sent }) => {
    if (source.kind === 'url') return sum;
    const { length } = source.bytes;
    return sum + Math.ceil(length / 3) * 4 * 2 + (sent?.transform === 'none' ? 0 : length);
  }, 0);
}

async function askHolding(
  request: DescribeRequest,
  model: Model,
  prepared: readonly PreparedImage[],
  { signal, onDepart }: AskOptions,
  context: Context,
): Promise<ModelReply> {
  const { config, ports, stopwatch } = context;
  const guardsOversized = config.guardsOversized && ports.upstream.limits.supportsOversizedGuard;
  const send = async (images: readonly OutgoingImage[]) => {
    const messageRequest = buildMessageRequest(request, model, images, guardsOversized);
    onDepart();
    return stopwatch.time('model', ports.model.createMessage(messageRequest, { signal, trace: context.trace }));
  };
  if (request.source !== 'file') return send(prepared.map(toOutgoing));
  const uploaded = await stopwatch.time('upload', uploadAll(prepared, signal, context));
  try {
    return await send(uploaded);
  } catch (error) {
    if (!(error instanceof MissingFile)) throw error;
    // The error does not say reliably which of them; to upload one too many costs nothing.
    const fileIds = uploaded.flatMap((image) => (image.kind === 'file' ? [image.fileId] : []));
    await forgetFiles(fileIds, context);
    return send(await stopwatch.time('upload', uploadAll(prepared, signal, context)));
  }
}

/** One after the other: a connection waits for its headers, and there are six of them. */
async function uploadAll(prepared: readonly PreparedImage[], signal: AbortSignal, context: Context): Promise<readonly OutgoingImage[]> {
  const images: OutgoingImage[] = [];
  for (const image of prepared) images.push(await upload(image, signal, context));
  return images;
}

async function upload(image: PreparedImage, signal: AbortSignal, context: Context): Promise<OutgoingImage> {
  const { source, sent } = image;
  const { files } = context.ports;
  if (source.kind === 'url' || sent === undefined || files === undefined) return toOutgoing(image);
  const { sha256, mediaType } = sent;
  const { bytes, from } = source;
  const fileId = await fileFor({ bytes, sha256, mediaType, from }, files, signal, context);
  return { kind: 'file', fileId, isSized: source.isSized };
}

/** Base64 text is made last, when nothing else is held any more. */
function toOutgoing({ source, sent }: PreparedImage): OutgoingImage {
  if (source.kind === 'url') return { kind: 'url', url: source.url };
  return { kind: 'base64', mediaType: sent?.mediaType ?? 'image/jpeg', data: source.bytes.toBase64(), isSized: source.isSized };
}
