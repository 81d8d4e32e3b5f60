import { abortAllDurableObjects } from 'cloudflare:test';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { SingleFlight } from '../../../src/adapter/single-flight/object.ts';
import { KEEP_RESULT_MS, LEASE_MS } from '../../../src/core/flight/limit.ts';
import { openFlight, result, stoppedClock } from './flight.ts';

const FAULT = { kind: 'fault', fault: { code: 'upstream_error', message: 'It broke.', isLasting: true } } as const;

describe('a flight that is forgotten', () => {
  const clock = stoppedClock();
  let flight: ReturnType<typeof openFlight>;
  beforeEach(() => {
    flight = openFlight();
  });

  /** Who led and who waited when it was forgotten, and who leads and waits since then. */
  const begunAnew = async () => {
    const earlier = await flight.lead();
    const before = flight.join();
    await flight.seen();
    await flight.forget();
    const later = await flight.lead();
    const after = flight.join();
    await flight.seen();
    return { earlier, before, later, after };
  };

  it('after its landing has nothing left', async () => {
    await (await flight.lead()).land(result('"a"'), KEEP_RESULT_MS);
    await flight.forget();
    expect(await flight.stored()).toEqual([]);
    expect(await flight.alarm()).toBeNull();
    await flight.lead();
  });

  it('is for those alone who came before: they get its result, which is not kept', async () => {
    const leader = await flight.lead();
    const before = [flight.join(), flight.join(false)];
    await flight.seen();
    await flight.forget();
    await leader.land(result('"before"'), KEEP_RESULT_MS);
    expect(await Promise.all(before)).toEqual([1, 2].map(() => ({ kind: 'landed', outcome: result('"before"'), isKept: false })));
    expect(await flight.stored()).toEqual([]);
    await flight.lead();
  });

  it.each(['before', 'after'])('gives nothing to those who come after it: they have a leader of their own, who lands %s the earlier one', async (order) => {
    const { earlier, before, later, after } = await begunAnew();
    const landings = [() => earlier.land(result('"before"'), KEEP_RESULT_MS), () => later.land(result('"after"'), KEEP_RESULT_MS)];
    for (const land of order === 'after' ? landings : landings.toReversed()) await land();
    expect(await before).toEqual({ kind: 'landed', outcome: result('"before"'), isKept: false });
    expect(await after).toEqual({ kind: 'landed', outcome: result('"after"'), isKept: false });
    expect(await flight.join()).toEqual({ kind: 'landed', outcome: result('"after"'), isKept: true });
  });

  it.each([
    ['nobody leads', false],
    ['another leads', true],
  ])('keeps nothing of a leader whose lease had passed, either: %s', async (_, hasNext) => {
    const late = await flight.lead();
    clock.nowMs += LEASE_MS;
    const next = hasNext ? await flight.lead() : undefined;
    const follower = next === undefined ? undefined : flight.join();
    await flight.seen();
    await flight.runAlarm();
    await flight.forget();
    await late.land(result('"late"'), KEEP_RESULT_MS);
    expect(await flight.stored()).toEqual([]);
    // Whoever came before it may have what was asked for before it.
    if (follower !== undefined) expect(await follower).toMatchObject({ outcome: result('"late"'), isKept: false });
    await next?.land(result('"next"'), KEEP_RESULT_MS);
    expect(await flight.stored()).toEqual([]);
    await flight.lead();
  });

  it('keeps nothing when its lease passes after that', async () => {
    const late = await flight.lead();
    await flight.forget();
    clock.nowMs += LEASE_MS;
    const next = await flight.lead();
    const follower = flight.join();
    await flight.seen();
    await late.land(result('"late"'), KEEP_RESULT_MS);
    expect(await flight.stored()).toEqual(['leader']);
    await next.land(result('"next"'), KEEP_RESULT_MS);
    expect(await follower).toMatchObject({ outcome: result('"next"') });
  });

  it('keeps nothing across a restart of its object', async () => {
    const leader = await flight.lead();
    await flight.forget();
    await abortAllDurableObjects();
    expect(await leader.land(result('"before"'), KEEP_RESULT_MS)).toBe(true);
    expect(await flight.stored()).toEqual([]);
    await flight.lead();
  });

  it('is still the same one after a restart, if nothing was forgotten', async () => {
    const leader = await flight.lead();
    await abortAllDurableObjects();
    await flight.seen();
    await abortAllDurableObjects();
    await leader.land(result('"a"'), KEEP_RESULT_MS);
    expect(await flight.join()).toMatchObject({ outcome: result('"a"'), isKept: true });
  });

  it('fails for those who came before, and for nobody else', async () => {
    const { earlier, before, later, after } = await begunAnew();
    await earlier.land(FAULT, KEEP_RESULT_MS);
    expect(await before).toEqual({ kind: 'landed', outcome: FAULT, isKept: false });
    expect(await flight.stored()).toEqual(['leader']);
    await later.land(result('"after"'), KEEP_RESULT_MS);
    expect(await after).toMatchObject({ outcome: result('"after"') });
  });

  it('passes on when its leader gives up: one of those who came before leads', async () => {
    const earlier = await flight.lead();
    const before = [flight.join(), flight.join()];
    await flight.seen();
    await flight.forget();
    earlier.abandon();
    const next = await flight.lead(before[0]);
    await next.land(result('"b"'), KEEP_RESULT_MS);
    expect(await before[1]).toMatchObject({ outcome: result('"b"') });
    expect(await flight.join()).toMatchObject({ outcome: result('"b"'), isKept: true });
  });

  it('passes on to the one who leads by then', async () => {
    const { earlier, before, later, after } = await begunAnew();
    const abandoned = vi.spyOn(SingleFlight.prototype, 'abandon');
    earlier.abandon();
    await vi.waitUntil(() => abandoned.mock.calls.length > 0, { interval: 1 });
    await later.land(result('"after"'), KEEP_RESULT_MS);
    expect(await before).toMatchObject({ outcome: result('"after"') });
    expect(await after).toMatchObject({ outcome: result('"after"') });
  });
});
