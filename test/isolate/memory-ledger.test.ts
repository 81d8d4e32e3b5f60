import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { JOBS_MAX, memoryLedger, WAITING_MAX } from '../../src/isolate/memory-ledger.ts';
import { Fault } from '../../src/core/fault.ts';

/** Waits of the ledger, resolved one after the other by `tick`; the clock moves with them. */
const waits: (() => void)[] = [];
const tick = async (ms = 20) => {
  vi.setSystemTime(Date.now() + ms);
  for (const resolve of waits.splice(0)) {
    resolve();
    await Promise.resolve();
  }
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
};

/** What has become of a reservation so far. */
function watch<T>(work: Promise<T>) {
  const state: { outcome: T | Fault | undefined } = { outcome: undefined };
  work.then(
    (value) => (state.outcome = value),
    (error: Fault) => (state.outcome = error),
  );
  return state;
}

describe('the ledger of an isolate', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'] });
    vi.stubGlobal('scheduler', { wait: () => new Promise<void>((resolve) => waits.push(resolve)) });
  });
  afterEach(() => {
    waits.length = 0;
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  it('lets one alone pass its bound, and others up to it', async () => {
    const ledger = memoryLedger(100);
    const alone = await ledger.reserve(150);
    alone.release();
    await ledger.reserve(60);
    await ledger.reserve(40);
    expect(ledger.peakBytes()).toBe(150);
    const other = await ledger.reserve(0);
    expect(() => other.grow(1)).toThrow(Fault);
  });

  it('keeps idle memory as long as nobody needs its room', async () => {
    const ledger = memoryLedger(100);
    const drop = vi.fn();
    ledger.keepIdle(60, drop);
    const first = await ledger.reserve(40);
    expect(drop).not.toHaveBeenCalled();
    expect(ledger.peakBytes()).toBe(100);
    const second = await ledger.reserve(1);
    expect(drop).toHaveBeenCalledTimes(1);
    second.release();
    first.release();
    await ledger.reserve(100);
    expect(drop).toHaveBeenCalledTimes(1);
    expect(ledger.peakBytes()).toBe(100);
  });

  it('counts idle memory once with the job that works on it', async () => {
    const ledger = memoryLedger(100);
    const drop = vi.fn();
    ledger.keepIdle(60, drop);
    const job = await ledger.reserve(70, { isJob: true });
    const body = await ledger.reserve(30);
    expect(drop).not.toHaveBeenCalled();
    expect(ledger.peakBytes()).toBe(100);
    // The job is over: 30 for the body, 60 idle.
    job.release();
    await ledger.reserve(10);
    expect(drop).not.toHaveBeenCalled();
    body.grow(1);
    expect(drop).toHaveBeenCalledTimes(1);
  });

  it.each([
    [40, 0],
    [41, 1],
  ])('of %i idle bytes beside 60 others, in room for 100, drops at once what has none', async (bytes, dropped) => {
    const ledger = memoryLedger(100);
    await ledger.reserve(60);
    const drop = vi.fn();
    ledger.keepIdle(bytes, drop);
    expect(drop).toHaveBeenCalledTimes(dropped);
  });

  it('serves who came first, so that a large one is not passed by small ones', async () => {
    const ledger = memoryLedger(100);
    const [first, second] = [await ledger.reserve(50), await ledger.reserve(50)];
    const large = watch(ledger.reserve(80));
    const small = watch(ledger.reserve(10));
    first.release();
    await tick();
    expect([large.outcome, small.outcome]).toEqual([undefined, undefined]);
    second.release();
    await tick();
    await tick();
    expect([large.outcome, small.outcome].map((outcome) => outcome !== undefined && !(outcome instanceof Fault))).toEqual([true, true]);
  });

  it('keeps nobody waiting who needs nothing yet', async () => {
    const ledger = memoryLedger(100);
    await ledger.reserve(100);
    watch(ledger.reserve(10));
    await expect(ledger.reserve(0)).resolves.toBeDefined();
  });

  it('passes over one that has gone without a word', async () => {
    const ledger = memoryLedger(100);
    const holder = await ledger.reserve(100);
    watch(ledger.reserve(10));
    // Its request ends here: nothing of it ever runs again.
    waits.length = 0;
    const next = watch(ledger.reserve(10));
    holder.release();
    await tick(1_000);
    expect(next.outcome).toBeUndefined();
    await tick();
    expect(next.outcome).toBeDefined();
    expect(next.outcome).not.toBeInstanceOf(Fault);
  });

  it('gives up after five seconds, saying when to come again, and frees the place', async () => {
    const ledger = memoryLedger(100);
    const holder = await ledger.reserve(100);
    const late = watch(ledger.reserve(10));
    for (let polls = 0; polls < 249; polls++) await tick();
    expect(late.outcome).toBeUndefined();
    await tick();
    await tick();
    expect(late.outcome).toMatchObject({ code: 'overloaded', retryAfterSeconds: 2 });
    holder.release();
    await expect(ledger.reserve(100)).resolves.toBeDefined();
  });

  it(`lets ${JOBS_MAX} compute at once, however little they hold, and holds up nobody else`, async () => {
    const ledger = memoryLedger(100);
    const jobs = await Promise.all(Array.from({ length: JOBS_MAX }, () => ledger.reserve(1, { isJob: true })));
    await expect(ledger.reserve(10)).resolves.toBeDefined();
    const next = watch(ledger.reserve(1, { isJob: true }));
    await tick();
    expect(next.outcome).toBeUndefined();
    jobs[0]?.release();
    jobs[0]?.release();
    await tick();
    expect(next.outcome).toBeDefined();
    const another = watch(ledger.reserve(1, { isJob: true }));
    await tick();
    expect(another.outcome).toBeUndefined();
  });

  it(`lets ${WAITING_MAX} wait, and refuses the next at once`, async () => {
    const ledger = memoryLedger(100);
    await ledger.reserve(100);
    const waiting = Array.from({ length: WAITING_MAX }, () => watch(ledger.reserve(10)));
    await tick();
    expect(waiting.every(({ outcome }) => outcome === undefined)).toBe(true);
    await expect(ledger.reserve(10)).rejects.toMatchObject({ code: 'overloaded', retryAfterSeconds: 2 });
  });
});
