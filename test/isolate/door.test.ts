import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CALM_MS, isolateDoor, LATE_MS, LEASE_MS, PATIENCE_MS, PATIENCE_MS_MAX, PLACES_MAX, PLACES_MIN, WAITING_MAX } from '../../src/isolate/door.ts';
import type { Fault } from '../../src/core/fault.ts';
import type { Place } from '../../src/port/door.ts';

/** Waits of the door, by the time of their end; the clock moves with them. */
let waits: { readonly endMs: number; readonly resolve: () => void }[] = [];
const pass = async (ms: number) => {
  const untilMs = Date.now() + ms;
  for (;;) {
    const [next] = waits.toSorted((one, other) => one.endMs - other.endMs);
    if (next === undefined || next.endMs > untilMs) break;
    waits = waits.filter((wait) => wait !== next);
    vi.setSystemTime(Math.max(Date.now(), next.endMs));
    next.resolve();
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  }
  vi.setSystemTime(untilMs);
};

/** What has become of a request at the door so far. */
function watch(work: Promise<Place>) {
  const state: { place?: Place; fault?: Fault } = {};
  work.then(
    (place) => (state.place = place),
    (error: Fault) => (state.fault = error),
  );
  return state;
}

describe('the door of an isolate', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'] });
    vi.stubGlobal('scheduler', { wait: (ms: number) => new Promise<void>((resolve) => waits.push({ endMs: Date.now() + ms, resolve })) });
  });
  afterEach(() => {
    waits = [];
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  it(`lets ${PLACES_MAX} in without waiting, and the next one when a place is free`, async () => {
    const door = isolateDoor();
    const places = await Promise.all(Array.from({ length: PLACES_MAX }, () => door.enter()));
    expect(waits).toEqual([]);
    expect(door.isBusy()).toBe(false);
    const next = watch(door.enter());
    await pass(500);
    expect([next.place, door.isBusy()]).toEqual([undefined, true]);
    places[0]?.leave();
    await pass(500);
    expect([next.place !== undefined, door.isBusy()]).toEqual([true, false]);
  });

  it(`keeps ${WAITING_MAX} waiting and sends one more away at once`, async () => {
    const door = isolateDoor(1);
    await door.enter();
    const waiting = Array.from({ length: WAITING_MAX }, () => watch(door.enter()));
    await expect(door.enter()).rejects.toMatchObject({ code: 'overloaded', retryAfterSeconds: 2 });
    expect(waiting.every(({ fault }) => fault === undefined)).toBe(true);
  });

  it(`sends away who has waited ${PATIENCE_MS / 1_000} seconds`, async () => {
    const door = isolateDoor(1);
    const place = await door.enter();
    const next = watch(door.enter());
    await pass(PATIENCE_MS / 2);
    // The one at work is seen again.
    place.pause();
    place.resume();
    await pass(PATIENCE_MS / 4);
    expect(next.fault).toBeUndefined();
    await pass(PATIENCE_MS / 4 + 100);
    expect(next.fault).toMatchObject({ code: 'overloaded' });
    expect(door.isBusy()).toBe(false);
  });

  it(`keeps waiting while the line moves, for ${PATIENCE_MS_MAX / 1_000} seconds at most`, async () => {
    const door = isolateDoor(1);
    let inside = await door.enter();
    const stepMs = PATIENCE_MS * 0.75;
    const line = Array.from({ length: 20 }, () => watch(door.enter()));
    const entered = () => line.filter(({ place }) => place !== undefined);
    for (let elapsedMs = stepMs; elapsedMs < PATIENCE_MS_MAX; elapsedMs += stepMs) {
      // The one at work is seen again, then makes room for one of the line.
      inside.pause();
      inside.resume();
      const before = entered();
      inside.leave();
      await pass(stepMs);
      const [next] = entered().filter((state) => !before.includes(state));
      inside = next?.place ?? inside;
      expect(entered().length).toBe(before.length + 1);
      expect(line.filter(({ fault }) => fault !== undefined)).toEqual([]);
    }
    inside.pause();
    inside.resume();
    await pass(stepMs);
    expect(line.filter(({ fault }) => fault?.code === 'overloaded')).toHaveLength(line.length - entered().length);
  });

  it('has few places just after the thread was late, and all of them again when it has kept up for a while', async () => {
    const door = isolateDoor();
    const first = await Promise.all(Array.from({ length: PLACES_MAX }, () => door.enter()));
    const second = watch(door.enter());
    // The thread is busy for so long that no timer fires.
    vi.setSystemTime(Date.now() + LATE_MS + 50);
    await pass(0);
    for (const place of first) place.pause();
    const others = Array.from({ length: PLACES_MAX }, () => watch(door.enter()));
    const inside = () => [second, ...others].filter(({ place }) => place !== undefined).length;
    // Those who come now wait behind those who know.
    expect(others.filter(({ place }) => place !== undefined)).toEqual([]);
    await pass(100);
    expect(inside()).toBeGreaterThanOrEqual(PLACES_MIN);
    expect(inside()).toBeLessThanOrEqual(PLACES_MIN + Math.ceil(((PLACES_MAX - PLACES_MIN) * 100) / CALM_MS));
    await pass(CALM_MS);
    expect(inside()).toBe(PLACES_MAX);
  });

  it('lets those who come enter at once when the thread keeps up, whoever still waits', async () => {
    const door = isolateDoor(1);
    const place = await door.enter();
    watch(door.enter());
    place.leave();
    expect(door.isBusy()).toBe(true);
    const next = watch(door.enter());
    await Promise.resolve();
    await Promise.resolve();
    expect(next.place).toBeDefined();
  });

  it('has room for others while a request waits for Claude, however many come back', async () => {
    const door = isolateDoor(1);
    const places: Place[] = [];
    for (let count = 0; count < 200; count++) {
      const place = await door.enter();
      place.pause();
      places.push(place);
    }
    for (const place of places) place.resume();
    const next = watch(door.enter());
    await pass(100);
    expect(next.place).toBeUndefined();
    for (const place of places) place.leave();
    await pass(100);
    expect(next.place).toBeDefined();
  });

  it('keeps a place free until the last of stages that overlap is over', async () => {
    const door = isolateDoor(1);
    const place = await door.enter();
    place.pause();
    place.pause();
    place.resume();
    (await door.enter()).leave();
    place.resume();
    watch(door.enter());
    expect(door.isBusy()).toBe(true);
  });

  it('counts nothing that ends after its request has left', async () => {
    const door = isolateDoor(1);
    const place = await door.enter();
    place.pause();
    place.leave();
    place.resume();
    await door.enter();
    expect(door.isBusy()).toBe(false);
  });

  it('gives the place of a request that has gone without a word to the next, after its lease', async () => {
    const door = isolateDoor(1);
    await door.enter();
    await pass(LEASE_MS);
    const next = watch(door.enter());
    await pass(100);
    expect(next.place).toBeDefined();
  });

  it('forgets one that has gone without a word while it waited', async () => {
    const door = isolateDoor(1);
    const place = await door.enter();
    watch(door.enter());
    waits = [];
    expect(door.isBusy()).toBe(true);
    await pass(1_100);
    expect(door.isBusy()).toBe(false);
    place.leave();
    expect(await door.enter()).toBeDefined();
  });
});
