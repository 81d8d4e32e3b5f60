/**
 * `npm run bench:load`: the whole Worker under load in workerd on this machine, the simulated Claude beside it. Cache hits (in turn
 * with a bare Worker), misses that decode, resize and ask, and both 90 to 10, with 1, 16 and 64 connections; then
 * five times as many misses as can be done, and 50 at once while Claude answers 529. `--seconds 60` for each row; `--smoke` for a moment,
 * to see that it runs. All on loopback; the number of requests is bounded.
 */
import { Agent } from 'node:http';
import { parseArgs } from 'node:util';
import { closedLoop, post, summary } from './client.mjs';
import { overload } from './overload.mjs';
import { photograph, startLoadStack } from './stack.mjs';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    connections: { type: 'string', default: '1,16,64' },
    smoke: { type: 'boolean', default: false },
  },
});
const seconds = values.smoke ? 0.5 : Number(values.seconds);
const connectionCounts = values.smoke ? [4] : values.connections.split(',').map(Number);
/** Hits and the bare Worker take turns, so that both meet the same machine. */
const TURNS = values.smoke ? 1 : 6;
const OVERLOAD_SECONDS_MAX = 15;
const WARM_UPS = values.smoke ? 3 : 30;
const CALLS_AT_ONCE = values.smoke ? 5 : 50;
/** Every tenth request of the mixture. */
const MISS_EVERY = 10;

const stack = await startLoadStack();
try {
  const image = await photograph();
  let count = 0;
  const describe = new URL('/v1/describe', stack.service.url);
  const hit = (agent) => post(describe, { headers: stack.headers, body: image, agent });
  // Another question about the same picture: nothing of the answer can come from the cache, and the picture is made anew.
  const miss = (agent) => post(new URL(`?prompt=question+${count++}`, describe), { headers: stack.headers, body: image, agent });
  const mixed = (agent) => (count++ % MISS_EVERY === 0 ? miss(agent) : hit(agent));
  const bare = (agent) => post(stack.bare.url, { headers: { 'content-type': 'image/jpeg' }, body: image, agent });

  await warmUp([hit, miss, bare]);
  console.log(`${image.length} B upload, 2000x1333 px; ${seconds} s a row; one machine for client, Worker and simulated Claude`);
  const rows = {};
  for (const connections of connectionCounts) {
    const peers = { 'bare Worker': { send: bare, of: stack.bare }, hit: { send: hit, of: stack.service } };
    const results = { 'bare Worker': [], hit: [] };
    const before = { 'bare Worker': stack.bare.cost(), hit: stack.service.cost() };
    for (let turn = 0; turn < TURNS; turn++) {
      for (const [name, { send }] of Object.entries(peers)) results[name].push(...(await closedLoop({ connections, seconds: seconds / TURNS, send })));
    }
    for (const [name, { of }] of Object.entries(peers)) rows[`${name}, ${connections}`] = row(results[name], before[name], of.cost());
    for (const [name, send] of Object.entries({ miss, '90 % hit': mixed })) {
      const costBefore = stack.service.cost();
      rows[`${name}, ${connections}`] = row(await closedLoop({ connections, seconds, send }), costBefore, stack.service.cost());
    }
  }
  console.table(rows);
  for (const connections of connectionCounts) {
    const ratio = (field) => (rows[`hit, ${connections}`][field] / rows[`bare Worker, ${connections}`][field]).toFixed(2);
    console.log(`${connections} connections: hit to bare, requests/s ${ratio('requests/s')}; CPU a request ${ratio('CPU ms')}`);
  }

  const strained = await overload({ sendMiss: miss, sendHit: hit, seconds: Math.min(seconds * 2, OVERLOAD_SECONDS_MAX) });
  console.log(
    `overload: capacity ${strained.capacity.toFixed(0)} misses/s, offered ${strained.perSecond.toFixed(0)}/s; answers ${JSON.stringify(strained.statuses)}, ` +
      `served p50 ${strained.p50Ms.toFixed(0)} ms, p99 ${strained.p99Ms.toFixed(0)} ms, refused p99 ${strained.refusedP99Ms.toFixed(0)} ms; ` +
      `${strained.others} other than 200, 429, 503; ${strained.withoutRetryAfter} refused without Retry-After; ` +
      `as fast as before (${strained.normalMs.toFixed(1)} ms) after ${strained.recoverySeconds.toFixed(1)} s; RSS ${megabytes(stack.service.cost().residentBytes)} MB`,
  );
  await whileClaudeIsOverloaded(miss);
} finally {
  await stack.stop();
}
process.exit();

async function warmUp(senders) {
  const agent = new Agent({ keepAlive: true });
  for (const send of senders) {
    for (let time = 0; time < WARM_UPS; time++) {
      const { status } = await send(agent);
      if (status !== 200) throw new Error(`status ${status} while nothing is loaded`);
    }
  }
  agent.destroy();
}

/** Different questions at once, of which each meets a 529 before its answer. */
async function whileClaudeIsOverloaded(send) {
  const faults = Array.from({ length: CALLS_AT_ONCE }, () => 'overloaded');
  const headers = { 'content-type': 'application/json' };
  await fetch(new URL('/simulator/faults', stack.simulator.url), { method: 'POST', headers, body: JSON.stringify({ faults }) });
  const agent = new Agent({ keepAlive: true, maxSockets: Infinity });
  const results = await Promise.all(Array.from({ length: CALLS_AT_ONCE }, () => send(agent)));
  agent.destroy();
  await fetch(new URL('/simulator/faults', stack.simulator.url), { method: 'DELETE' });
  const { p50Ms, p99Ms, statuses } = summary(results, 1);
  console.log(
    `${CALLS_AT_ONCE} calls at once, as many times 529 from Claude: ${JSON.stringify(statuses)}, p50 ${p50Ms.toFixed(0)} ms, p99 ${p99Ms.toFixed(0)} ms`,
  );
}

function row(results, before, after) {
  const { perSecond, p50Ms, p99Ms, statuses } = summary(results, seconds);
  return {
    'requests/s': Number(perSecond.toFixed(1)),
    'p50 ms': Number(p50Ms.toFixed(1)),
    'p99 ms': Number(p99Ms.toFixed(1)),
    'CPU ms': Number(((after.cpuMs - before.cpuMs) / results.length).toFixed(2)),
    statuses: JSON.stringify(statuses),
    'RSS MB before': megabytes(before.residentBytes),
    after: megabytes(after.residentBytes),
    VmHWM: megabytes(after.peakBytes),
  };
}

function megabytes(bytes) {
  return Math.round(bytes / 1e6);
}
