/**
 * The whole corpus of real and hostile files through a running service, over HTTP. Allowed: the right size and a description,
 * or a documented 4xx. Never a 5xx, never a request without an end, never a later one that suffers.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Lent } from './support/broker.ts';
import { lendService } from './support/lent.ts';

const CORPUS = fileURLToPath(new URL('../../../shared/corpus/', import.meta.url));
const isPresent = existsSync(`${CORPUS}manifest.json`);
if (!isPresent) console.warn('The corpus is absent (../shared/corpus): its tests are skipped.');

interface Entry {
  readonly file: string;
  readonly format: string;
  readonly width: number | null;
  readonly height: number | null;
  readonly orientation: number | null;
  readonly libvips: string;
}

/** No bound on speed, which is the bench's: a request that never ends is given up here, so that the report names its file. */
const HANG_MS = 60_000;
const CONTROL_EVERY = 25;
const CODES_ALLOWED = ['unsupported_media_type', 'image_undecodable', 'image_too_large'];

/** Files that libvips reads without complaint and that end in a 4xx all the same: each is malformed in a way that others refuse. */
const REFUSED = [
  'malformed/Pillow__no_palette.gif',
  'malformed/Pillow__truncated_end_chunk.png',
  'malformed/Pillow__unknown_compression_method.png',
  'jpeg-artificial/wuffs__hippopotamus-bad-comment-length.jpeg',
  'gif-bad/image-gif__issue-96-small-codesize.gif',
  'fuzz-jpeg/seed-corpora__id:000831,sync:jpeg9,src:000903.jpg',
  'fuzz-jpeg/seed-corpora__id:001449,src:000531,op:flip1,pos:224.jpg',
  'fuzz-jpeg/seed-corpora__id:001465,src:000531,op:arith8,pos:289,val:-25.jpg',
  'fuzz-png/go-fuzz-corpus__300a4ee19316b6f3322de1830573b3a90751040d-5',
  'fuzz-png/go-fuzz-corpus__9876de91518c2b63ce0ac9dba9e9c1977b4bfe00-5',
  'fuzz-gif/go-fuzz-corpus__0d4e7ef2d6b0733e80279ef4f982b10f271471e8-4',
];

describe.skipIf(!isPresent)('the corpus', () => {
  const entries: readonly Entry[] = isPresent ? JSON.parse(readFileSync(`${CORPUS}manifest.json`, 'utf8')) : [];
  const control = readFileSync(new URL('../fixture/jpeg-baseline-444.jpg', import.meta.url));
  let stack: Lent;
  beforeAll(async () => {
    stack = await lendService();
  });

  async function post(path: string, body: Buffer): Promise<{ status: number; json: any }> {
    const response = await fetch(stack.url + path, {
      method: 'POST',
      headers: { 'x-api-key': stack.key, 'content-type': 'application/octet-stream' },
      body: new Uint8Array(body),
      signal: AbortSignal.timeout(HANG_MS),
    });
    return { status: response.status, json: await response.json() };
  }

  it('ends in the right size or a documented 4xx, and a good file in between is always right', async () => {
    const faults: string[] = [];
    const outcomes: Record<string, number> = {};
    for (const [index, entry] of entries.entries()) {
      const bytes = readFileSync(CORPUS + entry.file);
      for (const path of ['/v1/estimate', '/v1/describe']) {
        const outcome = await post(path, bytes).catch((error: unknown) => error as Error);
        if (outcome instanceof Error) {
          faults.push(`${path} ${entry.file}: ${outcome.message}`);
          continue;
        }
        const { status, json } = outcome;
        outcomes[`${path} ${status} ${json.code ?? ''}`] = (outcomes[`${path} ${status} ${json.code ?? ''}`] ?? 0) + 1;
        const fault = faultOf(entry, status, json);
        if (fault !== undefined) faults.push(`${path} ${entry.file}: ${fault}`);
      }
      if (index % CONTROL_EVERY !== 0) continue;
      const { status, json } = await post('/v1/describe?cache=bypass&detail=high', control);
      if (status !== 200 || json.images[0].width !== 64)
        faults.push(`after ${entry.file} a good image answered ${status} ${JSON.stringify(json).slice(0, 200)}`);
    }
    console.log(outcomes);
    expect(faults).toEqual([]);
  });
});

/** What is wrong with an answer, in words. */
function faultOf(entry: Entry, status: number, json: any): string | undefined {
  if (status >= 400 && entry.libvips === 'ok' && !REFUSED.includes(entry.file)) return `refused with ${json.code}, which libvips reads`;
  if (status >= 400)
    return status < 500 && CODES_ALLOWED.includes(json.code) && json.detail && json.request_id ? undefined : `${status} ${JSON.stringify(json).slice(0, 300)}`;
  const [image] = json.images;
  const isUndecodable = entry.libvips === 'undecodable' || entry.libvips === 'no-header';
  if (isUndecodable || entry.width === null || entry.height === null || entry.format === 'gif') return undefined;
  const swaps = (entry.orientation ?? 1) >= 5;
  const [width, height] = swaps ? [entry.height, entry.width] : [entry.width, entry.height];
  if (image.width !== width || image.height !== height) return `${image.width}x${image.height} instead of ${width}x${height}`;
  return image.orientation === (entry.orientation ?? 1) ? undefined : `orientation ${image.orientation} instead of ${entry.orientation ?? 1}`;
}
