import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import worker, { type Env } from '../src/index.ts';
import { fixture } from './support/fixture.ts';
import { ACME_KEY } from './support/service.ts';
import { bindings, emptyStorage, storedNames } from './support/storage.ts';

/** One request to the Worker itself with variables as an operator would set them. */
async function send(path: string, init: RequestInit = {}, variables: Record<string, unknown> = {}): Promise<Response> {
  const context = createExecutionContext();
  const environment = { ...(env as unknown as Record<string, unknown>), ...bindings, ...variables } as unknown as Env;
  const response = await worker.fetch(new Request(`https://vignette.test${path}`, init) as Parameters<typeof worker.fetch>[0], environment, context);
  await waitOnExecutionContext(context);
  return response;
}

const withKey = { headers: { 'x-api-key': ACME_KEY } };

describe('the Worker', () => {
  const lines: string[] = [];
  beforeEach(async () => {
    lines.length = 0;
    for (const method of ['log', 'warn', 'error'] as const) vi.spyOn(console, method).mockImplementation((line: string) => void lines.push(line));
    await emptyStorage();
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('is wired: it answers, keeps images, and logs a line of JSON a request', async () => {
    const stored = await send('/v1/images', { method: 'POST', body: fixture('png-rgb8.png'), headers: { ...withKey.headers, 'content-type': 'image/png' } });
    expect(stored.status).toBe(201);
    expect(await storedNames()).toHaveLength(1);
    expect((await send('/v1/models', withKey)).status).toBe(200);
    expect(lines.map((line) => JSON.parse(line).status)).toEqual([201, 200]);
  });

  it('lets nobody in while no key is configured', async () => {
    for (const path of ['/v1/models', '/v1/describe', '/v1/images/x']) expect((await send(path, withKey, { VIGNETTE_API_KEYS: '' })).status).toBe(401);
    expect((await send('/healthz', {}, { VIGNETTE_API_KEYS: undefined })).status).toBe(200);
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    ['an exempt origin in production', { DEV_ALLOWED_ORIGINS: 'http://127.0.0.1:1' }, /DEV_ALLOWED_ORIGINS: only allowed with ENVIRONMENT=development/],
    ['a key that can be guessed', { VIGNETTE_API_KEYS: 'acme:secret-word' }, /the key of entry 1 has 11 characters/],
    ['two faults at once', { UPLOAD_BYTES_MAX: 'many', CACHE_TTL_SECONDS: '1' }, /UPLOAD_BYTES_MAX.*CACHE_TTL_SECONDS/],
  ])('refuses to run with %s; the caller learns nothing, the operator all', async (_, variables, faults) => {
    const response = await send('/v1/models', withKey, variables);
    expect(response.status).toBe(500);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    const problem = (await response.json()) as any;
    expect(problem).toMatchObject({ status: 500, code: 'internal', param: null, retryable: false, billed: false });
    expect(problem.request_id).toBe(response.headers.get('x-request-id'));
    expect(problem.request_id).toMatch(/^req_[0-9a-f]{32}$/);
    expect(JSON.stringify(problem)).not.toMatch(/DEV_|UPLOAD|secret|acme/);
    expect(lines.length).toBe(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ event: 'config_invalid', request_id: problem.request_id, faults: expect.stringMatching(faults) });
    expect(lines[0]).not.toContain('secret-word');
  });
});
