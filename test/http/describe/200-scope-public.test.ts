/** What tenants share with `"scope": "public"`: the answer, and nothing else. */
import { beforeEach, describe, expect, it } from 'vitest';
import { hexHash } from '../../support/hash.ts';
import { makeKey } from '../../support/key.ts';
import { pngPicture } from '../../support/picture.ts';
import { ACME_KEY, startService, UMBRELLA_KEY } from '../../support/service.ts';
import { emptyStorage } from '../../support/storage.ts';

const ACME = { 'x-api-key': ACME_KEY };
const UMBRELLA = { 'x-api-key': UMBRELLA_KEY };

describe('tenants who share answers', () => {
  let image: { readonly base64: string };
  let png: Uint8Array<ArrayBuffer>;
  beforeEach(async () => {
    await emptyStorage();
    png = await pngPicture(64, 32, { comment: crypto.randomUUID() });
    image = { base64: png.toBase64() };
  });
  type Service = ReturnType<typeof startService>;
  const ask = (service: Service, header: Record<string, string>, more: object = {}) =>
    service.post('/v1/describe', { image, scope: 'public', ...more }, header);
  const statusOf = async (response: Response) => ((await response.json()) as any).cache.status as string;

  it('do not share a budget that is used up: whoever can pay is answered', async () => {
    const service = startService();
    const poor = await Promise.all(Array.from({ length: 4 }, async (_, index) => await makeKey({ tenant: `poor-${index}`, limits: { usd_per_day: 0 } })));
    // Those who cannot pay come first, so one of them leads, and gives up.
    const [rich, ...others] = (await Promise.all([...poor.map(({ header }) => ask(service, header)), ask(service, ACME)])).toReversed();
    expect(rich?.status).toBe(200);
    for (const { status } of others) expect([200, 402]).toContain(status);
    expect(await service.calls()).toHaveLength(1);
  });

  it('learn nothing of one another from an answer', async () => {
    const service = startService();
    const mark = 'mark-of-acme';
    await ask(service, ACME, { metadata: { order: mark }, image: { ...image, filename: mark } });
    await ask(service, ACME, { metadata: { order: mark } });
    const other = await ask(service, UMBRELLA);
    const headers = JSON.stringify([...other.headers]);
    const text = await other.text();
    for (const secret of [mark, 'acme', ACME_KEY]) expect(text + headers).not.toContain(secret);
    expect(JSON.parse(text)).toMatchObject({ cache: { status: 'hit' }, usage: { cost_usd: 0 } });
  });

  it('do not share the picture: who found an answer about it has no original, and cannot delete that of another', async () => {
    const service = startService();
    const stored = await service.send('/v1/images', { method: 'POST', headers: { ...ACME, 'content-type': 'image/png' }, body: png });
    const { image_id: id }: any = await stored.json();
    await ask(service, ACME);
    expect(await statusOf(await ask(service, UMBRELLA))).toBe('hit');
    for (const method of ['GET', 'DELETE']) {
      const status = (await service.send(`/v1/images/${id}`, { method, headers: UMBRELLA })).status;
      expect(status, method).toBe(404);
    }
    expect((await service.send(`/v1/images/${id}`, { headers: ACME })).status).toBe(200);
    service.forgetFlights();
    expect(await statusOf(await ask(service, ACME))).toBe('hit');
  });

  it.each([
    ['the one who refreshed it', UMBRELLA],
    ['the one who made it first', ACME],
  ])('lose an answer that both of them wrote when %s deletes the picture, and it is asked for again', async (_, header) => {
    const service = startService();
    await ask(service, ACME);
    expect(await statusOf(await ask(service, UMBRELLA, { cache: 'refresh' }))).toBe('refresh');
    const id = `sha256:${await hexHash(png)}`;
    expect((await service.send(`/v1/images/${id}`, { method: 'DELETE', headers: header })).status).toBe(200);
    service.forgetFlights();
    // Nothing of whoever deleted is left, and one call is the most that it costs the other.
    expect(await statusOf(await ask(service, header === ACME ? UMBRELLA : ACME))).toBe('miss');
    expect(await service.calls()).toHaveLength(3);
  });

  it('pay for what they made, and are not charged for what others found', async () => {
    const service = startService();
    await ask(service, ACME);
    for (let time = 0; time < 3; time++) await ask(service, UMBRELLA);
    const usage = async (headers: Record<string, string>) => ((await (await service.send('/v1/usage', { headers })).json()) as any).total;
    expect(await usage(ACME)).toMatchObject({ requests: 1 });
    expect(await usage(UMBRELLA)).toMatchObject({ requests: 3, cost_usd: 0 });
  });
});
