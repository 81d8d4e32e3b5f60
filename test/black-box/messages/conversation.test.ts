/** A conversation resends its history: what a turn weighs with pictures inside, and with pictures uploaded once. */
import Anthropic, { toFile } from '@anthropic-ai/sdk';
import { beforeAll, describe, expect, it } from 'vitest';
import { mediaTypeOf, sample } from '../support/origin.ts';
import { connect, lendRig, type Rig } from './support/rig.ts';
import { MODEL } from './support/shape.ts';

const PICTURES = ['receipt.jpg', 'dashboard.png', 'coffee-cup.webp', 'upload.gif'];
const TURNS = 5;

describe('four pictures over five turns', () => {
  let rig: Rig;
  let client: Anthropic;
  beforeAll(async () => {
    rig = await lendRig();
    client = connect(rig.vignette);
  });

  /** Bytes that each turn brought to the API, the pictures being there from the first on. */
  async function converse(pictures: readonly Anthropic.ImageBlockParam[]): Promise<{ bytes: number[]; texts: string[] }> {
    await rig.reset();
    return talk(pictures);
  }

  async function talk(pictures: readonly Anthropic.ImageBlockParam[], headers: Record<string, string> = {}): Promise<{ bytes: number[]; texts: string[] }> {
    const messages: Anthropic.MessageParam[] = [];
    const texts: string[] = [];
    for (let turn = 0; turn < TURNS; turn++) {
      const question = { type: 'text' as const, text: `Question ${turn + 1}.` };
      messages.push({ role: 'user', content: turn === 0 ? [...pictures, question] : [question] });
      const { content } = await client.messages.create({ model: MODEL, max_tokens: 512, messages }, { headers });
      texts.push(content.map((block) => (block.type === 'text' ? block.text : '')).join(''));
      messages.push({ role: 'assistant', content });
    }
    const requests = (await rig.seen()).filter(({ path }) => path === '/v1/messages').slice(-TURNS);
    return { bytes: requests.map(({ body_bytes }) => body_bytes ?? 0), texts };
  }

  const inBase64 = PICTURES.map((name): Anthropic.ImageBlockParam => ({
    type: 'image',
    source: { type: 'base64', media_type: mediaTypeOf(name), data: sample(name).toString('base64') },
  }));

  it('a client that goes on sending them in base64 brings ids to the API, where it asks for that', async () => {
    await rig.reset();
    const moved = await talk(inBase64, { 'x-vignette-source': 'file' });
    console.log('bytes a turn to the API', { 'x-vignette-source: file': moved.bytes });
    expect(Math.max(...moved.bytes)).toBeLessThan(10_000);
    expect((await rig.seen()).filter(({ path }) => path === '/v1/files')).toHaveLength(PICTURES.length);
  });

  it('uploaded once they add their ids to a turn, in base64 everything again', async () => {
    const inside = await converse(inBase64);
    const files = await Promise.all(
      PICTURES.map(async (name) => client.files.upload({ file: await toFile(sample(name), name, { type: mediaTypeOf(name) }), expires_in_seconds: 3_600 })),
    );
    const uploaded = await talk(files.map(({ id }) => ({ type: 'image', source: { type: 'file', file_id: id } })));
    console.log('bytes a turn to the API', { base64: inside.bytes, file: uploaded.bytes });
    expect(uploaded.texts).toEqual(inside.texts);
    expect(Math.min(...inside.bytes)).toBeGreaterThan(500_000);
    expect(Math.max(...uploaded.bytes)).toBeLessThan(10_000);
  });
});
