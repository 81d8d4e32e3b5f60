/** One call to the outside fails, at every place of the way in turn; what counts is the bill of the simulated Claude. */
import { beforeEach, describe, expect, it } from 'vitest';
import { type Break, BREAKS, brokenPorts } from '../support/broken-port.ts';
import { pngPicture } from '../support/picture.ts';
import { startService } from '../support/service.ts';
import { emptyStorage } from '../support/storage.ts';
import { withoutWaiting } from '../support/waiting.ts';

const CALLS_MAX = 60;
const RETRIES_MAX = 3;
/** Every budget is asked, although nothing comes near it. */
const environment = { BUDGET_USD_DAY: '100' };

interface Way {
  readonly path: string;
  readonly body: (image: object) => object;
  readonly hasKey: boolean;
}

const WAYS: Readonly<Record<string, Way>> = {
  'a describe': { path: '/v1/describe', body: (image) => ({ image }), hasKey: false },
  'a describe with an Idempotency-Key': { path: '/v1/describe', body: (image) => ({ image }), hasKey: true },
  'a describe with a key and without the cache': { path: '/v1/describe', body: (image) => ({ image, cache: 'bypass' }), hasKey: true },
  'a Messages request with a key': {
    path: '/v1/messages',
    body: ({ base64 }: { base64?: string }) => ({
      model: 'claude-haiku-5-5',
      max_tokens: 100,
      messages: [{ role: 'user', content: [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: base64 } }] }],
    }),
    hasKey: true,
  },
};

/** What came of the first request and its repeats. */
async function tryOut(way: Way, call: number, how: Break, picture: Uint8Array<ArrayBuffer>) {
  const ports = brokenPorts(call, how);
  const service = startService({ wrap: ports.wrap, environment });
  const key = crypto.randomUUID();
  const send = () => service.post(way.path, way.body({ base64: picture.toBase64() }), way.hasKey ? { 'idempotency-key': key } : {});
  const bill = async (): Promise<number> => (await service.simulate('bill')).total.calls;

  const first = await Promise.race([send(), ports.death]);
  const billedFirst = await bill();
  const isBilledSaid = first === 'dead' ? undefined : billedIn(await first.clone().json());
  const wasWritten = ports.done().some((name) => name === 'flights.land' || name === 'idempotency.finish');
  let last = first;
  for (let retry = 0; retry < RETRIES_MAX && (last === 'dead' || last.status !== 200); retry++) last = await send();
  return { broken: ports.broken(), first, billedFirst, isBilledSaid, wasWritten, last, billed: await bill() };
}

/** What is wrong with an outcome, in words. */
function faultsOf(way: Way, { first, billedFirst, isBilledSaid, wasWritten, last, billed }: Awaited<ReturnType<typeof tryOut>>): readonly string[] {
  const faults: string[] = [];
  // The documented case: it died after Claude had worked, and before that was written down.
  const isLost = first === 'dead' && billedFirst === 1 && !wasWritten;
  // Without a key a repeat is another request; whoever sends it was told that the first may have been billed.
  const isAsked = !way.hasKey && isBilledSaid === true;
  if (billed > (isLost || isAsked ? 2 : 1)) faults.push(`billed ${billed} times`);
  if (isBilledSaid === false && billedFirst > 0) faults.push('billed, and said that it was not');
  // What may have been billed under a key and failed stays failed; everything else is answered.
  const isKept = last !== 'dead' && last.headers.get('idempotent-replayed') === 'true' && (isBilledSaid === true || billedFirst === 1);
  if (last === 'dead' || (last.status !== 200 && !isKept)) faults.push(`ended in ${last === 'dead' ? last : last.status}`);
  return faults;
}

const billedIn = (body: any): boolean | undefined => body.billed;

describe('whatever call fails', () => {
  withoutWaiting();
  beforeEach(emptyStorage);

  const cases = Object.keys(WAYS).flatMap((name) => BREAKS.map((how) => [name, how] as const));
  it.each(cases)('%s is billed once, and answered in the end: %s', { timeout: 60_000 }, async (name, how) => {
    const way = WAYS[name] as Way;
    const places: string[] = [];
    const faults: string[] = [];
    for (let call = 1; call <= CALLS_MAX; call++) {
      // A picture that has to be sized, so that the whole way is walked.
      const picture = await pngPicture(1569, 20, { comment: `${name} ${how} ${call}` });
      const outcome = await tryOut(way, call, how, picture);
      if (outcome.broken === undefined) break;
      places.push(outcome.broken);
      faults.push(...faultsOf(way, outcome).map((fault) => `call ${call}, ${outcome.broken}: ${fault}`));
    }
    expect(faults).toEqual([]);
    expect(places.length).toBeLessThan(CALLS_MAX);
    expect(places).toContain(way.path === '/v1/describe' ? 'model.createMessage' : 'upstream.send');
  });
});
