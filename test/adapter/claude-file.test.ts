import { beforeEach, describe, expect, it } from 'vitest';
import { createSimulator } from '../../simulator/app.ts';
import { claudeFiles } from '../../src/adapter/claude-file.ts';
import { openProvider } from '../../src/adapter/upstream/provider.ts';
import { readConfig } from '../../src/config.ts';
import { fixture } from '../support/fixture.ts';
import { hexHash } from '../support/hash.ts';
import { bindings, emptyStorage, storedNames } from '../support/storage.ts';

const DAY = 86_400_000;
const PNG = fixture('png-rgb8.png');
const JPEG = fixture('jpeg-baseline-444.jpg');

type Answer = (request: Request) => Response | Promise<Response>;

/** The Files API as an isolate sees it; `isolate()` opens it as another one does. */
function start({ between }: { readonly between?: (request: Request, next: Answer) => Response | Promise<Response> } = {}) {
  let nowMs = Date.now();
  const simulator = createSimulator({ now: () => nowMs });
  const asked: Request[] = [];
  const { provider } = readConfig({ ANTHROPIC_API_KEY: 'sk-ant-test', ANTHROPIC_BASE_URL: 'http://claude.test' });
  const { files: request, upstream } = openProvider(provider, {}, async (input, init) => {
    const outgoing = new Request(input as string, init as RequestInit);
    asked.push(outgoing.clone() as Request);
    const next: Answer = async (passed) => simulator.fetch(passed);
    return between === undefined ? next(outgoing) : between(outgoing, next);
  });
  if (request === undefined) throw new Error('the provider has no files');
  const isolate = (namespace = bindings.DESCRIPTIONS) => claudeFiles({ namespace, request, ttlSeconds: 86_400, nowMs: () => nowMs, report: () => undefined });
  return {
    isolate,
    upstream,
    asked,
    uploads: () => asked.filter(({ method }) => method === 'POST').length,
    advance: (ms: number) => {
      nowMs += ms;
    },
    api: async (method: string, path: string) =>
      simulator.fetch(new Request(`http://claude.test/v1/${path}`, { method, headers: { 'x-api-key': 'k', 'anthropic-version': '2023-06-01' } })),
    simulator,
  };
}

const { signal } = new AbortController();

async function pictureOf(bytes: Uint8Array<ArrayBuffer>, mediaType: 'image/png' | 'image/jpeg' = 'image/png', from?: string) {
  return { bytes, sha256: await hexHash(bytes), mediaType, width: 64, height: 48, ...(from === undefined ? {} : { from }) };
}

