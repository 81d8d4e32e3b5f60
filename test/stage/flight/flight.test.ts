/** Requests that really end: each has a context of its own here, which the platform cancels when its client leaves. */
import { exports } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import jpegDecode from '@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm';
import png from '@jsquash/png/codec/pkg/squoosh_png_bg.wasm';
import webp from '@jsquash/webp/codec/dec/webp_dec.wasm';
import { createSimulator } from '../../../simulator/app.ts';
import { SingleFlight } from '../../../src/adapter/single-flight/object.ts';
import { fixture } from '../../support/fixture.ts';
import { ACME_KEY } from '../../support/service.ts';

const ROUNDS = 50;
const FOLLOWERS = 10;
/** How long the request to the simulated Claude and its answer take. */
const LATENCY_MS = 20;
/** Up to when the leader leaves, in durations of the round before. */
const LEAVING_MAX = 1.8;
const PNG = fixture('png-rgb8.png');

const worker = (exports as unknown as { default: Fetcher }).default;

/** Numbers from 0 to 1, the same in every run (Park and Miller's generator). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

describe('a leader who leaves', () => {
  let simulator: ReturnType<typeof createSimulator>;
  beforeEach(() => {
    simulator = createSimulator({ decoders: { jpeg: jpegDecode, png, webp } });
    vi.spyOn(console, 'log').mockImplementation(() => undefined);
    vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
      const request = new Request(input as RequestInfo, init as RequestInit);
      await pause(LATENCY_MS);
      const response = await simulator.fetch(request);
      // It is billed by now, and on its way.
      await pause(LATENCY_MS);
      return response;
    });
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  const describeImage = (prompt: string, signal?: AbortSignal): Promise<Response> =>
    worker.fetch(`https://vignette.test/v1/describe?prompt=${encodeURIComponent(prompt)}`, {
      method: 'POST',
      headers: { 'x-api-key': ACME_KEY, 'content-type': 'image/png' },
      body: PNG,
      ...(signal === undefined ? {} : { signal }),
    });
  const billedCalls = async () => ((await (await simulator.fetch(new Request('http://claude.test/simulator/bill'))).json()) as any).total.calls as number;

  it(`is billed once at most, and everybody else is answered: ${ROUNDS} rounds`, { timeout: 60_000 }, async () => {
    const joins = vi.spyOn(SingleFlight.prototype, 'join');
    const random = seeded(20_261_121);
    const outcomes = { left: 0, answered: 0 };
    let roundMs = LATENCY_MS;
    for (let round = 0; round < ROUNDS; round++) {
      const before = await billedCalls();
      const caller = new AbortController();
      const leaving = describeImage(`round ${round}`, caller.signal).then(
        () => 'answered' as const,
        () => 'left' as const,
      );
      await vi.waitUntil(() => joins.mock.calls.length > 0, { interval: 1 });
      joins.mockClear();
      const startMs = performance.now();
      const followers = Array.from({ length: FOLLOWERS }, () => describeImage(`round ${round}`));
      void pause(random() * LEAVING_MAX * roundMs).then(() => caller.abort());
      const answers = await Promise.all(followers);
      roundMs = performance.now() - startMs;
      expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: FOLLOWERS }, () => 200));
      outcomes[await leaving] += 1;
      joins.mockClear();
      expect((await billedCalls()) - before).toBeLessThanOrEqual(1);
      await Promise.all(answers.map((answer) => answer.text()));
    }
    // Both happened, so the rounds show what they should.
    expect(outcomes.left).toBeGreaterThan(5);
    expect(outcomes.answered).toBeGreaterThan(5);
    expect(await billedCalls()).toBe(ROUNDS);
  });
});
