/** `npm run keys` as an operator runs it, beside a running service: each step is a process of its own. */
import { execFile } from 'node:child_process';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Lent } from './support/broker.ts';
import { lendService } from './support/lent.ts';

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a service sends back for the bytes of one request. */
async function exchange(url: string, request: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write(request);
  return text(socket);
}

describe('npm run keys', () => {
  let stack: Lent;
  beforeAll(async () => {
    stack = await lendService();
  });

  const run = (...args: readonly string[]): Promise<Outcome> =>
    promisify(execFile)(process.execPath, ['scripts/keys.mjs', ...args]).then(
      ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
      (error: Outcome) => error,
    );
  const keys = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await run(...args, '--persist-to', stack.state, '--json');
    if (code !== 0) throw new Error(stderr);
    return JSON.parse(stdout);
  };
  const status = async (secret: string) => (await fetch(`${stack.url}/v1/models`, { headers: { 'x-api-key': secret } })).status;

  it('creates a key that works on the running service, rotates it and revokes it', async () => {
    const created = await keys('create', '--tenant', 'shop', '--name', 'Alt texts', '--limit', 'requests_per_minute=100', '--expires', '90d');
    expect(created).toMatchObject({ tenant: 'shop', name: 'Alt texts', limits: { requests_per_minute: 100 } });
    const response = await fetch(`${stack.url}/v1/models`, { headers: { authorization: `Bearer ${created.secret}` } });
    expect([response.status, response.headers.get('ratelimit-policy')]).toEqual([200, '"requests";q=100;w=60']);

    const rotated = await keys('rotate', created.id, '--overlap', '1h');
    expect(rotated.secret).not.toBe(created.secret);
    expect([await status(created.secret), await status(rotated.secret)]).toEqual([200, 200]);

    // A second rotation: its newest secret was never seen by the service, so that no memory of an isolate speaks for it.
    const again = await keys('rotate', created.id, '--overlap', '1h');
    const revoked = await keys('revoke', created.id);
    expect(revoked.revoked_at).not.toBeNull();
    expect(await status(again.secret)).toBe(401);
    expect((await run('rotate', created.id, '--persist-to', stack.state)).stderr).toContain('is revoked');
    const listed = await keys('list');
    expect(listed.filter(({ id }: { id: string }) => id === created.id)).toMatchObject([{ revoked_at: revoked.revoked_at }]);
    for (const { secret } of [created, rotated, again]) expect(JSON.stringify(listed)).not.toContain(secret.slice(4));
  });

  it('creates the first key that may administrate, and the service takes it', async () => {
    const admin = await keys('create', '--tenant', 'ops', '--scopes', 'admin');
    const headers = { 'x-api-key': admin.secret, 'content-type': 'application/json' };
    const response = await fetch(`${stack.url}/v1/admin/keys`, { method: 'POST', headers, body: '{"tenant": "blog"}' });
    const made = (await response.json()) as { id: string; secret: string };
    expect(response.status).toBe(201);
    expect(await status(made.secret)).toBe(200);
    const listed = (await keys('list')) as readonly { readonly id: string }[];
    expect(listed.map(({ id }) => id)).toEqual(expect.arrayContaining([admin.id, made.id]));
  });

  it('rotates over HTTP without a body, however a client says that there is none', async () => {
    const admin = await keys('create', '--tenant', 'ops', '--scopes', 'admin');
    const { id } = await keys('create', '--tenant', 'shop');
    for (const [headers, body] of [
      // As curl -X POST sends it.
      ['', ''],
      ['content-type: application/json\r\n', ''],
      ['content-length: 0\r\n', ''],
      ['transfer-encoding: chunked\r\n', '0\r\n\r\n'],
    ] as const) {
      const head = `POST /v1/admin/keys/${id}/rotate HTTP/1.1\r\nhost: service\r\nx-api-key: ${admin.secret}\r\nconnection: close\r\n${headers}\r\n`;
      const answer = await exchange(stack.url, head + body);
      expect(answer).toMatch(/^HTTP\/1\.1 200 /);
      expect(answer).toContain('"secret":"vgn_');
    }
  });

  it('prints the secret on a line of its own, and a table of keys without secrets', async () => {
    const { stdout } = await run('create', '--tenant', 'wiki', '--persist-to', stack.state);
    const secret = /^ {2}(vgn_[0-9a-f]{48})$/m.exec(stdout)?.[1] ?? '';
    expect(await status(secret)).toBe(200);
    const table = (await run('list', '--persist-to', stack.state)).stdout;
    expect(table).toMatch(/^id +tenant/);
    expect(table).toMatch(/^key_[0-9a-f]{24} +wiki .*active/m);
    expect(table).not.toContain('vgn_');
  });

  it('says what it can do', async () => {
    const { code, stdout } = await run('--help');
    expect(code).toBe(0);
    for (const word of ['create', 'list', 'rotate', 'revoke', '--local', '--remote', '--json', 'Examples:']) expect(stdout).toContain(word);
  });

  it.each<[string, readonly string[], RegExp]>([
    ['an unknown command', ['delete'], /no "delete"/],
    ['a key without a tenant', ['create'], /^--tenant is missing\.$/m],
    [
      'all faults at once',
      ['create', '--tenant', 'a b', '--scopes', 'root', '--store', 'x'],
      /--tenant is "a b"; it must [^]*--scopes is "root"; it must be one of [^]*--store is "x"; /,
    ],
    ['a limit that is no number', ['create', '--tenant', 'a', '--limit', 'usd_per_day=much'], /needs a number/],
    ['an unknown limit', ['create', '--tenant', 'a', '--limit', 'per_day=1'], /no field --limit per_day here/],
    [
      'a limit beyond its bound',
      ['create', '--tenant', 'a', '--limit', 'requests_per_minute=0'],
      /^--limit requests_per_minute is 0; it must be from 1 to 1000000\.$/m,
    ],
    ['no id', ['revoke'], /takes one id/],
    ['a word too many', ['list', 'all'], /takes no further words/],
    ['a setting where none is taken', ['list', '--tenant', 'a'], /--tenant has no meaning/],
    ['an unknown option', ['list', '--all'], /--all/],
    ['a time that is none', ['rotate', `key_${'0'.repeat(24)}`, '--overlap', 'soon'], /needs a time/],
    ['two places', ['list', '--local', '--remote'], /not both/],
  ])('refuses %s and writes nothing', async (_, args, words) => {
    const { code, stdout, stderr } = await run(...args);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(words);
    expect(stderr).not.toContain('    at ');
  });

  it('knows no key that is not there', async () => {
    for (const id of [`key_${'0'.repeat(24)}`, 'key_1']) expect((await run('revoke', id, '--persist-to', stack.state)).stderr).toContain(`no key ${id}`);
  });
});
