import { describe, expect, it } from 'vitest';
import { Stopwatch } from '../../../src/stage/session/stopwatch.ts';

/** A stopwatch on a clock that stands still but for `advance`. */
function startStopwatch() {
  let nowMs = 1_000;
  const spans: string[] = [];
  const startSpan = (name: string) => (spans.push(name), () => void spans.push(`/${name}`));
  const advance = async (ms: number) => {
    nowMs += ms;
  };
  return { stopwatch: new Stopwatch(() => nowMs, startSpan), advance, spans };
}

/** Work that takes so many ms on that clock, from when it is awaited. */
const after = (ms: number, advance: (ms: number) => Promise<void>) => Promise.resolve().then(() => advance(ms));

describe('the stopwatch', () => {
  it('adds up a stage that comes again, in order of first use', async () => {
    const { stopwatch, advance } = startStopwatch();
    await stopwatch.time('body', after(30, advance));
    await stopwatch.time('cache', after(5, advance));
    await stopwatch.time('body', after(10, advance));
    expect(stopwatch.stagesMs()).toEqual({ body: 40, cache: 5 });
    expect(stopwatch.header()).toBe('body;dur=40, cache;dur=5, total;dur=45, overhead;dur=5');
  });

  it('counts as overhead what is not waiting for the caller, the image, Claude or another request', async () => {
    const { stopwatch, advance } = startStopwatch();
    for (const stage of ['body', 'fetch', 'model', 'flight']) await stopwatch.time(stage, after(100, advance));
    await stopwatch.time('transcode', after(7, advance));
    await advance(2);
    expect(stopwatch.totalMs()).toBe(409);
    expect(stopwatch.overheadMs()).toBe(9);
  });

  it('has no overhead below nothing when stages overlap', async () => {
    const { stopwatch, advance } = startStopwatch();
    await Promise.all([stopwatch.time('fetch', after(50, advance)), stopwatch.time('fetch', after(50, advance))]);
    expect(stopwatch.overheadMs()).toBe(0);
  });

  it('times a stage that fails, ends its span, and passes the failure on', async () => {
    const { stopwatch, advance, spans } = startStopwatch();
    const failing = after(20, advance).then(() => Promise.reject(new Error('broken')));
    await expect(stopwatch.time('model', failing)).rejects.toThrow('broken');
    expect(stopwatch.stagesMs()).toEqual({ model: 20 });
    expect(spans).toEqual(['model', '/model']);
  });
});
