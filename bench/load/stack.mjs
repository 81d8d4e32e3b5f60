/** The Worker, the simulated Claude and the bare Worker, each in a workerd of its own, without wrangler's proxy in front. */
import { randomBytes } from 'node:crypto';
import sharp from 'sharp';
import { createTestHarness } from 'wrangler';
import { cost, workerdPids } from './process.mjs';

const KEY = 'bench-key-0123456789abcdef';

/** Starts all three; `headers` are those of a request to the Worker. */
export async function startLoadStack() {
  const harnesses = [];
  const start = async (configPath, vars) => {
    const before = new Set(workerdPids());
    const harness = createTestHarness({ workers: [{ configPath, ...(vars === undefined ? {} : { vars }) }] });
    harnesses.push(harness);
    const { url } = await harness.listen();
    const pids = workerdPids().filter((pid) => !before.has(pid));
    return { url, cost: () => cost(pids) };
  };
  const simulator = await start('simulator/wrangler.toml');
  // Without [assets]: on this machine they are emulated by one more Worker in front, at Cloudflare they are not.
  const service = await start('test/wrangler.toml', {
    ANTHROPIC_BASE_URL: simulator.url.origin,
    ANTHROPIC_API_KEY: 'simulated',
    VIGNETTE_API_KEYS: `bench:${KEY}`,
    LOG_LEVEL: 'warn',
  });
  const bare = await start('bench/bare/wrangler.toml');
  return {
    service,
    bare,
    simulator,
    headers: { 'x-api-key': KEY, 'content-type': 'image/jpeg' },
    stop: () => Promise.all(harnesses.map((harness) => harness.close())),
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
