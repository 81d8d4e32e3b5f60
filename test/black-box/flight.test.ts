/** Single flight through a running service, over HTTP: what counts is the bill of the simulated Claude. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Lent } from './support/broker.ts';
import { lendService } from './support/lent.ts';

const PARALLEL = 200;
const PHOTO = readFileSync(new URL('../fixture/jpeg-baseline-444.jpg', import.meta.url));

describe('identical requests over HTTP', () => {
  let stack: Lent;
  beforeAll(async () => {
    stack = await lendService();
  });

  const ask = (query = '', signal?: AbortSignal) =>
    fetch(`${stack.url}/v1/describe${query}`, {
      method: 'POST',
      headers: { 'x-api-key': stack.key, 'content-type': 'image/jpeg' },
      body: new Uint8Array(PHOTO),
      ...(signal === undefined ? {} : { signal }),
    });
  const simulate = async (path: string, body?: unknown): Promise<any> =>
    (await fetch(`${stack.simulatorUrl}/simulator/${path}`, body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) })).json();

  it(`${PARALLEL} at once make one call`, async () => {
    // The call takes long enough for all of them to come while it is made.
    await simulate('faults', { faults: [{ kind: 'latency', latency_ms: 2_000 }] });
    const answers = await Promise.all(Array.from({ length: PARALLEL }, () => ask()));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    const bodies = (await Promise.all(answers.map((answer) => answer.json()))) as any[];
    expect((await simulate('bill')).total.calls).toBe(1);
    expect(bodies.filter(({ usage }) => usage.cost_usd > 0)).toHaveLength(1);
    expect(bodies.filter(({ cache }) => cache.status === 'joined').length).toBeGreaterThan(PARALLEL / 2);
    expect(new Set(bodies.map(({ id }) => id)).size).toBe(PARALLEL);
  });

  it('a client that leaves has paid for its repeat', async () => {
    await simulate('reset', {});
    await simulate('faults', { faults: [{ kind: 'latency', latency_ms: 1_000 }] });
    const caller = new AbortController();
    const lost = ask('?prompt=What%3F', caller.signal).catch((error: Error) => error.name);
    while ((await simulate('requests')).requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    caller.abort();
    expect(await lost).toBe('AbortError');
    const repeat = (await (await ask('?prompt=What%3F')).json()) as any;
    expect(repeat.cache.status).toMatch(/^(joined|hit)$/);
    expect((await simulate('bill')).total.calls).toBe(1);
  });
});
