/**
 * Requests a second of a cache hit (200 kB upload) against a bare Hono Worker that reads, hashes and gets once, in turn,
 * in workerd on this machine. `npm run bench [-- --seconds 10 --rounds 5]`; `--smoke` runs for a moment, to see that it runs.
 */
import { randomBytes } from 'node:crypto';
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
const vignette = createTestHarness({
  workers: [
    {
      configPath: 'wrangler.toml',
      vars: { ANTHROPIC_BASE_URL: simulatorUrl.origin },
      secrets: { ANTHROPIC_API_KEY: 'simulated', VIGNETTE_API_KEYS: `bench:${KEY}` },
    },
  ],
});
const bare = createTestHarness({ workers: [{ configPath: 'bench/bare/wrangler.toml' }] });
const peers = {
  vignette: { url: new URL('/v1/describe', (await vignette.listen()).url), headers: { 'x-api-key': KEY, 'content-type': 'image/jpeg' } },
  bare: { url: (await bare.listen()).url, headers: { 'content-type': 'image/jpeg' } },
};

const image = await photograph(200_000);
for (const peer of Object.values(peers)) for (let warm = 0; warm < 30; warm++) await post(peer, image);
const hit = JSON.parse((await post(peers.vignette, image)).body);
if (hit.cache?.status !== 'hit') throw new Error(`not a hit: ${JSON.stringify(hit).slice(0, 300)}`);

const rates = { vignette: [], bare: [] };
for (let round = 0; round < rounds; round++) for (const name of ['bare', 'vignette']) rates[name].push(await rate(peers[name], image));
const ratios = rates.vignette.map((value, index) => value / rates.bare[index]);
console.log(`cache hit, ${image.length} B upload, ${connections} connections, ${rounds} rounds of ${seconds} s each, in turn`);
console.table({
  'bare Hono Worker': {
    'requests/s (median)': Math.round(median(rates.bare)),
    min: Math.round(Math.min(...rates.bare)),
    max: Math.round(Math.max(...rates.bare)),
  },
  'Vignette, hit': {
    'requests/s (median)': Math.round(median(rates.vignette)),
    min: Math.round(Math.min(...rates.vignette)),
    max: Math.round(Math.max(...rates.vignette)),
  },
});
console.log(`ratio: median ${median(ratios).toFixed(2)}, ${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}; aim ≥ 0.85`);
await Promise.all([simulator.close(), vignette.close(), bare.close()]);
process.exit(0);

async function rate(peer, body) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
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
  return done / seconds;
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
