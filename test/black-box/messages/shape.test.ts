/**
 * Every example shape of Claude's vision guide, through Anthropic's own client and through curl, with nothing but base URL
 * and key changed. What the API itself answers (the simulator, called directly) is what is expected.
 */
import { spawn } from 'node:child_process';
import type Anthropic from '@anthropic-ai/sdk';
import { toFile } from '@anthropic-ai/sdk';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sample } from '../support/origin.ts';
import { connect, lendRig, type Rig, type Target, TARGETS } from './support/rig.ts';
import { SHAPES, type Sources, sources } from './support/shape.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await lendRig();
});

describe.each(TARGETS)('through %s', (name) => {
  let target: Target;
  let client: Anthropic;
  let from: Sources;
  beforeAll(() => {
    target = rig[name];
    client = connect(target);
  });
  beforeEach(async () => {
    await rig.reset();
    const file = await client.files.upload({ file: await toFile(sample('phone-photo.jpg'), 'phone-photo.jpg', { type: 'image/jpeg' }) });
    from = sources(rig.origin, new Map([['phone-photo.jpg', file.id]]));
  });

  describe.each(SHAPES)('$name', ({ pictures, body }) => {
    it('is answered as the API answers it', async () => {
      const message = await client.messages.create(body(from));
      expectWhole(message, pictures.length);
      const [request] = (await rig.seen()).filter(({ path }) => path === '/v1/messages');
      const images = request?.images ?? [];
      expect(images.map(({ image_tokens }) => image_tokens)).toEqual(pictures.map((picture) => TOKENS[picture]));
      if (name === 'vignette') expect(images.map(({ resized }) => resized)).toEqual(images.map(({ width, height }) => ({ width, height })));
    });

    it('streams the same answer', async () => {
      const stream = client.messages.stream(body(from));
      const types: string[] = [];
      stream.on('streamEvent', ({ type }) => types.push(type));
      const message = await stream.finalMessage();
      expectWhole(message, pictures.length);
      expect(types[0]).toBe('message_start');
      expect(types.at(-1)).toBe('message_stop');
      expect(types.filter((type) => type === 'content_block_delta').length).toBeGreaterThan(3);
      const created = await client.messages.create(body(from));
      expect([textOf(message), message.usage.output_tokens]).toEqual([textOf(created), created.usage.output_tokens]);
    });

    it('works with curl, by x-api-key and version 2023-06-01', async () => {
      const answer = JSON.parse(await curl(target, ['-H', `x-api-key: ${target.key}`, '-H', 'anthropic-version: 2023-06-01'], body(from)));
      expectWhole(answer, pictures.length);
    });
  });
});

/** Image tokens of each picture at its native size on the high tier (vision docs 2026-08, "Evaluate image size"), by hand. */
const TOKENS: Readonly<Record<string, number>> = {
  // 3024 x 4032 upright, seen at 1659 x 2212: 60 x 79 patches.
  'phone-photo.jpg': 4_740,
  'receipt.jpg': 2_494,
  // 2720 x 1720, seen at 2408 x 1523: 86 x 55 patches.
  'dashboard.png': 4_730,
  'coffee-cup.webp': 2_262,
  'upload.gif': 368,
};

function textOf(message: Anthropic.Message): string {
  return message.content.map((block) => (block.type === 'text' ? block.text : '')).join('');
}

function expectWhole(message: Anthropic.Message, pictures: number): void {
  expect(message).toMatchObject({ type: 'message', role: 'assistant', stop_reason: 'end_turn' });
  expect(textOf(message)).toMatch(pictures === 1 ? /^Simulated description: a portrait/ : new RegExp(`^Simulated description of ${pictures} images`));
}

/** curl's standard output; the body goes in by standard input. */
function curl(target: Target, headers: readonly string[], body: unknown): Promise<string> {
  const child = spawn('curl', ['-sS', `${target.url}/v1/messages`, ...headers, '-H', 'content-type: application/json', '--data-binary', '@-']);
  child.stdin.end(JSON.stringify(body));
  return new Promise((resolve, reject) => {
    let output = '';
    child.stdout.on('data', (data) => (output += data));
    child.on('error', reject).on('close', (code) => (code === 0 ? resolve(output) : reject(new Error(`curl ended with ${code}`))));
  });
}
