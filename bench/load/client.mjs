/** Requests to one address, in a closed loop (so many at a time) or an open one (so many a second, whatever comes back). */
import { Agent, request } from 'node:http';

/** A request that is not answered within this counts as `timeout`. */
const TIMEOUT_MS = 60_000;

/**
 * One POST. Never rejects: `status` is a number, `timeout` or `reset`.
 * @param {URL | string} url
 * @param {{ headers: Record<string, string>, body: Uint8Array, agent: Agent }} options
 */
export function post(url, { headers, body, agent }) {
  const startMs = performance.now();
  return new Promise((resolve) => {
    const end = (status, response) =>
      resolve({ status, ms: performance.now() - startMs, retryAfter: response?.headers['retry-after'], cache: response?.headers['cache-status'] });
    const outgoing = request(url, { method: 'POST', agent, timeout: TIMEOUT_MS, headers: { ...headers, 'content-length': body.length } }, (response) => {
      response
        .resume()
        .on('end', () => end(response.statusCode, response))
        .on('error', () => end('reset'));
    });
    outgoing
      .on('timeout', () => {
        end('timeout');
        outgoing.destroy();
      })
      .on('error', () => end('reset'))
      .end(body);
  });
}

/** Keeps `connections` requests under way for `seconds`; `send` gives the next one's result. */
export async function closedLoop({ connections, seconds, send }) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const results = [];
  const endMs = performance.now() + seconds * 1000;
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (performance.now() < endMs) results.push(await send(agent));
    }),
  );
  agent.destroy();
  return results;
}

/** Begins `perSecond` requests a second for `seconds`, evenly, and waits for all answers. `onEnd` is told when the last one has begun. */
export async function openLoop({ perSecond, seconds, send, onEnd = () => {} }) {
  const agent = new Agent({ keepAlive: true, maxSockets: Infinity });
  const pending = [];
  const total = Math.ceil(perSecond * seconds);
  const startMs = performance.now();
  while (pending.length < total) {
    const due = Math.min(total, Math.ceil(((performance.now() - startMs) / 1000) * perSecond));
    while (pending.length < due) pending.push(send(agent));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  onEnd(performance.now());
  const results = await Promise.all(pending);
  agent.destroy();
  return results;
}

/** Requests a second, latencies of the answers with 200, and how many there were of each status. */
export function summary(results, seconds) {
  const served = results.filter(({ status }) => status === 200).map(({ ms }) => ms);
  const statuses = {};
  for (const { status } of results) statuses[status] = (statuses[status] ?? 0) + 1;
  return { perSecond: served.length / seconds, p50Ms: percentile(served, 0.5), p99Ms: percentile(served, 0.99), statuses };
}

/** The value below which this part of a list lies; NaN of none. */
export function percentile(list, part) {
  const sorted = list.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
}
