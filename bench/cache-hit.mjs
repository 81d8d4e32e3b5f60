/**
 * Requests a second of a cache hit (200 kB upload) against a bare Hono Worker that reads, hashes and gets once, in turn,
 * in workerd on this machine; and the CPU time of workerd for each request (Linux), which holds still when the machine is busy.
 * `npm run bench [-- --seconds 10 --rounds 5]`; `--smoke` runs for a moment, to see that it runs.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { createTestHarness } from 'wrangler';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '5' },
    connections: { type: 'string', default: '16' },
    smoke: { type: 'boolean', default: false },
  },
});
const seconds = values.smoke ? 0.5 : Number(values.seconds);
const rounds = values.smoke ? 1 : Number(values.rounds);
const connections = Number(values.connections);
const KEY = 'bench-key-0123456789abcdef';

const simulator = createTestHarness({ workers: [{ configPath: 'simulator/wrangler.toml' }] });
const { url: simulatorUrl } = await simulator.listen();
// Without [assets]: on this machine they are emulated by one more Worker in front, at Cloudflare they are not.
const start = (vars) =>
  createTestHarness({
    workers: [
      {
        configPath: 'test/wrangler.toml',
        vars: { ANTHROPIC_BASE_URL: simulatorUrl.origin, ANTHROPIC_API_KEY: 'simulated', VIGNETTE_API_KEYS: `bench:${KEY}`, ...vars },
      },
    ],
  });
const vignette = start({});
// A line of the log costs more here than at Cloudflare, and the bare Worker writes none.
const silent = start({ LOG_LEVEL: 'warn' });
const bare = createTestHarness({ workers: [{ configPath: 'bench/bare/wrangler.toml' }] });
const headers = { 'x-api-key': KEY, 'content-type': 'image/jpeg' };
const peers = {
  vignette: { url: new URL('/v1/describe', (await vignette.listen()).url), headers },
  silent: { url: new URL('/v1/describe', (await silent.listen()).url), headers },
  bare: { url: (await bare.listen()).url, headers: { 'content-type': 'image/jpeg' } },
};

const image = await photograph(200_000);
for (const peer of Object.values(peers)) for (let warm = 0; warm < 30; warm++) await post(peer, image);
const hit = JSON.parse((await post(peers.vignette, image)).body);
if (hit.cache?.status !== 'hit') throw new Error(`not a hit: ${JSON.stringify(hit).slice(0, 300)}`);

const rates = { vignette: [], silent: [], bare: [] };
const cpus = { vignette: [], silent: [], bare: [] };
for (let round = 0; round < rounds; round++) {
  for (const name of ['bare', 'vignette', 'silent']) {
    const { perSecond, cpuMs } = await rate(peers[name], image);
    rates[name].push(perSecond);
    cpus[name].push(cpuMs);
  }
}
console.log(`cache hit, ${image.length} B upload, ${connections} connections, ${rounds} rounds of ${seconds} s each, in turn`);
const row = (name) => ({
  'requests/s (median)': Math.round(median(rates[name])),
  min: Math.round(Math.min(...rates[name])),
  max: Math.round(Math.max(...rates[name])),
  'workerd CPU ms a request': Number(median(cpus[name]).toFixed(3)),
});
console.table({ 'bare Hono Worker': row('bare'), 'Vignette, hit': row('vignette'), 'the same, LOG_LEVEL=warn': row('silent') });
for (const name of ['vignette', 'silent']) {
  const rateRatios = rates[name].map((value, index) => value / rates.bare[index]);
  const cpuRatios = cpus.bare.map((value, index) => value / cpus[name][index]);
  const range = (list) => `median ${median(list).toFixed(2)}, ${Math.min(...list).toFixed(2)} to ${Math.max(...list).toFixed(2)}`;
  console.log(`${name === 'silent' ? 'LOG_LEVEL=warn' : 'Vignette'} to bare: requests/s ${range(rateRatios)} (aim 0.85 or more); CPU ${range(cpuRatios)}`);
}
await Promise.all([simulator.close(), vignette.close(), silent.close(), bare.close()]);
process.exit(0);

async function rate(peer, body) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const startCpuMs = workerdCpuMs();
  const endMs = performance.now() + seconds * 1000;
  let done = 0;
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (performance.now() < endMs) {
        const { status } = await post(peer, body, agent);
        if (status !== 200) throw new Error(`status ${status}`);
        done += 1;
      }
    }),
  );
  agent.destroy();
  return { perSecond: done / seconds, cpuMs: (workerdCpuMs() - startCpuMs) / done };
}

/** User and system time of all workerd processes that this one has started; only one peer works at a time. */
function workerdCpuMs() {
  if (!existsSync('/proc/self/stat')) return NaN;
  const fields = readdirSync('/proc').flatMap((pid) => {
    try {
      return /^\d+$/.test(pid) ? [readFileSync(`/proc/${pid}/stat`, 'utf8')] : [];
    } catch {
      return [];
    }
  });
  const mine = fields.filter((stat) => stat.includes('(workerd)')).map((stat) => stat.slice(stat.lastIndexOf(')') + 2).split(' '));
  // Fields 4, 14 and 15 of proc(5); the slice begins at field 3. A clock tick is 10 ms.
  return mine.filter((stat) => Number(stat[1]) === process.pid).reduce((sum, stat) => sum + (Number(stat[11]) + Number(stat[12])) * 10, 0);
}

function post({ url, headers }, body, agent) {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method: 'POST', agent, headers: { ...headers, 'content-length': body.length } }, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part)).on('end', () => resolve({ status: response.statusCode, body: Buffer.concat(parts).toString() }));
    });
    outgoing.on('error', reject).end(body);
  });
}

/** A JPEG of about so many bytes: noise on a gradient. */
async function photograph(bytes) {
  const [width, height] = [1200, 800];
  const noise = randomBytes(width * height * 3).map((value, index) => 60 + ((index / 3) % width) / 10 + value / 12);
  for (let quality = 95; quality > 10; quality -= 5) {
    const file = await sharp(noise, { raw: { width, height, channels: 3 } })
      .jpeg({ quality })
      .toBuffer();
    if (file.length <= bytes) return file;
  }
  throw new Error('no quality fits');
}

function median(list) {
  return list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];
}
