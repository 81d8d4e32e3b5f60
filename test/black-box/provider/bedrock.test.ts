/** The built Worker for Amazon Bedrock in workerd, against a stand-in on loopback that judges the signature and the size of each image. */
import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
// @ts-expect-error -- a script without types
import { startStack } from '../../../scripts/local/stack.mjs';
import { chunk } from '../../adapter/upstream/event-stream.ts';

const REGION = 'eu-central-1';
const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const BASE64_CHARACTERS_MAX = 5_242_880;
const EVENTS = [
  { type: 'message_start', message: { id: 'msg_1', type: 'message', role: 'assistant', content: [], usage: { input_tokens: 10, output_tokens: 1 } } },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Noise.' } },
  { type: 'content_block_stop', index: 0 },
  { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 3 } },
  { type: 'message_stop' },
];
const ANSWER = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-sonnet-5-5',
  content: [{ type: 'text', text: 'Noise.' }],
  stop_reason: 'end_turn',
  usage: { input_tokens: 10, output_tokens: 3 },
};

/** AWS Signature Version 4, by node:crypto. */
function signatureOf(request: IncomingMessage, body: Buffer): string {
  const names = /SignedHeaders=([^,]+)/.exec(request.headers.authorization ?? '')?.[1] ?? '';
  const path = (request.url ?? '').split('/').map(encodeURIComponent).join('/');
  const sha256 = (data: Buffer | string) => createHash('sha256').update(data).digest('hex');
  const lines = names.split(';').map((name) => `${name}:${request.headers[name]}`);
  const canonical = ['POST', path, '', ...lines, '', names, sha256(body)].join('\n');
  const date = String(request.headers['x-amz-date']);
  const scope = `${date.slice(0, 8)}/${REGION}/bedrock/aws4_request`;
  const key = scope.split('/').reduce<Buffer | string>((last, part) => createHmac('sha256', last).update(part).digest(), `AWS4${SECRET}`);
  return createHmac('sha256', key)
    .update(['AWS4-HMAC-SHA256', date, scope, sha256(canonical)].join('\n'))
    .digest('hex');
}

describe('the Worker for Amazon Bedrock', () => {
  const received: { path: string; isSigned: boolean; body: any }[] = [];
  const bedrock = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const isSigned = (request.headers.authorization ?? '').endsWith(`Signature=${signatureOf(request, body)}`);
    received.push({ path: request.url ?? '', isSigned, body: JSON.parse(body.toString()) });
    if (isSigned && request.url?.endsWith('/invoke-with-response-stream')) {
      response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' });
      for (const event of EVENTS) response.write(chunk(event));
      response.end();
      return;
    }
    response.writeHead(isSigned ? 200 : 403, { 'content-type': 'application/json' });
    response.end(JSON.stringify(isSigned ? ANSWER : { message: 'The request signature we calculated does not match the signature you provided.' }));
  });
  let stack: { url: string; key: string; stop: () => Promise<void> };

  beforeAll(async () => {
    bedrock.listen(0, '127.0.0.1');
    await once(bedrock, 'listening');
    stack = await startStack({
      isTemporary: true,
      main: 'src/provider/bedrock.ts',
      variables: {
        PROVIDER: 'bedrock',
        AWS_REGION: REGION,
        AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
        AWS_SECRET_ACCESS_KEY: SECRET,
        ANTHROPIC_BEDROCK_BASE_URL: `http://127.0.0.1:${(bedrock.address() as AddressInfo).port}`,
        DEFAULT_MODEL: 'claude-sonnet-5-5',
        PROVIDER_MODELS: '{"claude-sonnet-5-5":"global.anthropic.claude-sonnet-5-5"}',
      },
    });
  });
  afterAll(async () => {
    await stack?.stop();
    bedrock.close();
  });

  async function describeImage(image: Buffer, query = 'prompt=What') {
    const headers = { 'x-api-key': stack.key, 'content-type': 'application/octet-stream' };
    const response = await fetch(`${stack.url}/v1/describe?${query}`, { method: 'POST', headers, body: new Uint8Array(image) });
    return { status: response.status, json: (await response.json()) as any, call: received.at(-1) };
  }

  it('signs its requests, with the model in the path', async () => {
    const image = await sharp({ create: { width: 300, height: 200, channels: 3, background: 'teal' } })
      .png()
      .toBuffer();
    const { status, json, call } = await describeImage(image);
    expect([status, json.answer]).toEqual([200, 'Noise.']);
    expect(call).toMatchObject({ isSigned: true, path: '/model/global.anthropic.claude-sonnet-5-5/invoke' });
    expect(Object.keys(call?.body)).toEqual(['anthropic_version', 'max_tokens', 'system', 'messages']);
    expect(call?.body.messages[0].content[0]).not.toHaveProperty('transformations');
  });

  it('re-encodes an image of more than 5 MB of base64 that the Anthropic API would take as it is', async () => {
    // Opaque noise in four channels: it fits by its size in pixels, and not by its bytes.
    const pixels = Buffer.from(Uint8Array.from({ length: 1092 * 1120 * 4 }, (_, index) => (index % 4 === 3 ? 255 : Math.imul(index, 2_654_435_761) >>> 24)));
    const noise = await sharp(pixels, { raw: { width: 1092, height: 1120, channels: 4 } })
      .png({ compressionLevel: 0 })
      .toBuffer();
    expect(noise.length).toBeGreaterThan((BASE64_CHARACTERS_MAX / 4) * 3);
    expect(noise.length).toBeLessThan(7_864_320);
    const { status, json, call } = await describeImage(noise);
    expect(status).toBe(200);
    expect(json.images[0].sent).toMatchObject({ width: 1092, height: 1120, transform: 'reencoded' });
    expect(call?.body.messages[0].content[0].source.data.length).toBeLessThanOrEqual(BASE64_CHARACTERS_MAX);
  });

  it.each([false, true])('relays a Messages request, its stream as server-sent events: %s', async (stream) => {
    const image = await sharp({ create: { width: 64, height: 48, channels: 3, background: 'teal' } })
      .jpeg()
      .toBuffer();
    const source = { type: 'base64', media_type: 'image/png', data: image.toString('base64') };
    const content = [
      { type: 'image', source },
      { type: 'text', text: 'What?' },
    ];
    const response = await fetch(`${stack.url}/v1/messages`, {
      method: 'POST',
      headers: { 'x-api-key': stack.key, 'content-type': 'application/json', 'anthropic-version': '2023-06-01' },
      body: JSON.stringify({ model: 'claude-sonnet-5-5', max_tokens: 50, stream, messages: [{ role: 'user', content }] }),
    });
    expect(response.status).toBe(200);
    const text = await response.text();
    if (stream) expect(text).toBe(EVENTS.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(''));
    else expect(JSON.parse(text)).toEqual(ANSWER);
    const { body, isSigned } = received.at(-1) ?? {};
    expect(isSigned).toBe(true);
    expect(body).toEqual({
      anthropic_version: 'bedrock-2023-05-31',
      max_tokens: 50,
      messages: [{ role: 'user', content: [{ type: 'image', source: { ...source, media_type: 'image/jpeg' } }, content[1]] }],
    });
  });

  it.each(['url', 'file'])('refuses the source "%s", which Bedrock does not take', async (source) => {
    const body = JSON.stringify({ image: { url: 'https://example.com/a.png' }, source });
    const headers = { 'x-api-key': stack.key, 'content-type': 'application/json' };
    const response = await fetch(`${stack.url}/v1/describe`, { method: 'POST', headers, body });
    expect([response.status, ((await response.json()) as any).param]).toEqual([400, 'source']);
  });
});
