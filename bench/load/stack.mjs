/** The Worker, the simulated Claude and the bare Worker, each in a workerd of its own, without wrangler's proxy in front. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import sharp from 'sharp';
import { startBare } from '../../scripts/local/bare.mjs';
import { cost } from './process.mjs';

const KEY = 'bench-key-0123456789abcdef';

/** Starts all three; `headers` are those of a request to the Worker. */
export async function startLoadStack() {
  // A new Durable Object is a new file here; in memory, lest this machine's disk be measured.
  if (process.env.TMPDIR === undefined && existsSync('/dev/shm')) process.env.TMPDIR = '/dev/shm';
  const simulator = await startBare({ configPath: 'simulator/wrangler.toml' });
  const service = await startBare({
    configPath: 'test/wrangler.toml',
    variables: { ANTHROPIC_BASE_URL: simulator.url, VIGNETTE_API_KEYS: `bench:${KEY}`, LOG_LEVEL: 'warn' },
  });
  const bare = await startBare({ configPath: 'bench/bare/wrangler.toml' });
  const withCost = ({ url, pid }) => ({ url, cost: () => cost(pid) });
  return {
    service: withCost(service),
    bare: withCost(bare),
    simulator,
    headers: { 'x-api-key': KEY, 'content-type': 'image/jpeg' },
    stop: () => Promise.all([service, bare, simulator].map(({ stop }) => stop())),
  };
}

/** A JPEG of about 200 kB that is larger than Claude's standard size, so that a miss decodes, resizes and encodes it. */
export async function photograph() {
  const [width, height] = [2000, 1333];
  const noise = randomBytes(width * height * 3).map((value, index) => 60 + ((index / 3) % width) / 14 + value / 24);
  for (let quality = 95; quality > 10; quality -= 5) {
    const file = await sharp(noise, { raw: { width, height, channels: 3 } })
      .jpeg({ quality })
      .toBuffer();
    if (file.length <= 220_000) return file;
  }
  throw new Error('no quality fits');
}
