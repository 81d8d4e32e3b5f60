import { beforeEach, describe, expect, it } from 'vitest';
import { keyStore } from '../../../src/adapter/key-store/client.ts';
import { formatSecret } from '../../../src/core/key/secret.ts';
import type { KeyStore } from '../../../src/port/key.ts';
import { makeKey } from '../../support/key.ts';
import { expectProblem } from '../../support/problem.ts';
import { ACME_KEY, startService } from '../../support/service.ts';
import { bindings, emptyStorage } from '../../support/storage.ts';

/** A store that counts what it is asked for. */
function countingStore(): { readonly keys: KeyStore; readonly asked: string[] } {
  const store = keyStore(bindings.DESCRIPTIONS, bindings.KEY_REGISTER);
  const asked: string[] = [];
  return {
    asked,
    keys: {
      ...store,
      findBySecret: (sha256) => {
        asked.push(sha256);
        return store.findBySecret(sha256);
      },
    },
  };
}

const randomSecret = () => formatSecret(crypto.getRandomValues(new Uint8Array(20)));

describe('a managed key', () => {
  beforeEach(emptyStorage);

  it.each([
    ['Bearer', (secret: string) => ({ authorization: `Bearer ${secret}` })],
    ['x-api-key', (secret: string) => ({ 'x-api-key': secret })],
  ] as const)('is let in as %s, beside those of the configuration', async (_, header) => {
    const { secret } = await makeKey();
    const service = startService();
    expect((await service.send('/v1/models', { headers: header(secret) })).status).toBe(200);
    expect((await service.send('/v1/models', { headers: header(ACME_KEY) })).status).toBe(200);
  });

  it.each([
    ['beside a foreign token', (right: string) => ({ authorization: 'Bearer sk-ant-oat01-foreign-token', 'x-api-key': right })],
    ['beside a wrong key of our own form', (right: string) => ({ authorization: `Bearer ${randomSecret()}`, 'x-api-key': right })],
    ['before a foreign key', (right: string) => ({ authorization: `Bearer ${right}`, 'x-api-key': 'sk-ant-api03-foreign' })],
  ] as const)('is found %s, and so is one of the configuration', async (_, headers) => {
    const { secret } = await makeKey();
    const service = startService();
    for (const right of [secret, ACME_KEY]) expect((await service.send('/v1/models', { headers: headers(right) })).status).toBe(200);
    await expectProblem(await service.send('/v1/models', { headers: headers('nobody') }), 'unauthorized');
  });

  it('is not found beside x-vignette-key, which says where the key of this service is', async () => {
    const { secret } = await makeKey();
    await expectProblem(await startService().send('/v1/models', { headers: { 'x-vignette-key': 'nobody', 'x-api-key': secret } }), 'unauthorized');
  });

  it('that was right lately is let in from a network that guesses, until it is revoked', async () => {
    const { header } = await makeKey();
    const { keys } = countingStore();
    let isRevoked = false;
    const service = startService({ ports: { keys: { ...keys, findBySecret: async (sha256) => (isRevoked ? undefined : keys.findBySecret(sha256)) } } });
    const from = { 'cf-connecting-ip': '203.0.113.9' };
    const status = async (headers: Record<string, string>) => (await service.send('/v1/models', { headers: { ...from, ...headers } })).status;
    const guess = async () => {
      for (let count = 0; count < 40; count++) await status({ 'x-api-key': randomSecret() });
    };
    expect(await status(header)).toBe(200);
    service.advance(3_600_000);
    await guess();
    expect(await status({ 'x-api-key': randomSecret() })).toBe(429);
    expect(await status(header)).toBe(200);
    isRevoked = true;
    service.advance(3_600_000);
    await guess();
    expect(await status(header)).toBe(429);
  });

  it('works without any key in the configuration', async () => {
    const { header } = await makeKey();
    const service = startService({ environment: { VIGNETTE_API_KEYS: '' } });
    expect((await service.send('/v1/models', { headers: header })).status).toBe(200);
  });

  it('is looked up once in half a minute, and never by its secret', async () => {
    const { secret, header } = await makeKey();
    const { keys, asked } = countingStore();
    const service = startService({ ports: { keys } });
    for (let count = 0; count < 5; count++) await service.send('/v1/models', { headers: header });
    service.advance(29_999);
    await service.send('/v1/models', { headers: header });
    expect(asked.length).toBe(1);
    service.advance(1);
    await service.send('/v1/models', { headers: header });
    expect(asked.length).toBe(2);
    expect(asked.join()).not.toContain(secret);
  });

  it('that expires stops in that moment, also where it is remembered', async () => {
    const { header } = await makeKey({ expires_at: new Date(Date.now() + 10_000).toISOString() });
    const service = startService();
    expect((await service.send('/v1/models', { headers: header })).status).toBe(200);
    service.advance(10_001);
    await expectProblem(await service.send('/v1/models', { headers: header }), 'unauthorized');
  });

  it('that cannot be looked up is neither let in nor called wrong', async () => {
    const { header } = await makeKey();
    const get = async () => {
      throw new Error('KV GET failed: 500');
    };
    const namespace = new Proxy(bindings.DESCRIPTIONS, { get: (target, name) => (name === 'get' ? get : Reflect.get(target, name).bind(target)) });
    const service = startService({ ports: { keys: keyStore(namespace, bindings.KEY_REGISTER) } });
    const response = await service.send('/v1/models', { headers: header });
    expect(response.headers.get('retry-after')).toBe('2');
    expect((await expectProblem(response, 'overloaded')).retryable).toBe(true);
    expect((await service.send('/v1/models', { headers: { 'x-api-key': ACME_KEY } })).status).toBe(200);
  });

  it('whose record is damaged lets nobody in', async () => {
    const { id, header } = await makeKey();
    await bindings.DESCRIPTIONS.put(`key-id:v2:${id}`, '{"id":"x"}');
    await expectProblem(await startService().send('/v1/models', { headers: header }), 'unauthorized');
  });

  it('is not let in without bounds where those of its tenant cannot be read', async () => {
    const { header } = await makeKey({ tenant: 'shop', tenant_limits: { usd_per_day: 1 } });
    await bindings.DESCRIPTIONS.put('tenant:v1:shop', '{"limits":{"usdDay":"one"}}');
    await expectProblem(await startService().send('/v1/models', { headers: header }), 'overloaded');
  });
});

