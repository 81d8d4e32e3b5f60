/**
 * What `POST /v1/messages` costs on its way: calls through Vignette against the same calls to the Claude simulator directly, in turn,
 * each Worker in a workerd of its own on this machine. Prints ratios and added milliseconds, CPU time of both processes, bytes on the
 * wire, time to the first byte of a stream, and the most memory that a request of 25 MB adds.
 * `npm run bench:proxy [-- --calls 200 --rounds 5]`; `--smoke` runs for a moment, to see that it runs.
 */
import { randomFillSync } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { startBare } from '../scripts/local/bare.mjs';

const { values } = parseArgs({
  options: { calls: { type: 'string', default: '100' }, rounds: { type: 'string', default: '5' }, smoke: { type: 'boolean', default: false } },
});
const calls = values.smoke ? 2 : Number(values.calls);
const rounds = values.smoke ? 1 : Number(values.rounds);
const KEY = 'bench-key-0123456789abcdef';
const LARGE_BYTES = 25_000_000;

const simulator = await startBare({ configPath: 'simulator/wrangler.toml' });
const vignette = await startBare({
  configPath: 'test/wrangler.toml',
  variables: { ENVIRONMENT: 'development', ANTHROPIC_BASE_URL: simulator.url, VIGNETTE_API_KEYS: `bench:${KEY}` },
});
const peers = { direct: simulator.url, vignette: vignette.url };
const agents = { direct: new Agent({ keepAlive: true }), vignette: new Agent({ keepAlive: true }) };

const picture = await photograph(1_200, 800, 270_000);
const loads = {
  'no picture': body([]),
  'a picture that passes, 200 kB': body([picture]),
  'the same, streamed': body([picture], { stream: true }),
  'no picture, streamed': body([], { stream: true }),
};

const rows = [];
for (const [name, load] of Object.entries(loads)) rows.push(await compare(name, load));
console.log(`${rounds} rounds of ${calls} calls each, one after the other, direct and through Vignette in turn; medians`);
console.table(Object.fromEntries(rows));
await memory();
await Promise.all([vignette.stop(), simulator.stop()]);
process.exit(0);

/** One load, both ways, in turn: a row of the table. */
async function compare(name, load) {
  for (const peer of Object.keys(peers)) for (let warm = 0; warm < (values.smoke ? 1 : 20); warm++) await call(peer, load);
  const total = { direct: [], vignette: [] };
  const first = { direct: [], vignette: [] };
  const cpu = { direct: 0, vignette: 0 };
  let added = 0;
  let out;
  for (let round = 0; round < rounds; round++) {
    for (const peer of Object.keys(peers)) {
      const [simulatorMs, vignetteMs] = [cpuMs(simulator.pid), cpuMs(vignette.pid)];
      for (let count = 0; count < calls; count++) {
        const result = await call(peer, load);
        total[peer].push(result.totalMs);
        first[peer].push(result.firstByteMs);
        if (peer === 'vignette') out = result;
      }
      cpu[peer] += cpuMs(simulator.pid) - simulatorMs;
      if (peer === 'vignette') added += cpuMs(vignette.pid) - vignetteMs;
    }
  }
  const [direct, through] = [median(total.direct), median(total.vignette)];
  const arrived = await lastBodyBytes();
  return [
    name,
    {
      'direct ms': round(direct),
      'through ms': round(through),
      ratio: round(through / direct),
      'first byte, ratio': round(median(first.vignette) / median(first.direct)),
      'simulator CPU ms': round(cpu.direct / (rounds * calls)),
      'added CPU ms': round(added / (rounds * calls)),
      'bytes in': load.length,
      'bytes upstream': arrived,
      'bytes back': out.bytes,
    },
  ];
}

/** The most that one request of 25 MB adds to the memory of the Worker's process, beside an idle one (Linux). */
async function memory() {
  if (vignette.pid === undefined || !existsSync(`/proc/${vignette.pid}/clear_refs`)) return;
  const each = await photograph(1_500, 1_200, LARGE_BYTES / 5);
  const large = body(Array(5).fill(each));
  for (let count = 0; count < (values.smoke ? 1 : 3); count++) {
    const before = status('VmRSS');
    // proc(5): 5 sets the high-water mark back to what is resident now.
    writeFileSync(`/proc/${vignette.pid}/clear_refs`, '5');
    await call('vignette', large);
    console.log(
      `a request of ${large.length} bytes with 5 pictures: ${(before / 1024).toFixed(0)} MiB before, ${((status('VmHWM') - before) / 1024).toFixed(0)} MiB more at its peak`,
    );
  }
}

function status(field) {
  return Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${vignette.pid}/status`, 'utf8'))?.[1]);
}

function body(pictures, more = {}) {
  const images = pictures.map((file) => ({ type: 'image', source: { type: 'base64', media_type: 'image/jpeg', data: file.toString('base64') } }));
  const content = [...images, { type: 'text', text: 'Describe what you see, in a few words.' }];
  return Buffer.from(JSON.stringify({ model: 'claude-haiku-5-5', max_tokens: 512, ...more, messages: [{ role: 'user', content }] }));
}

function call(peer, load) {
  const startMs = performance.now();
  const headers = { 'x-api-key': KEY, 'anthropic-version': '2023-06-01', 'content-type': 'application/json', 'content-length': load.length };
  return new Promise((resolve, reject) => {
    const outgoing = request(new URL('/v1/messages', peers[peer]), { method: 'POST', agent: agents[peer], headers }, (response) => {
      let firstByteMs;
      let bytes = 0;
      let text = '';
      response.on('data', (part) => {
        firstByteMs ??= performance.now() - startMs;
        bytes += part.length;
        if (response.statusCode !== 200) text += part;
      });
      response.on('end', () => {
        if (response.statusCode !== 200) reject(new Error(`${peer} answered ${response.statusCode}: ${text.slice(0, 500)}`));
        else resolve({ totalMs: performance.now() - startMs, firstByteMs, bytes });
      });
    });
    outgoing.on('error', reject).end(load);
  });
}

async function lastBodyBytes() {
  const { requests } = await (await fetch(`${simulator.url}/simulator/requests`)).json();
  return requests.at(-1).body_bytes;
}

/** User and system time of a process; a clock tick is 10 ms (fields 14 and 15 of proc(5); the slice begins at field 3). */
function cpuMs(pid) {
  if (pid === undefined) return NaN;
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** A JPEG of this size and at most so many bytes, mostly noise. */
async function photograph(width, height, base64BytesMax) {
  const noise = randomFillSync(Buffer.alloc(width * height * 3));
  for (let quality = 100; quality > 5; quality -= 1) {
    const file = await sharp(noise, { raw: { width, height, channels: 3 } })
      .blur(0.6)
      .jpeg({ quality, chromaSubsampling: '4:4:4' })
      .toBuffer();
    if (file.length * 4 <= base64BytesMax * 3) return file;
  }
  throw new Error('no quality fits');
}

function median(list) {
  return list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];
}

function round(value) {
  return Number(value.toFixed(2));
}
