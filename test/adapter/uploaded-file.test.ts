import { beforeEach, describe, expect, it } from 'vitest';
import { uploadedFiles } from '../../src/adapter/uploaded-file.ts';
import { bindings, emptyStorage, storedNames } from '../support/storage.ts';

const SIGNAL = new AbortController().signal;
const UPLOAD = {
  bytes: new Uint8Array([1, 2, 3]),
  sha256: 'a'.repeat(64),
  mediaType: 'image/png',
  width: 2,
  height: 1,
  filename: 'a.png',
  expiresInSeconds: 3_600,
} as const;
const METADATA = { id: 'file_1', type: 'file', filename: 'a.png', mime_type: 'image/png', size_bytes: 3, created_at: '2026-11-21T00:00:00Z', expires_at: null };

function filesOver(answer: () => Response) {
  const sent: { method: string; path: string; form: FormData | undefined }[] = [];
  const files = uploadedFiles({
    namespace: bindings.DESCRIPTIONS,
    nowMs: () => Date.parse('2026-11-21T00:00:00Z'),
    request: async (method, path, form) => {
      sent.push({ method, path, form });
      return answer();
    },
  });
  return { files, sent };
}

describe('files of callers', () => {
  beforeEach(emptyStorage);

  it('go out as a form with name, type and lifetime', async () => {
    const { files, sent } = filesOver(() => Response.json(METADATA));
    await files.upload('acme', UPLOAD, SIGNAL);
    const part = sent[0]?.form?.get('file');
    expect([sent[0]?.method, sent[0]?.path, sent[0]?.form?.get('expires_in_seconds')]).toEqual(['POST', 'files', '3600']);
    expect(part).toMatchObject({ name: 'a.png', type: 'image/png', size: 3 });
  });

  it.each([
    ['an id with a colon', { ...METADATA, id: 'other:file_1' }],
    ['no id', { ...METADATA, id: undefined }],
    ['a time that is none', { ...METADATA, created_at: 'yesterday' }],
  ])('metadata with %s are an upstream error, and nothing is remembered', async (_, metadata) => {
    const { files } = filesOver(() => Response.json(metadata));
    await expect(files.upload('acme', UPLOAD, SIGNAL)).rejects.toMatchObject({ code: 'upstream_error' });
    expect(await storedNames()).toEqual([]);
  });

  it('are not forgotten when deleting them failed', async () => {
    let status = 200;
    const { files } = filesOver(() => Response.json(status === 200 ? METADATA : {}, { status }));
    await files.upload('acme', UPLOAD, SIGNAL);
    status = 500;
    await expect(files.delete('acme', 'file_1', SIGNAL)).rejects.toMatchObject({ code: 'upstream_error', retryable: true });
    expect(await files.find('acme', 'file_1')).toBeDefined();
    status = 404;
    expect(await files.delete('acme', 'file_1', SIGNAL)).toBe(true);
    expect(await files.find('acme', 'file_1')).toBeUndefined();
  });

  it('nothing is asked upstream about a file of somebody else', async () => {
    const { files, sent } = filesOver(() => Response.json(METADATA));
    await files.upload('acme', UPLOAD, SIGNAL);
    expect(await files.delete('umbrella', 'file_1', SIGNAL)).toBe(false);
    expect(sent).toHaveLength(1);
    expect((await files.list('umbrella', { filesMax: 10, cursor: undefined })).files).toEqual([]);
  });

  it('a page that leads nowhere is a fault of the request, a failing store is not', async () => {
    // Local KV takes any cursor; the real one refuses those that it did not give out.
    const namespace = { list: () => Promise.reject(new Error('KV LIST failed: 400')) } as unknown as KVNamespace;
    const files = uploadedFiles({ namespace, nowMs: () => 0, request: () => Promise.reject(new Error('unreachable')) });
    await expect(files.list('acme', { filesMax: 10, cursor: 'nowhere' })).rejects.toMatchObject({ code: 'invalid_request', param: 'page' });
    await expect(files.list('acme', { filesMax: 10, cursor: undefined })).rejects.toThrow('KV LIST failed');
  });
});
