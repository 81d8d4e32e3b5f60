import { describe, expect, it } from 'vitest';
import { createSimulator } from '../../simulator/app.ts';
import { filesApi } from '../../src/adapter/files-api.ts';
import { openProvider } from '../../src/adapter/upstream/provider.ts';
import { readConfig } from '../../src/config.ts';
import { fixture } from '../support/fixture.ts';

const PNG = fixture('png-rgb8.png');
const { signal } = new AbortController();

type Answer = (request: Request) => Response | Promise<Response>;

/** The Files API over a fresh simulator; `between` stands on the wire. */
function start(between: (request: Request, next: Answer) => Response | Promise<Response> = (request, next) => next(request)) {
  const simulator = createSimulator({});
  const asked: Request[] = [];
  const { provider } = readConfig({ ANTHROPIC_API_KEY: 'sk-ant-test', ANTHROPIC_BASE_URL: 'http://claude.test' });
  const { files } = openProvider(provider, {}, async (input, init) => {
    const request = new Request(input as string, init as RequestInit);
    asked.push(request.clone() as Request);
    return between(request, async (passed) => simulator.fetch(passed));
  });
  if (files === undefined) throw new Error('the provider has no files');
  const api = filesApi(files);
  const there = async () => ((await (await simulator.fetch(new Request('http://claude.test/simulator/files'))).json()) as any).files as any[];
  const upload = (name = api.newName(), expiresInSeconds: number | undefined = 7_200) =>
    api.upload({ name, bytes: PNG, mediaType: 'image/png', expiresInSeconds }, signal);
  return { api, asked, there, upload };
}

describe('the Files API', () => {
  it('takes a picture under its name, with its type and lifetime', async () => {
    const { api, asked, upload, there } = start();
    const name = api.newName();
    const file = await upload(name);
    expect(file.id).toMatch(/^file_/);
    expect(file.expiresAtMs).toBe(file.createdAtMs + 7_200_000);
    const form = await asked[0]?.formData();
    const part = form?.get('file') as unknown as File;
    expect([form?.get('expires_in_seconds'), part.name, part.type]).toEqual(['7200', name, 'image/png']);
    expect(new Uint8Array(await part.arrayBuffer())).toEqual(PNG);
    expect(asked[0]?.headers.get('authorization')).toBe('Bearer sk-ant-test');
    expect(await there()).toHaveLength(1);
  });

  it('names no two uploads alike, and says nothing of their pictures by that', () => {
    const { api } = start();
    expect(new Set(Array.from({ length: 100 }, () => api.newName())).size).toBe(100);
    expect(api.newName()).toMatch(/^vignette-[0-9a-f-]{36}$/);
  });

  it('keeps a file for good where no lifetime is given', async () => {
    const { api, asked } = start();
    const file = await api.upload({ name: 'a', bytes: PNG, mediaType: 'image/png', expiresInSeconds: undefined }, signal);
    expect(file.expiresAtMs).toBeNull();
    expect((await asked[0]?.formData())?.has('expires_in_seconds')).toBe(false);
  });

  it('deletes a file, and one that is gone already', async () => {
    const { api, upload, there } = start();
    const { id } = await upload();
    await api.delete(id, signal);
    await api.delete(id, signal);
    expect(await there()).toEqual([]);
  });

  it('deletes what was uploaded under a name, wherever it stands in the list, and nothing else', async () => {
    // Pages of two in place of a thousand.
    const { api, asked, upload, there } = start((request, next) => next(new Request(request.url.replace('limit=1000', 'limit=2'), request)));
    const name = api.newName();
    await upload(name);
    const others = [await upload(), await upload(), await upload()];
    await api.deleteByName(name, signal);
    expect((await there()).map(({ id }) => id).toSorted()).toEqual(others.map(({ id }) => id).toSorted());
    expect(asked.filter(({ method }) => method === 'GET')).toHaveLength(2);
    await api.deleteByName(name, signal);
    expect(await there()).toHaveLength(3);
  });

  it.each([
    [401, {}, { code: 'upstream_error', retryable: false }],
    [404, {}, { code: 'upstream_error' }],
    [413, {}, { code: 'image_too_large' }],
    [429, { 'retry-after': '9' }, { code: 'rate_limited', retryAfterSeconds: 9 }],
    [500, {}, { code: 'upstream_error', retryable: true }],
    [529, {}, { code: 'overloaded', retryAfterSeconds: 5 }],
  ])('that refuses with %i is a fault, unbilled, in words of our own', async (status, headers, expected) => {
    const { upload } = start(() => new Response('secret words', { status, headers }));
    const fault = await upload().catch((error: unknown) => error as Error);
    expect(fault).toMatchObject({ ...expected, billed: false });
    expect((fault as Error).message).not.toContain('secret');
  });

  it('that cannot be reached has billed nothing', async () => {
    const { upload } = start(() => Promise.reject(new Error('Network connection lost.')));
    await expect(upload()).rejects.toMatchObject({ code: 'upstream_error', billed: false });
  });

  it.each(['not json', '{}', '{"id":"../../x","created_at":"2026-11-21T00:00:00Z"}', '{"id":"file_ok","created_at":"soon"}'])(
    'that answers %s is a fault',
    async (text) => {
      await expect(start(() => new Response(text)).upload()).rejects.toMatchObject({ code: 'upstream_error' });
    },
  );

  it('that lists nothing that can be read is a fault, lest a file pass for deleted', async () => {
    const { api } = start(() => Response.json({ files: [] }));
    await expect(api.deleteByName('a', signal)).rejects.toMatchObject({ code: 'upstream_error' });
  });
});
