/** `npm run keys -- … --remote` against a stand-in for Cloudflare's KV API: the requests that reach it are those of wrangler itself. */
import { execFile } from 'node:child_process';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const NAMESPACE_ID = '0123456789abcdef0123456789abcdef';
const NAMESPACE_PATH = `/client/v4/accounts/test-account/storage/kv/namespaces/${NAMESPACE_ID}`;

interface Entry {
  readonly key: string;
  readonly value: string;
  readonly expiration?: number;
}

describe('npm run keys on a deployment', () => {
  const entries = new Map<string, Entry>();
  const authorizations = new Set<string | undefined>();
  let server: Server;
  beforeAll(async () => {
    server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
  });
  afterAll(() => server?.close());

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    authorizations.add(request.headers.authorization);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = chunks.length === 0 ? undefined : JSON.parse(Buffer.concat(chunks).toString());
    const url = new URL(request.url ?? '', 'http://cloudflare.test');
    const result = resultOf(`${request.method} ${url.pathname.replace(NAMESPACE_PATH, '')}`, body, url.searchParams.get('prefix') ?? '');
    response.writeHead(result === undefined ? 404 : 200, { 'content-type': 'application/json' });
    const errors = result === undefined ? [{ code: 10_000, message: 'not here' }] : [];
    response.end(JSON.stringify({ success: result !== undefined, errors, messages: [], result, result_info: { cursor: '' } }));
  }

  function resultOf(asked: string, body: any, prefix: string): unknown {
    switch (asked) {
      case 'PUT /bulk':
        for (const entry of body as readonly Entry[]) entries.set(entry.key, entry);
        return {};
      case 'DELETE /bulk':
      case 'POST /bulk/delete':
        for (const key of body as readonly string[]) entries.delete(key);
        return {};
      case 'POST /bulk/get':
        return { values: Object.fromEntries(body.keys.map((key: string) => [key, entries.get(key)?.value ?? null])) };
      case 'GET /keys':
        return [...entries.keys()].filter((key) => key.startsWith(prefix)).map((name) => ({ name }));
      default:
        return undefined;
    }
  }

  async function keys(...args: readonly string[]): Promise<any> {
    const { port } = server.address() as AddressInfo;
    const { stdout } = await promisify(execFile)(process.execPath, ['scripts/keys.mjs', ...args, '--remote', '--namespace-id', NAMESPACE_ID, '--json'], {
      env: {
        ...process.env,
        CLOUDFLARE_API_BASE_URL: `http://127.0.0.1:${port}/client/v4`,
        CLOUDFLARE_API_TOKEN: 'token-of-the-test',
        CLOUDFLARE_ACCOUNT_ID: 'test-account',
      },
    });
    return JSON.parse(stdout);
  }

  it('writes what the service reads, and no secret', async () => {
    const created = await keys('create', '--tenant', 'shop');
    const rotated = await keys('rotate', created.id, '--overlap', '1h');
    expect([...entries.keys()].map((key) => key.replace(/[0-9a-f]{64}$/, '<sha256>')).toSorted()).toEqual([
      `key-id:v2:${created.id}`,
      'key:v1:<sha256>',
      'key:v1:<sha256>',
    ]);
    const stored = JSON.stringify([...entries.values()]);
    for (const { secret } of [created, rotated]) expect(stored).not.toContain(secret.slice(4, 44));
    expect([...entries.values()].filter(({ expiration }) => expiration !== undefined).length).toBe(1);
    expect(await keys('list')).toMatchObject([{ id: created.id, tenant: 'shop', secrets: [{}, {}] }]);

    await keys('revoke', created.id);
    expect([...entries.keys()]).toEqual([`key-id:v2:${created.id}`]);
    expect([...authorizations]).toEqual(['Bearer token-of-the-test']);
  });
});
