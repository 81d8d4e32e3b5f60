/**
 * Files of callers: the Files API holds them, KV says whose they are. Every file there is readable with the key of this
 * deployment, so an id counts only for the tenant that it was given to.
 */
import * as z from 'zod';
import { readUploadedFile, UPLOADED_FILE_PREFIX, type UploadedFile, uploadedFileKey } from '../core/cache/uploaded-file.ts';
import { Fault } from '../core/fault.ts';
import type { UploadedFiles } from '../port/file.ts';

/** KV keeps nothing for less than a minute. */
const KV_TTL_SECONDS_MIN = 60;

/** One request of the Files API: `path` below `/v1/`. */
type FilesRequest = (method: 'POST' | 'DELETE', path: string, body: FormData | undefined, signal: AbortSignal) => Promise<Response>;

/** What an upload is answered with, as far as it is used. */
const metadataSchema = z.object({ id: z.string(), filename: z.string(), created_at: z.iso.datetime(), expires_at: z.iso.datetime().nullish() });

export interface UploadedFilesOptions {
  readonly namespace: KVNamespace;
  readonly request: FilesRequest;
  readonly nowMs: () => number;
}

export function uploadedFiles({ namespace, request, nowMs }: UploadedFilesOptions): UploadedFiles {
  const find: UploadedFiles['find'] = async (tenant, fileId) => {
    const key = uploadedFileKey(tenant, fileId);
    return key === undefined ? undefined : readUploadedFile(await namespace.get(key, 'json'), key, nowMs());
  };
  return {
    find,

    async upload(tenant, { bytes, filename, expiresInSeconds, ...picture }, signal) {
      const form = new FormData();
      form.set('file', new File([bytes], filename, { type: picture.mediaType }));
      if (expiresInSeconds !== undefined) form.set('expires_in_seconds', String(expiresInSeconds));
      const response = await request('POST', 'files', form, signal);
      if (!response.ok) throw await refusal(response);
      const { id, ...metadata } = await readMetadata(response);
      const key = uploadedFileKey(tenant, id);
      if (key === undefined) throw new Fault('upstream_error', 'The Files API gave an id that cannot be remembered. The file is lost; try again.');
      const file: UploadedFile = {
        key,
        id,
        ...picture,
        bytes: bytes.length,
        filename: metadata.filename,
        createdAtMs: Date.parse(metadata.created_at),
        expiresAtMs: metadata.expires_at == null ? null : Date.parse(metadata.expires_at),
      };
      const lifetime = file.expiresAtMs === null ? {} : { expirationTtl: Math.max(KV_TTL_SECONDS_MIN, Math.ceil((file.expiresAtMs - nowMs()) / 1000)) };
      await namespace.put(key, JSON.stringify(file), lifetime);
      return file;
    },

    async list(tenant, { filesMax, cursor }) {
      const page = await listPage(namespace, `${UPLOADED_FILE_PREFIX}${tenant}:`, filesMax, cursor);
      const names = page.keys.map(({ name }) => name);
      const values = names.length === 0 ? new Map<string, unknown>() : await namespace.get(names, 'json');
      const files = names.map((name) => readUploadedFile(values.get(name), name, nowMs()));
      return { files: files.filter((file) => file !== undefined), cursor: page.list_complete ? undefined : page.cursor };
    },

    async delete(tenant, fileId, signal) {
      const file = await find(tenant, fileId);
      if (file === undefined) return false;
      const response = await request('DELETE', `files/${file.id}`, undefined, signal);
      // Gone already is gone.
      if (!response.ok && response.status !== 404) throw await refusal(response);
      await response.body?.cancel();
      await namespace.delete(file.key);
      return true;
    },
  };
}

async function readMetadata(response: Response): Promise<z.infer<typeof metadataSchema>> {
  try {
    return metadataSchema.parse(await response.json());
  } catch (cause) {
    throw new Fault('upstream_error', 'The Files API sent something that is not the metadata of a file. Try again.', { cause });
  }
}

/** The Files API's errors in our codes; nothing there is billed. */
async function refusal(response: Response): Promise<Fault> {
  await response.body?.cancel();
  const text = response.headers.get('retry-after');
  const after = text !== null && /^\d{1,6}$/.test(text) ? { retryAfterSeconds: Number(text) } : {};
  switch (response.status) {
    case 413:
      return new Fault('image_too_large', 'The file is too large for the Files API. Send a smaller one.', { param: 'file' });
    case 429:
      return new Fault('rate_limited', "The Files API limits this deployment's rate. Try again later.", after);
    case 503:
    case 529:
      return new Fault('overloaded', 'The Files API is overloaded. Try again later.', after);
    default:
      return new Fault('upstream_error', `The Files API answered ${response.status}. The operator finds the limits of the account at Anthropic.`, {
        retryable: response.status >= 500,
        ...after,
      });
  }
}

async function listPage(namespace: KVNamespace, prefix: string, limit: number, cursor: string | undefined) {
  try {
    return await namespace.list({ prefix, limit, ...(cursor === undefined ? {} : { cursor }) });
  } catch (cause) {
    if (cursor === undefined) throw cause;
    throw new Fault('invalid_request', 'This page leads nowhere. Take "next_page" of the page before as it is, or start without one.', {
      param: 'page',
      cause,
    });
  }
}
