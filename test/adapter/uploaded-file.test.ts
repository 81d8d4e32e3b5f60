import { beforeEach, describe, expect, it } from 'vitest';
import { uploadedFiles } from '../../src/adapter/uploaded-file.ts';
import type { UploadedFile } from '../../src/core/keep/uploaded-file.ts';
import { bindings, emptyStorage, storedNames } from '../support/storage.ts';

const NOW_MS = Date.parse('2026-11-21T00:00:00Z');
const FILE: UploadedFile = {
  key: 'upload:v1:acme:file_1',
  id: 'file_1',
  filename: 'a.png',
  sha256: 'a'.repeat(64),
  from: 'b'.repeat(64),
  mediaType: 'image/png',
  width: 2,
  height: 1,
  bytes: 3,
  createdAtMs: NOW_MS,
  expiresAtMs: null,
};
const files = uploadedFiles({ namespace: bindings.DESCRIPTIONS, nowMs: () => NOW_MS });

describe('what is remembered of files of callers', () => {
  beforeEach(emptyStorage);

  it('is given to their tenant, and nobody else', async () => {
    await files.put(FILE);
    expect(await files.find('acme', 'file_1')).toEqual(FILE);
    expect(await files.find('umbrella', 'file_1')).toBeUndefined();
    expect((await files.list('umbrella', { filesMax: 10, cursor: undefined })).files).toEqual([]);
    expect((await files.list('acme', { filesMax: 10, cursor: undefined })).files).toEqual([FILE]);
  });

  it('ends with the file', async () => {
    await files.put({ ...FILE, expiresAtMs: NOW_MS + 1_000 });
    expect(await files.find('acme', 'file_1')).toBeDefined();
    expect(await uploadedFiles({ namespace: bindings.DESCRIPTIONS, nowMs: () => NOW_MS + 1_000 }).find('acme', 'file_1')).toBeUndefined();
  });

  it('is gone when it is deleted', async () => {
    await files.put(FILE);
    await files.delete(FILE.key);
    expect(await storedNames()).toEqual([]);
  });

  it.each(['', 'a:b', '../acme', 'a'.repeat(600)])('is nothing for %j, which is no id', async (id) => {
    expect(await files.find('acme', id)).toBeUndefined();
  });

  it('a page that leads nowhere is a fault of the request, a failing store is not', async () => {
    // Local KV takes any cursor; the real one refuses those that it did not give out.
    const namespace = { list: () => Promise.reject(new Error('KV LIST failed: 400')) } as unknown as KVNamespace;
    const failing = uploadedFiles({ namespace, nowMs: () => 0 });
    await expect(failing.list('acme', { filesMax: 10, cursor: 'nowhere' })).rejects.toMatchObject({ code: 'invalid_request', param: 'page' });
    await expect(failing.list('acme', { filesMax: 10, cursor: undefined })).rejects.toThrow('KV LIST failed');
  });
});
