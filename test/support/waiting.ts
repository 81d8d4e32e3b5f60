/** Time without waiting: the platform's `scheduler.wait` returns at once and says how long it would have taken. */
import { afterEach, beforeEach, vi } from 'vitest';

/** For the tests of a file. Gives the list of waits in ms, emptied before each test. */
export function withoutWaiting(): readonly number[] {
  const waitedMs: number[] = [];
  beforeEach(() => {
    waitedMs.length = 0;
    vi.stubGlobal('scheduler', {
      wait: async (ms: number, options?: { signal?: AbortSignal }) => {
        options?.signal?.throwIfAborted();
        waitedMs.push(ms);
      },
    });
  });
  afterEach(() => {
    vi.unstubAllGlobals();
  });
  return waitedMs;
}
