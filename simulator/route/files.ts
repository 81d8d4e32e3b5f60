import { Hono } from 'hono';
import { readUpTo } from '../body.ts';
import { ApiError, invalidRequest } from '../error.ts';
import { fileMetadata, isExpired, requireFile, requireLiveFile, type StoredFile } from '../file.ts';
import {
  FILE_BYTES_MAX,
  FILE_EXPIRY_SECONDS_MAX,
  FILE_EXPIRY_SECONDS_MIN,
  FILE_FORM_OVERHEAD_BYTES_MAX,
  FILE_IDS_MAX,
  FILE_STORAGE_BYTES_MAX,
} from '../limit.ts';
import { pageOf } from '../page.ts';
import type { Variables } from '../protocol.ts';
import { newId, type Simulation } from '../state.ts';

/** What an unnamed file is called after its type. */
const EXTENSIONS: Readonly<Record<string, string>> = { 'image/jpeg': '.jpg', 'image/png': '.png', 'image/gif': '.gif', 'image/webp': '.webp' };

/** The Files API: upload, list, metadata, delete; content is never handed back for uploads, as documented. */
export function filesRoute(simulation: Simulation) {
  const { state, settings } = simulation;
  const route = new Hono<{ Variables: Variables }>();
  route.post('/', async (context) => {
    const form = await readForm(context.req.raw);
    const file = await storedFile(form, settings.now());
    const live = [...state.files.values()].filter((stored) => !isExpired(stored, settings.now()));
    const used = live.reduce((sum, { bytes }) => sum + bytes.length, 0);
    if (used + file.bytes.length > FILE_STORAGE_BYTES_MAX) {
      throw new ApiError('invalid_request_error', 'File storage quota exceeded. Delete files to free up space.', {
        details: { error_code: 'storage_quota_exceeded' },
      });
    }
    state.files.set(file.id, file);
    return context.json(fileMetadata(file));
  });
  route.get('/', (context) => {
    const newestFirst = [...state.files.values()].toReversed();
    const ids = context.req.queries('ids') ?? context.req.queries('ids[]');
    if (ids !== undefined) return context.json(filesOf(ids, newestFirst, context.req.query()));
    const { page, ...query } = context.req.query();
    const cursor = page === undefined ? query : { ...query, after_id: page };
    const found = pageOf(newestFirst, cursor);
    return context.json({
      ...found,
      data: found.data.map(fileMetadata),
      next_page: found.has_more ? found.last_id : null,
    });
  });
  route.get('/:id', (context) => context.json(fileMetadata(requireFile(simulation, context.req.param('id')))));
  route.get('/:id/content', (context) => {
    const file = requireLiveFile(simulation, context.req.param('id'));
    throw new ApiError('invalid_request_error', `File is not downloadable: ${file.id}`, {
      details: { error_code: 'file_not_downloadable' },
    });
  });
  route.delete('/:id', (context) => {
    const file = requireFile(simulation, context.req.param('id'));
    state.files.delete(file.id);
    return context.json({ id: file.id, type: 'file_deleted' });
  });
  return route;
}

/** The files of these ids on one page; ids that nobody knows are left out. @throws 400 beside a page, or above the bound */
function filesOf(ids: readonly string[], files: readonly StoredFile[], query: Readonly<Record<string, string>>) {
  if (query['page'] !== undefined || query['limit'] !== undefined) throw invalidRequest('ids: mutually exclusive with page and limit');
  const wanted = new Set(ids);
  if (wanted.size > FILE_IDS_MAX) throw invalidRequest(`ids: List should have at most ${FILE_IDS_MAX} items`);
  return { data: files.filter(({ id }) => wanted.has(id)).map(fileMetadata), has_more: false, next_page: null };
}

/** The form, read up to the bound whatever length was declared. @throws 413, 400 */
async function readForm(request: Request): Promise<FormData> {
  const bytesMax = FILE_BYTES_MAX + FILE_FORM_OVERHEAD_BYTES_MAX;
  const declared = Number(request.headers.get('content-length') ?? 0);
  const bytes = declared > bytesMax ? undefined : await readUpTo(request.body, bytesMax);
  if (bytes === undefined) throw new ApiError('request_too_large', 'Request exceeds the maximum size');
  try {
    const headers = { 'content-type': request.headers.get('content-type') ?? '' };
    return await new Response(bytes as BodyInit, { headers }).formData();
  } catch {
    throw invalidRequest('The request body is not valid multipart/form-data');
  }
}

async function storedFile(form: FormData, now: number): Promise<StoredFile> {
  const part = form.get('file');
  if (!(part instanceof File)) throw invalidRequest('file: Field required');
  if (part.size > FILE_BYTES_MAX) throw new ApiError('request_too_large', 'Request exceeds the maximum size');
  if (part.size === 0) throw invalidRequest('file: File cannot be empty');
  const seconds = expiry(form.get('expires_in_seconds'));
  const mediaType = part.type.split(';')[0]?.trim() || 'application/octet-stream';
  return {
    id: newId('file'),
    filename: part.name.split(/[\\/]/).at(-1) || `unnamed${EXTENSIONS[mediaType] ?? ''}`,
    mediaType,
    bytes: new Uint8Array(await part.arrayBuffer()),
    createdAtMs: now,
    expiresAtMs: seconds === undefined ? undefined : now + seconds * 1000,
  };
}

function expiry(value: File | string | null): number | undefined {
  if (value === null) return undefined;
  const seconds = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (Number.isNaN(seconds)) throw invalidRequest('expires_in_seconds: Input should be a valid integer');
  if (seconds < FILE_EXPIRY_SECONDS_MIN) {
    throw invalidRequest(`expires_in_seconds: Input should be greater than or equal to ${FILE_EXPIRY_SECONDS_MIN}`);
  }
  if (seconds > FILE_EXPIRY_SECONDS_MAX) {
    throw invalidRequest(`expires_in_seconds: Input should be less than or equal to ${FILE_EXPIRY_SECONDS_MAX}`);
  }
  return seconds;
}