describe('a file for a picture', () => {
  beforeEach(emptyStorage);

  it('is uploaded once, with its type and an expiry, and remembered across isolates', async () => {
    const claude = start();
    const image = await pictureOf(PNG);
    const files = claude.isolate();
    const id = await files.fileFor('acme', image, signal);
    expect(id).toMatch(/^file_/);
    expect(await files.fileFor('acme', image, signal)).toBe(id);
    expect(await claude.isolate().fileFor('acme', image, signal)).toBe(id);
    expect(claude.uploads()).toBe(1);
    const form = await claude.asked[0]?.formData();
    const file = form?.get('file') as unknown as File;
    expect([form?.get('expires_in_seconds'), file.type]).toEqual(['86400', 'image/png']);
    expect(new Uint8Array(await file.arrayBuffer())).toEqual(PNG);
    expect(claude.asked[0]?.headers.get('authorization')).toBe('Bearer sk-ant-test');
  });

  it('is deleted in its last minutes, too, when it is no longer used', async () => {
    const claude = start();
    const image = await pictureOf(PNG);
    const id = await claude.isolate().fileFor('acme', image, signal);
    claude.advance(DAY - 60_000);
    expect(await claude.isolate().purge('acme', image.sha256, signal)).toBe(1);
    expect((await claude.api('GET', `files/${id}`)).status).toBe(404);
  });

  it('is not taken for deleted where KV does not say whether it is there', async () => {
    const claude = start();
    const image = await pictureOf(PNG);
    const id = await claude.isolate().fileFor('acme', image, signal);
    const failing = Object.create(bindings.DESCRIPTIONS, {
      get: { value: () => Promise.reject(new Error('KV is down')) },
      list: { value: bindings.DESCRIPTIONS.list.bind(bindings.DESCRIPTIONS) },
      delete: { value: bindings.DESCRIPTIONS.delete.bind(bindings.DESCRIPTIONS) },
    }) as KVNamespace;
    await expect(claude.isolate(failing).purge('acme', image.sha256, signal)).rejects.toThrow('KV is down');
    expect(await claude.isolate().purge('acme', image.sha256, signal)).toBe(1);
    expect((await claude.api('GET', `files/${id}`)).status).toBe(404);
  });

  it('is one a tenant', async () => {
    const claude = start();
    const files = claude.isolate();
    const image = await pictureOf(PNG);
    const ids = [await files.fileFor('acme', image, signal), await files.fileFor('umbrella', image, signal)];
    expect(new Set(ids).size).toBe(2);
  });

  it.each([
    [0, 1],
    [DAY - 300_001, 1],
    [DAY - 300_000, 2],
    [DAY, 2],
  ])('after %i ms of a day has been uploaded %i times: shortly before its end it is not used any more', async (ms, uploads) => {
    const claude = start();
    const files = claude.isolate();
    const image = await pictureOf(PNG);
    await files.fileFor('acme', image, signal);
    claude.advance(ms);
    await files.fileFor('acme', image, signal);
    expect(claude.uploads()).toBe(uploads);
  });

  it('ends earlier for a key that keeps things for less', async () => {
    const claude = start();
    await claude.isolate().fileFor('acme', { ...(await pictureOf(PNG)), ttlSecondsMax: 7_200 }, signal);
    expect((await claude.asked[0]?.formData())?.get('expires_in_seconds')).toBe('7200');
  });

  it('is uploaded anew when it was forgotten', async () => {
    const claude = start();
    const files = claude.isolate();
    const image = await pictureOf(PNG);
    const id = await files.fileFor('acme', image, signal);
    await files.forget('acme', id);
    expect(await files.owns('acme', id)).toBeUndefined();
    expect(await files.fileFor('acme', image, signal)).not.toBe(id);
  });

  it('is given although KV fails', async () => {
    const broken = { get: () => Promise.reject(new Error('KV')), put: () => Promise.reject(new Error('KV')) } as unknown as KVNamespace;
    expect(
      await start()
        .isolate(broken)
        .fileFor('acme', await pictureOf(PNG), signal),
    ).toMatch(/^file_/);
  });

  it.each([
    [401, {}, { code: 'upstream_error', retryable: false }],
    [404, {}, { code: 'upstream_error' }],
    [429, { 'retry-after': '9' }, { code: 'rate_limited', retryAfterSeconds: 9 }],
    [500, {}, { code: 'upstream_error' }],
    [529, {}, { code: 'overloaded', retryAfterSeconds: 5 }],
  ])('that the API refuses with %i is a fault, unbilled, and nothing is remembered', async (status, headers, expected) => {
    const claude = start({ between: () => new Response('secret words', { status, headers }) });
    const fault = await claude
      .isolate()
      .fileFor('acme', await pictureOf(PNG), signal)
      .catch((error: unknown) => error as Error);
    expect(fault).toMatchObject({ ...expected, billed: false });
    expect((fault as Error).message).not.toContain('secret');
    expect(await storedNames()).toEqual([]);
  });

  it.each(['not json', '{}', '{"id":"../../x"}', '{"id":"file_ok","expires_at":"soon"}'])('is a fault where the API answers %s', async (text) => {
    const claude = start({ between: () => new Response(text) });
    await expect(claude.isolate().fileFor('acme', await pictureOf(PNG), signal)).rejects.toMatchObject({ code: 'upstream_error' });
  });
});

describe('the owner of a file', () => {
  beforeEach(emptyStorage);

  it('is the tenant for whom it was uploaded, and nobody else', async () => {
    const claude = start();
    const files = claude.isolate();
    const image = await pictureOf(PNG);
    const id = await files.fileFor('acme', image, signal);
    expect(await files.owns('acme', id)).toEqual({ sha256: image.sha256, mediaType: 'image/png', width: 64, height: 48, bytes: PNG.length });
    expect(await files.owns('umbrella', id)).toBeUndefined();
    await files.forget('umbrella', id);
    expect(await files.owns('acme', id)).toBeDefined();
    claude.advance(DAY);
    expect(await files.owns('acme', id)).toBeUndefined();
  });

  it.each(['', 'file_', 'file_011CNha8iCJcU1wXNR6q4V8w', 'file_a:b', `file_${'a'.repeat(600)}`, '../acme', 'FILE_1'])('of "%s" is nobody', async (id) => {
    const files = start().isolate();
    expect(await files.owns('acme', id)).toBeUndefined();
    await files.forget('acme', id);
  });

  it('is nobody where the record is not one', async () => {
    await bindings.DESCRIPTIONS.put('file-owner:v1:acme:file_x', '{"sha256":1}');
    expect(await start().isolate().owns('acme', 'file_x')).toBeUndefined();
  });
});

