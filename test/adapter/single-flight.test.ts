import { abortAllDurableObjects, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { singleFlightClient } from '../../src/adapter/single-flight/client.ts';
import type { SingleFlight } from '../../src/adapter/single-flight/object.ts';
import { KEEP_RESULT_MS, LEASE_MS, OUTCOME_CHARACTERS_MAX, RESTART_GRACE_MS, WAIT_MS_MAX, WAITERS_MAX } from '../../src/core/flight/limit.ts';
import type { FlightTurn } from '../../src/port/flight.ts';

const namespace = (env as unknown as { FLIGHTS: DurableObjectNamespace<SingleFlight> }).FLIGHTS;
const reports: string[] = [];
const flights = singleFlightClient(namespace, (event) => reports.push(event));
let key = '';
const stub = () => namespace.get(namespace.idFromName(key));
const join = (takesKept = true): Promise<FlightTurn> => flights.join(key, { takesKept });
const result = (text: string) => ({ kind: 'result', result: text }) as const;

/** The turn of a request that leads. */
async function lead(turn = join()): Promise<FlightTurn & { readonly kind: 'lead' }> {
  const joined = await turn;
  if (joined.kind !== 'lead') throw new Error(`it does not lead: ${JSON.stringify(joined)}`);
  return joined;
}

/** Lets the object see everything that was sent so far. */
const seen = () => runInDurableObject(stub(), () => undefined);
const stored = () => runInDurableObject(stub(), (_, state) => [...state.storage.kv.list()].map(([name]) => name));
const alarm = () => runInDurableObject(stub(), (_, state) => state.storage.getAlarm());

describe('a flight', () => {
  let nowMs = 0;
  beforeEach(() => {
    key = crypto.randomUUID();
    reports.length = 0;
    nowMs = Date.now();
    vi.spyOn(Date, 'now').mockImplementation(() => nowMs);
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('is led by the first; the others get its outcome, and those who come later what is kept of it', async () => {
    const leader = await lead();
    const followers = [join(), join(false)];
    await seen();
    expect(await leader.land(result('"a"'), KEEP_RESULT_MS)).toBe(true);
    expect(await Promise.all(followers)).toEqual([1, 2].map(() => ({ kind: 'landed', outcome: result('"a"'), isKept: false })));
    expect(await join()).toEqual({ kind: 'landed', outcome: result('"a"'), isKept: true });
  });

  it('starts anew for those who want nothing that was there before', async () => {
    await (await lead()).land(result('"old"'), KEEP_RESULT_MS);
    const leader = await lead(join(false));
    // What is kept is still good for others.
    expect(await join()).toMatchObject({ isKept: true });
    await leader.land(result('"new"'), KEEP_RESULT_MS);
    expect(await join()).toMatchObject({ outcome: result('"new"') });
  });

  it('keeps its outcome for its time, then nothing is stored any more', async () => {
    await (await lead()).land(result('"a"'), KEEP_RESULT_MS);
    expect(await stored()).toEqual(['kept']);
    nowMs += KEEP_RESULT_MS - 1;
    expect(await join()).toMatchObject({ kind: 'landed' });
    nowMs += 1;
    expect(await runDurableObjectAlarm(stub())).toBe(true);
    expect(await stored()).toEqual([]);
    expect(await alarm()).toBeNull();
    await lead();
  });

  it('keeps no outcome that is only for those who wait', async () => {
    const leader = await lead();
    const follower = join();
    await seen();
    await leader.land(result('"a"'), 0);
    expect(await follower).toMatchObject({ kind: 'landed' });
    expect(await stored()).toEqual([]);
    await lead();
  });

  it.each([
    ['at most as long as a row', OUTCOME_CHARACTERS_MAX, ['kept']],
    ['longer than a row', OUTCOME_CHARACTERS_MAX + 1, []],
  ])('keeps an outcome %s for all', async (_, characters, names) => {
    await (await lead()).land(result('x'.repeat(characters)), KEEP_RESULT_MS);
    expect(await stored()).toEqual(names);
    expect(await join()).toEqual({ kind: 'landed', outcome: result('x'.repeat(characters)), isKept: true });
  });

  it('passes on when its leader gives up, one after the other', async () => {
    const first = await lead();
    const waiting = [join(), join()];
    await seen();
    first.abandon();
    const second = await lead(waiting[0]);
    second.abandon();
    const third = await lead(waiting[1]);
    third.abandon();
    await vi.waitUntil(async () => (await stored()).length === 0);
    expect(await alarm()).toBeNull();
  });

  it('passes on when the lease of a silent leader ends, and not before', async () => {
    await lead();
    const waiting = join();
    await seen();
    nowMs += LEASE_MS - 1;
    await runDurableObjectAlarm(stub());
    const another = join();
    await seen();
    nowMs += 1;
    await runDurableObjectAlarm(stub());
    await (await lead(waiting)).land(result('"a"'), KEEP_RESULT_MS);
    expect(await another).toMatchObject({ kind: 'landed' });
  });

  it('takes the result of a leader whose lease has passed, but not its failure', async () => {
    const late = await lead();
    nowMs += LEASE_MS;
    const next = await lead();
    const waiting = join();
    await seen();
    await late.land({ kind: 'fault', fault: { code: 'overloaded', message: 'x.', isLasting: false } }, 0);
    await late.land(result('"a"'), KEEP_RESULT_MS);
    expect(await waiting).toMatchObject({ outcome: result('"a"') });
    await next.land(result('"b"'), KEEP_RESULT_MS);
    expect(await join()).toMatchObject({ outcome: result('"b"') });
  });

  it('survives a restart of its object: the leader can still land', async () => {
    const leader = await lead();
    await abortAllDurableObjects();
    const follower = join();
    await seen();
    expect(await leader.land(result('"a"'), KEEP_RESULT_MS)).toBe(true);
    expect(await follower).toEqual({ kind: 'landed', outcome: result('"a"'), isKept: false });
    await abortAllDurableObjects();
    expect(await join()).toEqual({ kind: 'landed', outcome: result('"a"'), isKept: true });
  });

  it('trusts a leader for a shorter time after a restart, since it can no longer see whether it lives', async () => {
    await lead();
    await abortAllDurableObjects();
    const follower = join();
    await seen();
    nowMs += RESTART_GRACE_MS - 1;
    await runDurableObjectAlarm(stub());
    const another = join();
    await seen();
    nowMs += 1;
    await runDurableObjectAlarm(stub());
    (await lead(follower)).abandon();
    await lead(another);
  });

  it('brings followers back that a restart has cut off', async () => {
    const leader = await lead();
    const followers = [join(), join()];
    await seen();
    await abortAllDurableObjects();
    await seen();
    await leader.land(result('"a"'), KEEP_RESULT_MS);
    expect(await Promise.all(followers)).toMatchObject([{ kind: 'landed' }, { kind: 'landed' }]);
  });

  it('forgets what is kept, and does not keep what is flying then', async () => {
    await (await lead()).land(result('"a"'), KEEP_RESULT_MS);
    await flights.forget(key);
    expect(await stored()).toEqual([]);
    const leader = await lead();
    const follower = join();
    await seen();
    await flights.forget(key);
    await leader.land(result('"b"'), KEEP_RESULT_MS);
    expect(await follower).toMatchObject({ kind: 'landed', outcome: result('"b"') });
    expect(await stored()).toEqual([]);
  });

  it(`lets ${WAITERS_MAX} wait, and tells the next one`, async () => {
    const leader = await lead();
    const followers = Array.from({ length: WAITERS_MAX }, () => join());
    await seen();
    expect(await join()).toEqual({ kind: 'refused', reason: 'full' });
    await leader.land(result('"a"'), 0);
    const turns = await Promise.all(followers);
    expect(new Set(turns.map(({ kind }) => kind))).toEqual(new Set(['landed']));
  });

  it('lets nobody wait for longer than a call takes', async () => {
    await lead();
    const timers: { run: () => void; ms: number | undefined }[] = [];
    vi.spyOn(globalThis, 'setTimeout').mockImplementation(((run: () => void, ms?: number) => timers.push({ run, ms })) as never);
    const follower = join();
    await seen();
    vi.mocked(globalThis.setTimeout).mockRestore();
    const [wait] = timers.filter(({ ms }) => ms === WAIT_MS_MAX);
    await runInDurableObject(stub(), () => wait?.run());
    expect(await follower).toEqual({ kind: 'refused', reason: 'late' });
  });

  it('asks again when an object cannot be reached, and refuses when it stays so', async () => {
    let failures = 2;
    const flaky = {
      idFromName: (name: string) => name,
      get: () => ({
        join: async () => {
          failures -= 1;
          if (failures >= 0) throw new Error('Network connection lost.');
          return { role: 'landed', outcome: result('"a"'), isKept: true };
        },
      }),
    } as unknown as DurableObjectNamespace<SingleFlight>;
    const client = singleFlightClient(flaky, () => undefined);
    expect(await client.join('k', { takesKept: true })).toMatchObject({ kind: 'landed' });
    failures = 3;
    await expect(client.join('k', { takesKept: true })).rejects.toMatchObject({ code: 'overloaded', billed: false, retryAfterSeconds: 2 });
  });

  it('does not ask an object again that has too much to do', async () => {
    let asked = 0;
    const busy = {
      idFromName: (name: string) => name,
      get: () => ({
        join: async () => {
          asked += 1;
          throw Object.assign(new Error('Durable Object is overloaded.'), { overloaded: true });
        },
      }),
    } as unknown as DurableObjectNamespace<SingleFlight>;
    await expect(singleFlightClient(busy, () => undefined).join('k', { takesKept: true })).rejects.toMatchObject({ code: 'overloaded' });
    expect(asked).toBe(1);
  });

  it('says when an outcome could not be written down', async () => {
    const leader = await lead();
    vi.spyOn(namespace, 'get').mockImplementation(() => ({ land: async () => Promise.reject(new Error('gone')) }) as never);
    expect(await leader.land(result('"a"'), KEEP_RESULT_MS)).toBe(false);
    expect(reports).toEqual(['flight_landing_failed']);
  });
});
