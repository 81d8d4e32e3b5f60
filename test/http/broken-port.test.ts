/** One call to the outside fails, at every place of the way in turn; what counts is the bill of the simulated Claude. */
import { beforeEach, describe, expect, it } from 'vitest';
import { type Break, BREAKS, brokenPorts, type Place, placesOf } from '../support/broken-port.ts';
import { pngPicture } from '../support/picture.ts';
import { startService } from '../support/service.ts';
import { emptyStorage } from '../support/storage.ts';
import { withoutWaiting } from '../support/waiting.ts';

const RETRIES_MAX = 3;
/** Every budget is asked, although nothing comes near it. */
const environment = { BUDGET_USD_DAY: '100' };

interface Way {
  readonly path: string;
  readonly body: (image: object) => object;
  readonly hasKey: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

const messages = ({ base64 }: { base64?: string }) => ({
  model: 'claude-haiku-5-5',
  max_tokens: 100,
  messages: [{ role: 'user', content: [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: base64 } }] }],
});

const WAYS: Readonly<Record<string, Way>> = {
  'a describe': { path: '/v1/describe', body: (image) => ({ image }), hasKey: false },
  'a describe with an Idempotency-Key': { path: '/v1/describe', body: (image) => ({ image }), hasKey: true },
  'a describe with a key and without the cache': { path: '/v1/describe', body: (image) => ({ image, cache: 'bypass' }), hasKey: true },
  'a Messages request with a key': {
    path: '/v1/messages',
    body: messages,
    hasKey: true,
  },
  'a Messages request with the cache': { path: '/v1/messages', body: messages, hasKey: false, headers: { 'x-vignette-cache': 'default' } },
};

/** What came of the first request and its repeats. */
async function tryOut(way: Way, place: Place | undefined, how: Break, picture: Uint8Array<ArrayBuffer>) {
  const ports = brokenPorts(place, how);
  const service = startService({ wrap: ports.wrap, environment });
  const key = crypto.randomUUID();
  const send = () => service.post(way.path, way.body({ base64: picture.toBase64() }), { ...way.headers, ...(way.hasKey ? { 'idempotency-key': key } : {}) });
  const bill = async (): Promise<number> => (await service.simulate('bill')).total.calls;

  const first = await Promise.race([ports.mortal(send), ports.death]);
  const billedFirst = await bill();
  const isBilledSaid = first === 'dead' ? undefined : billedIn(await first.clone().json());
  const wasWritten = ports.done().some((name) => name === 'flights.land' || name === 'idempotency.finish');
  let last = first;
  for (let retry = 0; retry < RETRIES_MAX && (last === 'dead' || last.status !== 200); retry++) last = await send();
  return { names: ports.names(), broken: ports.broken(), first, billedFirst, isBilledSaid, wasWritten, last, billed: await bill() };
}

/** What is wrong with an outcome, in words. */
function faultsOf(way: Way, { broken, first, billedFirst, isBilledSaid, wasWritten, last, billed }: Awaited<ReturnType<typeof tryOut>>): readonly string[] {
  const faults: string[] = [];
  // The documented case: it died after Claude had worked, and before that was written down.
  const isLost = first === 'dead' && billedFirst === 1 && !wasWritten;
  // Without a key a repeat is another request; whoever sends it was told that the first may have been billed.
  const isAsked = !way.hasKey && isBilledSaid === true;
  if (billed > (isLost || isAsked ? 2 : 1)) faults.push(`billed ${billed} times`);
  if (isBilledSaid === false && billedFirst > 0) faults.push('billed, and said that it was not');
  // What may have been billed under a key and failed stays failed; everything else is answered.
  const isKept =
    last !== 'dead' && last.headers.get('idempotent-replayed') === 'true' && (isBilledSaid === true || billedFirst === 1 || broken === 'upstream.send');
  if (last === 'dead' || (last.status !== 200 && !isKept)) faults.push(`ended in ${last === 'dead' ? last : last.status}`);
  return faults;
}

const billedIn = (body: any): boolean | undefined => body.billed ?? body.error?.details.billed;

describe('whatever call fails', () => {
  withoutWaiting();
  beforeEach(emptyStorage);

  const cases = Object.keys(WAYS).flatMap((name) => BREAKS.map((how) => [name, how] as const));
  it.each(cases)('%s is billed once, and answered in the end: %s', { timeout: 60_000 }, async (name, how) => {
    const way = WAYS[name] as Way;
    const faults: string[] = [];
    // A picture that has to be sized, so that the whole way is walked; another one each time.
    const picture = (comment: string) => pngPicture(1569, 20, { comment: `${name} ${how} ${comment}` });
    const { names, last } = await tryOut(way, undefined, how, await picture('whole'));
    expect(last === 'dead' ? 0 : last.status).toBe(200);
    for (const place of placesOf(names)) {
      const at = `${place.name} ${place.occurrence}`;
      const outcome = await tryOut(way, place, how, await picture(at));
      faults.push(...faultsOf(way, outcome).map((fault) => `${at}: ${fault}`));
    }
    expect(faults).toEqual([]);
    expect(names).toContain(way.path === '/v1/describe' ? 'model.createMessage' : 'upstream.send');
    expect(names.length).toBeGreaterThan(8);
  });
});
