import { abortAllDurableObjects, runInDurableObject } from 'cloudflare:test';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { KEEP_RESULT_MS, LEASE_MS, OUTCOME_CHARACTERS_MAX, RESTART_GRACE_MS, WAIT_MS_MAX, WAITERS_MAX } from '../../../src/core/flight/limit.ts';
import { openFlight, result, stoppedClock } from './flight.ts';

describe('a flight', () => {
  const clock = stoppedClock();
  let flight: ReturnType<typeof openFlight>;
  beforeEach(() => {
    flight = openFlight();
  });

  it('is led by the first; the others get its outcome, and those who come later what is kept of it', async () => {
    const leader = await flight.lead();
    const followers = [flight.join(), flight.join(false)];
    await flight.seen();
    expect(await leader.land(result('"a"'), KEEP_RESULT_MS)).toBe(true);
    expect(await Promise.all(followers)).toEqual([1, 2].map(() => ({ kind: 'landed', outcome: result('"a"'), isKept: false })));
    expect(await flight.join()).toEqual({ kind: 'landed', outcome: result('"a"'), isKept: true });
  });

  it('starts anew for those who want nothing that was there before', async () => {
    await (await flight.lead()).land(result('"old"'), KEEP_RESULT_MS);
    const leader = await flight.lead(flight.join(false));
    // What is kept is still good for others.
    expect(await flight.join()).toMatchObject({ isKept: true });
    await leader.land(result('"new"'), KEEP_RESULT_MS);
    expect(await flight.join()).toMatchObject({ outcome: result('"new"') });
  });

  it('keeps its outcome for its time, then nothing is stored any more', async () => {
    await (await flight.lead()).land(result('"a"'), KEEP_RESULT_MS);
    expect(await flight.stored()).toEqual(['kept']);
    clock.nowMs += KEEP_RESULT_MS - 1;
    expect(await flight.join()).toMatchObject({ kind: 'landed' });
    clock.nowMs += 1;
    expect(await flight.runAlarm()).toBe(true);
    expect(await flight.stored()).toEqual([]);
    expect(await flight.alarm()).toBeNull();
    await flight.lead();
  });

  it('keeps no outcome that is only for those who wait', async () => {
    const leader = await flight.lead();
    const follower = flight.join();
    await flight.seen();
    await leader.land(result('"a"'), 0);
    expect(await follower).toMatchObject({ kind: 'landed' });
    expect(await flight.stored()).toEqual([]);
    await flight.lead();
  });

  it.each([
    ['at most as long as a row', OUTCOME_CHARACTERS_MAX, ['kept']],
    ['longer than a row', OUTCOME_CHARACTERS_MAX + 1, []],
  ])('keeps an outcome %s for all', async (_, characters, names) => {
    await (await flight.lead()).land(result('x'.repeat(characters)), KEEP_RESULT_MS);
    expect(await flight.stored()).toEqual(names);
    expect(await flight.join()).toEqual({ kind: 'landed', outcome: result('x'.repeat(characters)), isKept: true });
  });

  it('passes on when its leader gives up, one after the other', async () => {
    const first = await flight.lead();
    const waiting = [flight.join(), flight.join()];
    await flight.seen();
    first.abandon();
    const second = await flight.lead(waiting[0]);
    second.abandon();
    const third = await flight.lead(waiting[1]);
    third.abandon();
    await vi.waitUntil(async () => (await flight.stored()).length === 0);
    expect(await flight.alarm()).toBeNull();
  });

  it('passes on when the lease of a silent leader ends, and not before', async () => {
    await flight.lead();
    const waiting = flight.join();
    await flight.seen();
    clock.nowMs += LEASE_MS - 1;
    await flight.runAlarm();
    const another = flight.join();
    await flight.seen();
    clock.nowMs += 1;
    await flight.runAlarm();
    await (await flight.lead(waiting)).land(result('"a"'), KEEP_RESULT_MS);
    expect(await another).toMatchObject({ kind: 'landed' });
  });

  it('takes the result of a leader whose lease has passed, but not its failure', async () => {
    const late = await flight.lead();
    clock.nowMs += LEASE_MS;
    const next = await flight.lead();
    const waiting = flight.join();
    await flight.seen();
    await late.land({ kind: 'fault', fault: { code: 'overloaded', message: 'x.', isLasting: false } }, 0);
    await late.land(result('"a"'), KEEP_RESULT_MS);
    expect(await waiting).toMatchObject({ outcome: result('"a"') });
    await next.land(result('"b"'), KEEP_RESULT_MS);
    expect(await flight.join()).toMatchObject({ outcome: result('"b"') });
  });

  it('survives a restart of its object: the leader can still land', async () => {
    const leader = await flight.lead();
    await abortAllDurableObjects();
    const follower = flight.join();
    await flight.seen();
    expect(await leader.land(result('"a"'), KEEP_RESULT_MS)).toBe(true);
    expect(await follower).toEqual({ kind: 'landed', outcome: result('"a"'), isKept: false });
    await abortAllDurableObjects();
    expect(await flight.join()).toEqual({ kind: 'landed', outcome: result('"a"'), isKept: true });
  });

  it('trusts a leader for a shorter time after a restart, since it can no longer see whether it lives', async () => {
    await flight.lead();
    await abortAllDurableObjects();
    const follower = flight.join();
    await flight.seen();
    clock.nowMs += RESTART_GRACE_MS - 1;
    await flight.runAlarm();
    const another = flight.join();
    await flight.seen();
    clock.nowMs += 1;
    await flight.runAlarm();
    (await flight.lead(follower)).abandon();
    await flight.lead(another);
  });

  it('brings followers back that a restart has cut off', async () => {
    const leader = await flight.lead();
    const followers = [flight.join(), flight.join()];
    await flight.seen();
    await abortAllDurableObjects();
    await flight.seen();
    await leader.land(result('"a"'), KEEP_RESULT_MS);
    expect(await Promise.all(followers)).toMatchObject([{ kind: 'landed' }, { kind: 'landed' }]);
  });

  it(`lets ${WAITERS_MAX} wait, and tells the next one`, async () => {
    const leader = await flight.lead();
    const followers = Array.from({ length: WAITERS_MAX }, () => flight.join());
    await flight.seen();
    expect(await flight.join()).toEqual({ kind: 'refused', reason: 'full' });
    await leader.land(result('"a"'), 0);
    const turns = await Promise.all(followers);
    expect(new Set(turns.map(({ kind }) => kind))).toEqual(new Set(['landed']));
  });

  it('lets nobody wait for longer than a call takes', async () => {
    await flight.lead();
    const timers: { run: () => void; ms: number | undefined }[] = [];
    vi.spyOn(globalThis, 'setTimeout').mockImplementation(((run: () => void, ms?: number) => timers.push({ run, ms })) as never);
    const follower = flight.join();
    await flight.seen();
    vi.mocked(globalThis.setTimeout).mockRestore();
    const [wait] = timers.filter(({ ms }) => ms === WAIT_MS_MAX);
    await runInDurableObject(flight.stub(), () => wait?.run());
    expect(await follower).toEqual({ kind: 'refused', reason: 'late' });
  });
});
