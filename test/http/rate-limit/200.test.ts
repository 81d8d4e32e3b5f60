import { beforeEach, describe, expect, it } from 'vitest';
import type { Accounts } from '../../../src/port/account.ts';
import { fixture } from '../../support/fixture.ts';
import { makeKey } from '../../support/key.ts';
import { ACME_KEY, startService } from '../../support/service.ts';
import { emptyStorage } from '../../support/storage.ts';

const PNG = { image: { base64: fixture('png-rgb8.png').toBase64() } };

/** The two fields of a response. */
const rate = (response: Response) => [response.headers.get('ratelimit-policy'), response.headers.get('ratelimit')];

describe('a key with rate limits', () => {
  beforeEach(emptyStorage);

  it('is told its policy and what is left with every answer, problems too', async () => {
    const { header } = await makeKey({ tenant: 'rate-a', limits: { requests_per_minute: 60 } });
    const service = startService();
    const policy = '"requests";q=60;w=60';
    expect(rate(await service.send('/v1/models', { headers: header }))).toEqual([policy, '"requests";r=59;t=1']);
    expect(rate(await service.send('/v1/models', { headers: header }))).toEqual([policy, '"requests";r=58;t=2']);
    expect(rate(await service.post('/v1/describe', {}, header))).toEqual([policy, '"requests";r=57;t=3']);
    expect(rate(await service.send('/v1/nothing', { headers: header }))).toEqual([policy, '"requests";r=56;t=4']);
    service.advance(2_500);
    expect(rate(await service.send('/v1/models', { headers: header }))).toEqual([policy, '"requests";r=57;t=3']);
  });

  it('counts image tokens when Claude is asked, and not on a hit', async () => {
    const { header } = await makeKey({ tenant: 'rate-b', limits: { image_tokens_per_minute: 6_000 } });
    const service = startService();
    const first = await service.post('/v1/describe', PNG, header);
    const { images } = (await first.json()) as any;
    const left = 6_000 - images[0].sent.image_tokens;
    expect(rate(first)).toEqual(['"image-tokens";q=6000;w=60', `"image-tokens";r=${left};t=1`]);
    expect(rate(await service.post('/v1/describe', PNG, header))).toEqual(['"image-tokens";q=6000;w=60', null]);
    expect(rate(await service.post('/v1/estimate', PNG, header))).toEqual(['"image-tokens";q=6000;w=60', null]);
  });

  it('shares those of its tenant with its other keys', async () => {
    const limits = { limits: { requests_per_minute: 10 }, tenant_limits: { requests_per_minute: 15 } };
    const [one, other] = await Promise.all([makeKey({ tenant: 'rate-c', ...limits }), makeKey({ tenant: 'rate-c', ...limits })]);
    const service = startService();
    expect(rate(await service.send('/v1/models', { headers: one.header }))[0]).toBe('"requests";q=10;w=60, "tenant-requests";q=15;w=60');
    expect(rate(await service.send('/v1/models', { headers: other.header }))[1]).toBe('"requests";r=9;t=6, "tenant-requests";r=13;t=8');
  });

  it('never takes from another tenant, nor from another key', async () => {
    const limits = { limits: { requests_per_minute: 5 } };
    const keys = await Promise.all(['rate-d', 'rate-d', 'rate-e'].map((tenant) => makeKey({ tenant, ...limits })));
    const service = startService();
    for (const { header } of keys) expect(rate(await service.send('/v1/models', { headers: header }))[1]).toBe('"requests";r=4;t=12');
  });
});

describe('a key without rate limits', () => {
  beforeEach(emptyStorage);

  it('asks no account anything, and has no such headers', async () => {
    const { header } = await makeKey({ limits: { usd_per_day: 5 } });
    const accounts = {
      take: () => {
        throw new Error('nothing is to be counted here');
      },
      reserve: async () => undefined,
      settle: async () => undefined,
      record: async () => undefined,
    } as unknown as Accounts;
    const key = {
      allows: () => {
        throw new Error('nothing is to be shed here');
      },
    };
    const service = startService({ ports: { accounts, bursts: { network: { allows: async () => true }, key } } });
    for (const headers of [header, { 'x-api-key': ACME_KEY }]) {
      const response = await service.post('/v1/describe', PNG, headers);
      expect(response.status).toBe(200);
      expect(rate(response)).toEqual([null, null]);
    }
  });
});
