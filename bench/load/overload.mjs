/** Five times more work than can be done: what is answered, and how soon all is well again. */
import { closedLoop, openLoop, percentile, summary } from './client.mjs';
import { Agent } from 'node:http';

/** A bound on what is offered, however fast the machine is. */
const REQUESTS_MAX = 6_000;
const TIMES_CAPACITY = 5;
const RECOVERY_SECONDS_MAX = 60;
const PROBES = 5;

/** Statuses that an overloaded service may give, each with `Retry-After` unless it is 200. */
const ALLOWED = new Set([200, 429, 503]);

/**
 * Measures the capacity for misses, offers five times as much, then probes with hits until they are as fast as before.
 * @param {{ sendMiss: (agent: Agent) => Promise<object>, sendHit: (agent: Agent) => Promise<object>, seconds: number }} options
 */
export async function overload({ sendMiss, sendHit, seconds }) {
  const probeAgent = new Agent({ keepAlive: true, maxSockets: 1 });
  const normal = [];
  for (let probe = 0; probe < PROBES * 4; probe++) normal.push((await sendHit(probeAgent)).ms);
  const normalMs = percentile(normal, 0.9);

  const startMs = performance.now();
  const measured = await closedLoop({ connections: 16, seconds: Math.max(1, seconds / 4), send: sendMiss });
  // The last answers come after the time is over.
  const capacity = measured.filter(({ status }) => status === 200).length / ((performance.now() - startMs) / 1000);
  const perSecond = Math.min(capacity * TIMES_CAPACITY, REQUESTS_MAX / seconds);
  let lastBegunMs = 0;
  let recoveredMs = Infinity;
  const offered = openLoop({
    perSecond,
    seconds,
    send: sendMiss,
    onEnd: (nowMs) => {
      lastBegunMs = nowMs;
    },
  });
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  // As fast as before, give or take the noise of a busy machine, several times in a row.
  let inRow = 0;
  for (const startMs = performance.now(); performance.now() - startMs < RECOVERY_SECONDS_MAX * 1000 && inRow < PROBES;) {
    const { ms, status } = await sendHit(probeAgent);
    inRow = status === 200 && ms <= normalMs * 2 + 20 ? inRow + 1 : 0;
    if (inRow === 1) recoveredMs = performance.now();
    if (inRow === 0) recoveredMs = Infinity;
  }
  const results = await offered;
  probeAgent.destroy();
  const waits = results.filter(({ status }) => status === 429 || status === 503);
  return {
    capacity,
    ...summary(results, seconds),
    perSecond,
    refusedP99Ms: percentile(
      waits.map(({ ms }) => ms),
      0.99,
    ),
    others: results.filter(({ status }) => !ALLOWED.has(status)).length,
    withoutRetryAfter: waits.filter(({ retryAfter }) => retryAfter === undefined).length,
    recoverySeconds: Math.max(0, (recoveredMs - lastBegunMs) / 1000),
    normalMs,
  };
}
