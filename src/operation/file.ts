/** Files of the provider's Files API that callers put there through this service: sized on their way in and bound to their tenant. */
import { Fault } from '../core/fault.ts';
import { inspectImage } from '../core/image/info.ts';
import type { UploadedImage } from '../core/input/request.ts';
import { requireImageKeeping } from '../core/keep/keeping.ts';
import type { UploadedFile } from '../core/keep/uploaded-file.ts';
import type { Caller } from '../core/key/caller.ts';
import { planImage } from '../core/vision/plan.ts';
import { TIERS } from '../core/vision/tier.ts';
import { deleteUpload, FILE_EXPIRY_SECONDS_MAX, type FilePorts, uploadFile as uploadSized } from '../stage/keep/upload.ts';
import { loadImages } from '../stage/picture/load.ts';
import { prepareImage } from '../stage/picture/prepare.ts';
import type { Context } from '../stage/session/context.ts';
import { operation } from './perform.ts';

const FILENAME_CHARACTERS_MAX = 255;
const DAY_SECONDS = 86_400;

export interface FileRequest {
  readonly file: UploadedImage;
  /** As the caller asks for it. */
  readonly expiresInSeconds: number | undefined;
}

/** Uploads an image at the size that Claude sees. @throws the faults of a single image; forbidden, overloaded, those of the Files API */
export const uploadFile = operation('uploadFile', async ({ file, expiresInSeconds: asked }: FileRequest, context): Promise<UploadedFile> => {
  const { caller, ports, stopwatch } = context;
  const files = filePortsOf(context);
  requireImageKeeping(caller);
  const loaded = await loadImages([{ kind: 'bytes', ...file }], 'auto', context);
  try {
    const [image] = loaded.images;
    if (image?.kind !== 'bytes') throw new Fault('invalid_request', 'No file was sent.', { param: 'file' });
    // Which model will look at it is not known yet; the high tier loses nothing for either.
    const plan = planImage(inspectImage(image.bytes), { tier: TIERS.high, isManyImageRequest: false });
    const { source, sent } = await stopwatch.time('transcode', prepareImage(image, plan, ports));
    if (source.kind !== 'bytes' || sent === undefined) throw new Fault('invalid_request', 'No file was sent.', { param: 'file' });
    const { width, height, sha256, mediaType } = sent;
    const names = { from: source.from, filename: safeName(file.filename) };
    return await uploadSized({ bytes: source.bytes, sha256, mediaType, width, height, expiresInSeconds: expiry(asked, caller), ...names }, files, context);
  } finally {
    loaded.release();
  }
});

export type FilesRequest =
  { readonly kind: 'ids'; readonly ids: readonly string[] } | { readonly kind: 'page'; readonly filesMax: number; readonly cursor: string | undefined };

/** Files of the tenant: a page of them, or those with these ids that there are. */
export const listFiles = operation('listFiles', async (request: FilesRequest, context) => {
  const { records } = filePortsOf(context);
  if (request.kind === 'page') return records.list(context.tenant, request);
  const found = await Promise.all(request.ids.map((id) => records.find(context.tenant, id)));
  return { files: found.filter((file) => file !== undefined), cursor: undefined };
});

/** @throws not_found */
export const findFile = operation('getFile', ({ fileId }: FileId, context) => requireFile(fileId, context));

/** The Files API gives back only what a tool made. @throws not_found, invalid_request */
export const refuseFileContent = operation('getFileContent', async ({ fileId }: FileId, context): Promise<never> => {
  const { id } = await requireFile(fileId, context);
  throw new Fault('invalid_request', `File ${id} cannot be downloaded: the Files API gives back only what a tool made.`, { param: 'file_id' });
});

/** @throws not_found, those of the Files API */
export const deleteFile = operation('deleteFile', async ({ fileId }: FileId, context): Promise<UploadedFile> => {
  const file = await requireFile(fileId, context);
  await deleteUpload(file, filePortsOf(context), context);
  return file;
});

interface FileId {
  readonly fileId: string;
}

async function requireFile(fileId: string, context: Context): Promise<UploadedFile> {
  const file = await filePortsOf(context).records.find(context.tenant, fileId);
  if (file === undefined)
    throw new Fault('not_found', 'No such file was uploaded through this service with this key, or it has expired.', { param: 'file_id' });
  return file;
}

/** What was asked for, within what the key may keep. */
function expiry(asked: number | undefined, { retentionDays }: Caller): number | undefined {
  if (retentionDays === undefined) return asked;
  return Math.min(asked ?? FILE_EXPIRY_SECONDS_MAX, retentionDays * DAY_SECONDS, FILE_EXPIRY_SECONDS_MAX);
}

/** The last part of the path, without what the Files API takes in no name; it is echoed, never opened. */
function safeName(filename: string | undefined): string {
  const name = (filename ?? '').split(/[\\/]/).at(-1) ?? '';
  return name.replace(/[\p{Cc}<>:"|?*]/gu, '_').slice(0, FILENAME_CHARACTERS_MAX) || 'unnamed';
}

function filePortsOf({ ports }: Context): FilePorts {
  if (ports.files === undefined || ports.uploads === undefined)
    throw new Fault('not_found', "This deployment's provider has no Files API. Send images as base64.", { param: 'path' });
  return { api: ports.files, records: ports.uploads };
}