describe('a deleted picture', () => {
  beforeEach(emptyStorage);

  it('takes everything with it that was uploaded of it', async () => {
    const claude = start();
    const files = claude.isolate();
    const original = await hexHash(JPEG);
    const other = await files.fileFor('acme', await pictureOf(fixture('png-gray8.png')), signal);
    const ids = [
      await files.fileFor('acme', await pictureOf(JPEG, 'image/jpeg'), signal),
      await files.fileFor('acme', await pictureOf(PNG, 'image/png', original), signal),
    ];
    expect(await files.purge('umbrella', original, signal)).toBe(0);
    expect(await files.purge('acme', original, signal)).toBe(2);
    for (const id of ids) {
      expect((await claude.api('GET', `files/${id}`)).status).toBe(404);
      expect(await files.owns('acme', id)).toBeUndefined();
    }
    expect((await claude.api('GET', `files/${other}`)).status).toBe(200);
    expect((await storedNames()).filter((name) => name.includes(original) || ids.some((id) => name.includes(id)))).toEqual([]);
    expect(await files.purge('acme', original, signal)).toBe(0);
  });

  it('keeps its records where the API fails, so that it can be tried again', async () => {
    let isBroken = true;
    const claude = start({ between: (request, next) => (request.method === 'DELETE' && isBroken ? new Response(null, { status: 500 }) : next(request)) });
    const files = claude.isolate();
    const image = await pictureOf(PNG);
    await files.fileFor('acme', image, signal);
    await expect(files.purge('acme', image.sha256, signal)).rejects.toMatchObject({ code: 'upstream_error' });
    isBroken = false;
    expect(await files.purge('acme', image.sha256, signal)).toBe(1);
  });

  it('may be gone there already', async () => {
    const claude = start();
    const files = claude.isolate();
    const image = await pictureOf(PNG);
    await claude.api('DELETE', `files/${await files.fileFor('acme', image, signal)}`);
    expect(await files.purge('acme', image.sha256, signal)).toBe(1);
  });
});

describe('a conversation of five turns about four pictures', () => {
  beforeEach(emptyStorage);

  it('sends kilobytes a turn by file, where base64 sends every picture again', async () => {
    const claude = start();
    const files = claude.isolate();
    const pictures = [0, 1, 2, 3].map((index) => Uint8Array.from([...JPEG, ...new Uint8Array(150_000).fill(index + 1)]));
    const sourceOf = {
      base64: async (bytes: Uint8Array<ArrayBuffer>) => ({ type: 'base64', media_type: 'image/jpeg', data: bytes.toBase64() }),
      file: async (bytes: Uint8Array<ArrayBuffer>) => ({ type: 'file', file_id: await files.fileFor('acme', await pictureOf(bytes, 'image/jpeg'), signal) }),
    };
    const bytesATurn: Record<string, number[]> = { base64: [], file: [] };
    for (const kind of ['base64', 'file'] as const) {
      const messages: unknown[] = [];
      for (let turn = 0; turn < 5; turn++) {
        const shown = turn === 0 ? pictures.slice(0, 2) : turn === 2 ? pictures.slice(2) : [];
        const images = await Promise.all(shown.map(async (bytes) => ({ type: 'image', source: await sourceOf[kind](bytes) })));
        messages.push({ role: 'user', content: [...images, { type: 'text', text: 'And now?' }] });
        const body = new TextEncoder().encode(JSON.stringify({ model: 'claude-haiku-5-5', max_tokens: 50, messages })) as Uint8Array<ArrayBuffer>;
        const headers = new Headers({ 'content-type': 'application/json', 'anthropic-version': '2023-06-01' });
        const call = { path: 'messages', headers, body, bodyBytes: body.length, model: 'claude-haiku-5-5', isStream: false, signal } as const;
        const answer = await claude.upstream.send(call);
        expect(answer.status).toBe(200);
        messages.push({ role: 'assistant', content: ((await answer.json()) as { content: unknown }).content });
        bytesATurn[kind]?.push(body.length);
      }
    }
    const uploaded = pictures.reduce((sum, { length }) => sum + length, 0);
    console.log(`bytes a turn: base64 ${bytesATurn['base64']?.join(', ')}; file ${bytesATurn['file']?.join(', ')}, and ${uploaded} uploaded once`);
    expect(claude.uploads()).toBe(5 + 5 + 4);
    expect(bytesATurn['base64']?.[4]).toBeGreaterThan(800_000);
    expect(Math.max(...(bytesATurn['file'] ?? []))).toBeLessThan(8_000);
  });
});
