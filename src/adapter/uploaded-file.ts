/**
 * What is remembered in KV of files that callers uploaded. Every file there is readable with the key of this deployment, so an
 * id counts only for the tenant that it was given to.
 */
import { isFileId, readUploadedFile, uploadedFileKey } from '../core/keep/uploaded-file.ts';
import { UPLOADED_FILE_PREFIX } from '../core/stored/version.ts';
import { Fault } from '../core/fault.ts';
import type { UploadedFiles } from '../port/file.ts';

/** KV keeps nothing for less than a minute. */
const KV_TTL_SECONDS_MIN = 60;

export interface UploadedFilesOptions {
  readonly namespace: KVNamespace;
  readonly nowMs: () => number;
}

export function uploadedFiles({ namespace, nowMs }: UploadedFilesOptions): UploadedFiles {
  return {
    async put(file) {
      const lifetime = file.expiresAtMs === null ? {} : { expirationTtl: Math.max(KV_TTL_SECONDS_MIN, Math.ceil((file.expiresAtMs - nowMs()) / 1000)) };
      await namespace.put(file.key, JSON.stringify(file), lifetime);
    },

    async find(tenant, fileId) {
      if (!isFileId(fileId)) return undefined;
      const key = uploadedFileKey(tenant, fileId);
      return readUploadedFile(await namespace.get(key, 'json'), key, nowMs());
    },

    async list(tenant, { filesMax, cursor }) {
      const page = await listPage(namespace, `${UPLOADED_FILE_PREFIX}${tenant}:`, filesMax, cursor);
      const names = page.keys.map(({ name }) => name);
      const values = names.length === 0 ? new Map<string, unknown>() : await namespace.get(names, 'json');
      const files = names.map((name) => readUploadedFile(values.get(name), name, nowMs()));
      return { files: files.filter((file) => file !== undefined), cursor: page.list_complete ? undefined : page.cursor };
    },

    delete: (key) => namespace.delete(key),
  };
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