describe('an unknown key', () => {
  beforeEach(emptyStorage);

  it('gets the words of every other refusal, whatever is wrong with it', async () => {
    const { secret } = await makeKey();
    const gone = await makeKey({ expires_at: new Date(Date.now() + 1_000).toISOString() });
    const service = startService();
    service.advance(2_000);
    const bodies = [];
    for (const key of ['', 'key-of-nobody', `${secret}0`, secret.slice(0, -1), secret.toUpperCase(), randomSecret(), gone.secret])
      bodies.push({ ...(await expectProblem(await service.send('/v1/models', { headers: { 'x-api-key': key } }), 'unauthorized')), request_id: '' });
    expect(new Set(bodies.map((body) => JSON.stringify(body))).size).toBe(1);
  });

  it('that is not formed like one never reaches the store', async () => {
    const secret = randomSecret();
    const { keys, asked } = countingStore();
    const service = startService({ ports: { keys } });
    const flipped = secret.slice(0, -1) + (secret.endsWith('0') ? '1' : '0');
    for (const key of ['vgn_', `${secret}0`, flipped, secret.slice(4), `vgn_${'0'.repeat(48)}`, 'sk-ant-api03-0000', '../key:v1:0', '%00'])
      await service.send('/v1/models', { headers: { 'x-api-key': key } });
    expect(asked).toEqual([]);
  });

  it('is looked up once in ten seconds', async () => {
    const headers = { 'x-api-key': randomSecret() };
    const { keys, asked } = countingStore();
    const service = startService({ ports: { keys } });
    for (let count = 0; count < 5; count++) await service.send('/v1/models', { headers });
    expect(asked.length).toBe(1);
    service.advance(10_000);
    await service.send('/v1/models', { headers });
    expect(asked.length).toBe(2);
  });

  it('comes a hundred thousand times: 30 look-ups, then 429 with the seconds to wait, and keys go on working', async () => {
    const { header } = await makeKey();
    const { keys, asked } = countingStore();
    const service = startService({ ports: { keys } });
    expect((await service.send('/v1/models', { headers: header })).status).toBe(200);
    const statuses = new Map<number, number>();
    for (let count = 0; count < 100_000; count++) {
      const { status } = await service.sendOnly('/v1/models', { 'x-api-key': randomSecret(), 'cf-connecting-ip': '203.0.113.9' });
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    expect([...statuses]).toEqual([
      [401, 30],
      [429, 99_970],
    ]);
    expect(asked.length).toBe(31);
    const from = { 'cf-connecting-ip': '203.0.113.9' };
    const refused = await service.send('/v1/models', { headers: { 'x-api-key': randomSecret(), ...from } });
    expect(refused.headers.get('retry-after')).toBe('2');
    await expectProblem(refused, 'rate_limited');
    // What is known already is let in from there, and so is a neighbour with a new key.
    expect((await service.send('/v1/models', { headers: { ...header, ...from } })).status).toBe(200);
    expect((await service.send('/v1/models', { headers: { 'x-api-key': ACME_KEY, ...from } })).status).toBe(200);
    const other = await makeKey();
    expect((await service.send('/v1/models', { headers: { ...other.header, 'cf-connecting-ip': '203.0.113.10' } })).status).toBe(200);
    await expectProblem(
      await service.send('/v1/models', { headers: { ...other.header, ...from, authorization: '', 'x-api-key': randomSecret() } }),
      'rate_limited',
    );
  }, 300_000);

  it('does not lock out a managed key that was right lately behind the same address', async () => {
    const { header } = await makeKey();
    const service = startService();
    const from = { 'cf-connecting-ip': '2a06:98c0:3600::103' };
    const ask = (headers: Record<string, string>) => service.send('/v1/models', { headers: { ...headers, ...from } });
    expect((await ask(header)).status).toBe(200);
    // By then the isolate has to look it up again, and the network is full.
    service.advance(31_000);
    for (let count = 0; count < 31; count++) await ask({ 'x-api-key': randomSecret() });
    expect((await ask({ 'x-api-key': randomSecret() })).status).toBe(429);
    expect((await ask(header)).status).toBe(200);
  });

  it('from many at once is limited before the first is judged', async () => {
    const { keys, asked } = countingStore();
    const service = startService({ ports: { keys } });
    const answers = await Promise.all(Array.from({ length: 200 }, () => service.send('/v1/models', { headers: { 'x-api-key': randomSecret() } })));
    expect(answers.filter(({ status }) => status === 401).length).toBe(30);
    expect(asked.length).toBe(30);
  });

  it('from a network of IPv6 counts for all its addresses', async () => {
    const service = startService();
    const send = (address: string) => service.send('/v1/models', { headers: { 'x-api-key': randomSecret(), 'cf-connecting-ip': address } });
    for (let count = 0; count < 30; count++) expect((await send(`2001:db8:1:2::${count.toString(16)}`)).status).toBe(401);
    expect((await send('2001:db8:1:2:ffff::1')).status).toBe(429);
    expect((await send('2001:db8:1:3::1')).status).toBe(401);
  });

  it('may come again after a while', async () => {
    const service = startService();
    const send = () => service.send('/v1/models', { headers: { 'x-api-key': 'key-of-nobody' } });
    for (let count = 0; count < 30; count++) await send();
    expect((await send()).status).toBe(429);
    service.advance(2_000);
    expect((await send()).status).toBe(401);
    expect((await send()).status).toBe(429);
  });

  it('does not count when it turns out to be right: a hundred new keys come from one network', async () => {
    const made = await Promise.all(Array.from({ length: 100 }, () => makeKey()));
    const service = startService();
    for (const { header } of made) expect((await service.send('/v1/models', { headers: header })).status).toBe(200);
  });

  it('is shed by the platform where it counts, too', async () => {
    const asked: string[] = [];
    const network = { allows: async (subject: string) => asked.push(subject) <= 2 };
    const { keys, asked: lookedUp } = countingStore();
    const service = startService({ ports: { keys, bursts: { network, key: { allows: async () => true } } } });
    const statuses = [];
    for (let count = 0; count < 3; count++)
      statuses.push((await service.send('/v1/models', { headers: { 'x-api-key': randomSecret(), 'cf-connecting-ip': '203.0.113.9' } })).status);
    expect(statuses).toEqual([401, 401, 429]);
    expect(asked).toEqual(['203.0.113.9', '203.0.113.9', '203.0.113.9']);
    expect(lookedUp.length).toBe(2);
    expect((await service.send('/v1/models', { headers: { 'x-api-key': ACME_KEY } })).status).toBe(200);
    expect(asked.length).toBe(3);
  });

  it('with any byte in it is a 401 and nothing else', async () => {
    const service = startService();
    for (const byte of [...Array(128).keys(), 255]) {
      const key = `vgn_${String.fromCharCode(byte)}${'0'.repeat(47)}`;
      let headers: Headers;
      try {
        headers = new Headers({ 'x-api-key': key });
      } catch {
        // NUL, LF and CR are no header at all.
        expect([0, 10, 13]).toContain(byte);
        continue;
      }
      headers.set('cf-connecting-ip', `203.0.113.${byte}`);
      const response = await service.send('/v1/models', { headers });
      expect([...response.headers.values()].join().includes(key), String(byte)).toBe(false);
      await expectProblem(response, 'unauthorized');
    }
  });
});
