/** `/v1/files`: the Files API for pictures, in Anthropic's own form. Each is sized on its way in and bound to the tenant. */
import { Hono } from 'hono';
import * as z from 'zod';
import { Fault } from '../../error.ts';
import { requireImageKeeping } from '../../core/keep/keeping.ts';
import type { UploadedFile } from '../../core/keep/uploaded-file.ts';
import type { Caller } from '../../core/key/caller.ts';
import { numberFromText } from '../../core/number-from-text.ts';
import { readBySchema } from '../../core/schema-fault.ts';
import { inspectImage } from '../../core/image/info.ts';
import { planImage } from '../../core/vision/plan.ts';
import { TIERS } from '../../core/vision/tier.ts';
import { loadImages } from '../../stage/picture/load.ts';
import { prepareImage } from '../../stage/picture/prepare.ts';
import { deleteUpload, type FilePorts, uploadFile } from '../../stage/keep/upload.ts';
import { withBody } from '../body.ts';
import { type AppContext, type AppEnv, type AppOptions, stageContext } from '../context.ts';

/** One hour and ninety days: what the Files API takes (claude TypeScript client, `FileUploadParams`). */
const EXPIRY_SECONDS_MIN = 3_600;
const EXPIRY_SECONDS_MAX = 7_776_000;
/** What the API documents as a page, and the most that KV reads at once. */
const PAGE_DEFAULT = 20;
const PAGE_MAX = 100;
const FILENAME_CHARACTERS_MAX = 255;
const DAY_SECONDS = 86_400;

const formSchema = z.strictObject({ expires_in_seconds: z.int().min(EXPIRY_SECONDS_MIN).max(EXPIRY_SECONDS_MAX).optional() });
const pageSchema = z.strictObject({ limit: z.int().min(1).max(PAGE_MAX) });

export function fileRoute(options: AppOptions): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .post('/', (c) => upload(c, options))
    .get('/', async (c) => list(c, portsOf(options)))
    .get('/:fileId', async (c) => c.json(metadataOf(await requireFile(c, portsOf(options)))))
    .get('/:fileId/content', async (c) => {
      const { id } = await requireFile(c, portsOf(options));
      throw new Fault('invalid_request', `File ${id} cannot be downloaded: the Files API gives back only what a tool made.`, { param: 'file_id' });
    })
    .delete('/:fileId', async (c) => {
      const file = await requireFile(c, portsOf(options));
      await deleteUpload(file, portsOf(options), stageContext(c, options));
      return c.json({ id: file.id, type: 'file_deleted' });
    });
}

function upload(c: AppContext, options: AppOptions): Promise<Response> {
  const ports = portsOf(options);
  const caller = c.get('caller');
  // Beside it, the usual headers hold the caller's own key of Anthropic: the file would land in the wrong workspace.
  if (c.req.header('x-vignette-key') !== undefined && (c.req.header('authorization') ?? c.req.header('x-api-key')) !== undefined)
    throw new Fault(
      'invalid_request',
      'Files belong to the key that uploads them: with your own key of Anthropic, upload at Anthropic, or leave that key out.',
      {
        param: 'x-vignette-key',
      },
    );
  requireImageKeeping(caller);
  return withBody(c, options, async ({ json, uploads: files }) => {
    const [file] = files;
    if (file === undefined || files.length > 1)
      throw new Fault('invalid_request', `${files.length} files were sent; send one, in a form, as "file".`, { param: 'file' });
    const form = readBySchema(formSchema, json);
    const context = stageContext(c, options);
    const loaded = await loadImages([{ kind: 'bytes', ...file }], 'auto', context);
    try {
      const [image] = loaded.images;
      if (image?.kind !== 'bytes') throw new Fault('invalid_request', 'No file was sent.', { param: 'file' });
      // Which model will look at it is not known yet; the high tier loses nothing for either.
      const plan = planImage(inspectImage(image.bytes), { tier: TIERS.high, isManyImageRequest: false });
      const { source, sent } = await c.get('stopwatch').time('transcode', prepareImage(image, plan, options.ports));
      if (source.kind !== 'bytes' || sent === undefined) throw new Fault('invalid_request', 'No file was sent.', { param: 'file' });
      const { width, height, sha256, mediaType } = sent;
      const expiresInSeconds = expiry(form.expires_in_seconds, caller);
      const names = { from: source.from, filename: safeName(file.filename) };
      return c.json(metadataOf(await uploadFile({ bytes: source.bytes, sha256, mediaType, width, height, expiresInSeconds, ...names }, ports, context)));
    } finally {
      loaded.release();
    }
  });
}

async function list(c: AppContext, { records }: FilePorts): Promise<Response> {
  const { tenant } = c.get('caller');
  const ids = [...new Set([...(c.req.queries('ids') ?? []), ...(c.req.queries('ids[]') ?? [])])];
  if (ids.length > 0) {
    if (ids.length > PAGE_MAX) throw new Fault('invalid_request', `${ids.length} ids were asked for; at most ${PAGE_MAX} are given at once.`, { param: 'ids' });
    const found = await Promise.all(ids.map((id) => records.find(tenant, id)));
    return c.json({ data: found.filter((file) => file !== undefined).map(metadataOf), has_more: false, next_page: null });
  }
  const { limit } = readBySchema(pageSchema, { limit: numberFromText(c.req.query('limit') ?? String(PAGE_DEFAULT)) });
  const { files, cursor } = await records.list(tenant, { filesMax: limit, cursor: c.req.query('page') });
  return c.json({
    data: files.map(metadataOf),
    has_more: cursor !== undefined,
    first_id: files[0]?.id ?? null,
    last_id: files.at(-1)?.id ?? null,
    next_page: cursor ?? null,
  });
}

async function requireFile(c: AppContext, { records }: FilePorts): Promise<UploadedFile> {
  const file = await records.find(c.get('caller').tenant, c.req.param('fileId') ?? '');
  if (file === undefined)
    throw new Fault('not_found', 'No such file was uploaded through this service with this key, or it has expired.', { param: 'file_id' });
  return file;
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

/** What was asked for, within what the key may keep. */
function expiry(asked: number | undefined, { retentionDays }: Caller): number | undefined {
  if (retentionDays === undefined) return asked;
  return Math.min(asked ?? EXPIRY_SECONDS_MAX, retentionDays * DAY_SECONDS, EXPIRY_SECONDS_MAX);
}

/** The last part of the path, without what the Files API takes in no name; it is echoed, never opened. */
function safeName(filename: string | undefined): string {
  const name = (filename ?? '').split(/[\\/]/).at(-1) ?? '';
  return name.replace(/[\p{Cc}<>:"|?*]/gu, '_').slice(0, FILENAME_CHARACTERS_MAX) || 'unnamed';
}

function portsOf({ ports }: AppOptions): FilePorts {
  if (ports.files === undefined || ports.uploads === undefined)
    throw new Fault('not_found', "This deployment's provider has no Files API. Send images as base64.", { param: 'path' });
  return { api: ports.files, records: ports.uploads };
}
