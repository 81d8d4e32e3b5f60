/** `/v1/files`: the Files API for pictures, in Anthropic's own form. */
import { Hono } from 'hono';
import * as z from 'zod';
import { Fault } from '../../error.ts';
import { FILE_EXPIRY_SECONDS_MAX, FILE_EXPIRY_SECONDS_MIN, type UploadedFile } from '../../core/keep/uploaded-file.ts';
import { numberFromText } from '../../core/number-from-text.ts';
import { readBySchema } from '../../core/schema-fault.ts';
import { deleteFile, type FileRequest, type FilesRequest, findFile, listFiles, refuseFileContent, uploadFile } from '../../operation/file.ts';
import type { Reservation } from '../../port/memory.ts';
import { readImageBody } from '../body.ts';
import type { AppContext, AppEnv, AppOptions } from '../context.ts';
import { respond } from '../respond.ts';

/** What the API documents as a page, and the most that KV reads at once. */
const PAGE_DEFAULT = 20;
const PAGE_MAX = 100;

const formSchema = z.strictObject({ expires_in_seconds: z.int().min(FILE_EXPIRY_SECONDS_MIN).max(FILE_EXPIRY_SECONDS_MAX).optional() });
const pageSchema = z.strictObject({ limit: z.int().min(1).max(PAGE_MAX) });

export function fileRoute(options: AppOptions): Hono<AppEnv> {
  const idOf = (c: AppContext) => ({ fileId: c.req.param('fileId') ?? '' });
  return new Hono<AppEnv>()
    .post('/', (c) => respond(c, options, uploadFile, { read: (hold) => readUpload(c, options, hold), write: (file) => c.json(metadataOf(file)) }))
    .get('/', (c) =>
      respond(c, options, listFiles, {
        read: () => readList(c),
        write: ({ files, cursor }) =>
          c.json({
            data: files.map(metadataOf),
            has_more: cursor !== undefined,
            first_id: files[0]?.id ?? null,
            last_id: files.at(-1)?.id ?? null,
            next_page: cursor ?? null,
          }),
      }),
    )
    .get('/:fileId', (c) => respond(c, options, findFile, { read: () => idOf(c), write: (file) => c.json(metadataOf(file)) }))
    .get('/:fileId/content', (c) => respond(c, options, refuseFileContent, { read: () => idOf(c), write: (never) => never }))
    .delete('/:fileId', (c) => respond(c, options, deleteFile, { read: () => idOf(c), write: ({ id }) => c.json({ id, type: 'file_deleted' }) }));
}

async function readUpload(c: AppContext, options: AppOptions, hold: Reservation): Promise<FileRequest> {
  // Beside it, the usual headers hold the caller's own key of Anthropic: the file would land in the wrong workspace.
  if (c.req.header('x-vignette-key') !== undefined && (c.req.header('authorization') ?? c.req.header('x-api-key')) !== undefined)
    throw new Fault(
      'invalid_request',
      'Files belong to the key that uploads them: with your own key of Anthropic, upload at Anthropic, or leave that key out.',
      { param: 'x-vignette-key' },
    );
  const { json, uploads } = await readImageBody(c, options, hold);
  const [file] = uploads;
  if (file === undefined || uploads.length > 1)
    throw new Fault('invalid_request', `${uploads.length} files were sent; send one, in a form, as "file".`, { param: 'file' });
  return { file, expiresInSeconds: readBySchema(formSchema, json).expires_in_seconds };
}

function readList(c: AppContext): FilesRequest {
  const ids = [...new Set([...(c.req.queries('ids') ?? []), ...(c.req.queries('ids[]') ?? [])])];
  if (ids.length > PAGE_MAX) throw new Fault('invalid_request', `${ids.length} ids were asked for; at most ${PAGE_MAX} are given at once.`, { param: 'ids' });
  if (ids.length > 0) return { kind: 'ids', ids };
  const { limit } = readBySchema(pageSchema, { limit: numberFromText(c.req.query('limit') ?? String(PAGE_DEFAULT)) });
  return { kind: 'page', filesMax: limit, cursor: c.req.query('page') };
}

/** File metadata in the form of the Files API. */
function metadataOf(file: UploadedFile) {
  return {
    id: file.id,
    type: 'file',
    filename: file.filename,
    mime_type: file.mediaType,
    size_bytes: file.bytes,
    created_at: new Date(file.createdAtMs).toISOString(),
    expires_at: file.expiresAtMs === null ? null : new Date(file.expiresAtMs).toISOString(),
    downloadable: false,
  };
}
