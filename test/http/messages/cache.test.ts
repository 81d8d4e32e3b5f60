import { beforeEach, describe, expect, it } from 'vitest';
import { fixture } from '../../support/fixture.ts';
import { hexHash } from '../../support/hash.ts';
import { makeKey } from '../../support/key.ts';
import { pngPicture } from '../../support/picture.ts';
import { UMBRELLA_KEY } from '../../support/service.ts';
import { bindings, emptyStorage } from '../../support/storage.ts';
import { errorOf, imageBlock, QUESTION, startRelay } from './relay.ts';

const CACHED = { 'x-vignette-cache': 'default' };
const JPEG = imageBlock(fixture('jpeg-baseline-420.jpg'), 'image/jpeg');
const messageKeys = async () => (await bindings.DESCRIPTIONS.list({ prefix: 'message:v1:' })).keys.map(({ name }) => name);

describe('the cache of answers', () => {
  beforeEach(emptyStorage);

  it('is off unless asked for', async () => {
    const service = startRelay();
    for (let time = 0; time < 2; time++) expect((await service.ask([JPEG, QUESTION])).headers.get('cache-status')).toBe('Vignette; fwd=bypass');
    expect(service.outgoing).toHaveLength(2);
    expect(await messageKeys()).toEqual([]);
  });

  it('answers the second time without asking Claude, and says how old the answer is', async () => {
    const service = startRelay({ environment: { CACHE_TTL_SECONDS: '3600' } });
    const first = await service.ask([JPEG, QUESTION], {}, CACHED);
    expect(first.headers.get('cache-status')).toBe('Vignette; fwd=uri-miss');
    service.advance(60_000);
    const second = await service.ask([JPEG, QUESTION], {}, CACHED);
    expect(second.headers.get('cache-status')).toBe('Vignette; hit; ttl=3540');
    expect(second.headers.get('request-id')).toBe(second.headers.get('x-request-id'));
    expect(await second.json()).toEqual(await first.json());
    expect(service.outgoing).toHaveLength(1);
  });

  it('says how long the answer is still kept for a key with retention_days, whose answers go sooner', async () => {
    const service = startRelay({ environment: { CACHE_TTL_SECONDS: '2592000' } });
    const { header } = await makeKey({ retention_days: 1 });
    await service.ask([JPEG, QUESTION], {}, { ...CACHED, ...header });
    service.advance(60_000);
    const second = await service.ask([JPEG, QUESTION], {}, { ...CACHED, ...header });
    expect(second.headers.get('cache-status')).toBe('Vignette; hit; ttl=86340');
  });

  it('knows a request in another spelling, and an image in another dress', async () => {
    const service = startRelay();
    const data = fixture('jpeg-baseline-420.jpg').toBase64();
    const one = `{"model":"claude-haiku-5-5","max_tokens":64,"stream":false,"messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/jpeg","data":"${data}"}}]}]}`;
    const other = `{ "metadata": {"user_id": "u"}, "messages": [ {"content": [ {"source": {"data": "data:image/png;base64,${data}", "type": "base64"}, "type": "im\\u0061ge"} ], "role": "user"} ], "max_tokens": 6.4e1, "model": "claude-haiku-5-5" }`;
    await service.sendText(one, CACHED);
    expect((await service.sendText(other, CACHED)).headers.get('cache-status')).toMatch(/hit/);
  });

  it('knows the same pixels in another file, by what is sent', async () => {
    const service = startRelay();
    await service.ask([imageBlock(await pngPicture(1, 3000), 'image/png'), QUESTION], {}, CACHED);
    const twin = await service.ask([imageBlock(await pngPicture(1, 3000, { comment: 'another file' }), 'image/png'), QUESTION], {}, CACHED);
    expect(twin.headers.get('cache-status')).toMatch(/hit/);
    expect(service.work.transcodes).toBe(2);
    await service.ask([imageBlock(await pngPicture(1, 3000, { comment: 'another file' }), 'image/png'), QUESTION], {}, CACHED);
    // The third time the file itself is known, and nothing is decoded.
    expect(service.work.transcodes).toBe(2);
    expect(service.outgoing).toHaveLength(1);
  });

  it.each([
    ['a word', { messages: [{ role: 'user', content: [JPEG, { type: 'text', text: 'What is on this picture' }] }] }, {}],
    ['the picture', { messages: [{ role: 'user', content: [imageBlock(fixture('png-rgb8.png'), 'image/png'), QUESTION] }] }, {}],
    ['the order', { messages: [{ role: 'user', content: [QUESTION, JPEG] }] }, {}],
    ['the model', { model: 'claude-sonnet-5-5' }, {}],
    ['max_tokens', { max_tokens: 257 }, {}],
    ['a system prompt', { system: 'Answer in Spanish.' }, {}],
    ['the version', {}, { 'anthropic-version': '2023-06-01' }],
    ['a beta', {}, { 'anthropic-beta': 'some-beta' }],
    ['the tenant', {}, { authorization: `Bearer ${UMBRELLA_KEY}` }],
  ])('never answers across %s', async (_, more, headers) => {
    const service = startRelay();
    await service.ask([JPEG, QUESTION], {}, CACHED);
    expect((await service.ask([JPEG, QUESTION], more, { ...CACHED, ...headers })).headers.get('cache-status')).toBe('Vignette; fwd=uri-miss');
    expect(service.outgoing).toHaveLength(2);
  });

  it('replays a stream as a stream, and one as the other', async () => {
    const service = startRelay();
    const streamed = await (await service.ask([QUESTION], { stream: true }, CACHED)).text();
    const whole = (await (await service.ask([QUESTION], {}, CACHED)).json()) as any;
    const again = await service.ask([QUESTION], { stream: true }, CACHED);
    expect(again.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(service.outgoing).toHaveLength(1);
    const textOf = (stream: string) =>
      [...stream.matchAll(/"type":"text_delta","text":("(?:[^"\\]|\\.)*")/g)].map(([, text = '""']) => JSON.parse(text)).join('');
    expect(textOf(streamed)).toBe(whole.content[0].text);
    expect(textOf(await again.text())).toBe(whole.content[0].text);
  });

  it('"refresh" asks again and keeps the new answer; "only" never asks', async () => {
    const service = startRelay();
    const missing = await service.ask([QUESTION], {}, { 'x-vignette-cache': 'only' });
    expect([missing.status, (await errorOf(missing)).type]).toEqual([404, 'not_found_error']);
    expect(service.outgoing).toEqual([]);
    const first = (await (await service.ask([QUESTION], {}, CACHED)).json()) as any;
    const fresh = await service.ask([QUESTION], {}, { 'x-vignette-cache': 'refresh' });
    expect(fresh.headers.get('cache-status')).toBe('Vignette; fwd=request');
    const { id } = (await fresh.json()) as any;
    expect(id).not.toBe(first.id);
    expect(((await (await service.ask([QUESTION], {}, { 'x-vignette-cache': 'only' })).json()) as any).id).toBe(id);
  });

  it.each(['refusal', 'max_tokens', 'overloaded', 'reset', 'truncated', 'html'])('never keeps what went wrong: %s', async (kind) => {
    for (const stream of [false, true]) {
      const service = startRelay();
      await service.fail(kind);
      await service.ask([QUESTION], { stream }, CACHED);
      expect(await messageKeys()).toEqual([]);
    }
  });

  it('never keeps the call of a tool', async () => {
    const message = {
      id: 'm',
      type: 'message',
      role: 'assistant',
      model: 'x',
      content: [{ type: 'tool_use', id: 't', name: 'n', input: {} }],
      stop_reason: 'tool_use',
      usage: { input_tokens: 1, output_tokens: 1 },
    };
    const service = startRelay({ wire: async () => Response.json(message) });
    expect((await service.ask([QUESTION], {}, CACHED)).status).toBe(200);
    expect(await messageKeys()).toEqual([]);
  });

  it('has no key for what Claude fetches itself', async () => {
    const service = startRelay({ origin: () => new Response(fixture('png-rgb8.png')) });
    const block = { type: 'image', source: { type: 'url', url: 'https://images.example.com/a.png' } };
    const response = await service.ask([block], {}, { ...CACHED, 'x-vignette-source': 'url' });
    expect(response.headers.get('cache-status')).toBe('Vignette; fwd=bypass');
    expect(await messageKeys()).toEqual([]);
  });

  it('takes a record that was tampered with for none', async () => {
    const service = startRelay();
    await service.ask([QUESTION], {}, CACHED);
    const [name = ''] = await messageKeys();
    const entry = JSON.parse((await bindings.DESCRIPTIONS.get(name)) ?? '');
    await bindings.DESCRIPTIONS.put(name, JSON.stringify({ ...entry, key: `${entry.key.slice(0, -1)}x` }));
    service.forgetFlights();
    expect((await service.ask([QUESTION], {}, CACHED)).headers.get('cache-status')).toBe('Vignette; fwd=uri-miss');
    await bindings.DESCRIPTIONS.put(name, JSON.stringify({ ...entry, message: { ...entry.message, stop_reason: 'refusal' } }));
    service.forgetFlights();
    expect((await service.ask([QUESTION], {}, CACHED)).headers.get('cache-status')).toBe('Vignette; fwd=uri-miss');
  });

  it('forgets an answer when its picture is deleted', async () => {
    const service = startRelay();
    const bytes = fixture('jpeg-baseline-420.jpg');
    await service.upload('/v1/images', bytes);
    await service.ask([JPEG, QUESTION], {}, CACHED);
    expect(await messageKeys()).toHaveLength(2);
    expect((await service.send(`/v1/images/sha256:${await hexHash(bytes)}`, { method: 'DELETE' })).status).toBe(200);
    expect(await messageKeys()).toEqual([]);
  });
});
