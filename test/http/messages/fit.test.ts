import { beforeEach, describe, expect, it } from 'vitest';
import { inspectImage } from '../../../src/core/image/info.ts';
import { openProvider } from '../../../src/adapter/upstream/provider.ts';
import type { FilesApi, FileUpload } from '../../../src/port/file.ts';
import type { MessagesUpstream, UpstreamCall } from '../../../src/port/upstream.ts';
import { readProvider } from '../../../src/provider-config.ts';
import { fixture } from '../../support/fixture.ts';
import { makeKey } from '../../support/key.ts';
import { pngPicture } from '../../support/picture.ts';
import { bindings, emptyStorage } from '../../support/storage.ts';
import { errorOf, imageBlock, QUESTION, startRelay } from './relay.ts';

/** A Files API in memory. */
function filesInMemory() {
  const held = new Map<string, FileUpload>();
  const files: FilesApi = {
    newName: () => crypto.randomUUID(),
    upload: async (file) => {
      const id = `file_${held.size}`;
      held.set(id, file);
      return { id, createdAtMs: 0, expiresAtMs: null };
    },
    delete: async (id) => void held.delete(id),
    deleteByName: async () => undefined,
  };
  return { held, files };
}

/** A provider that takes less, so that limits are reached with small pictures; it keeps what it was sent. */
function smallProvider(limits: Partial<MessagesUpstream['limits']>) {
  const calls: (UpstreamCall & { readonly text: string })[] = [];
  const { upstream } = openProvider(readProvider({ ANTHROPIC_API_KEY: 'sk-ant-test' }, ['anthropic'], []), {}, fetch);
  const port: MessagesUpstream = {
    limits: { ...upstream.limits, ...limits },
    send: async (call) => {
      const text = await new Response(call.body).text();
      expect(new TextEncoder().encode(text)).toHaveLength(call.bodyBytes);
      calls.push({ ...call, text });
      return Response.json({ type: 'message' });
    },
  };
  return { upstream: port, calls };
}

const planOf = (response: Response) => JSON.parse(response.headers.get('x-vignette-plan') ?? '');

describe('a body beyond what the provider takes', () => {
  beforeEach(emptyStorage);

  it('sheds its largest images to the Files API, as few as possible', async () => {
    const { files, held } = filesInMemory();
    const small = imageBlock(fixture('jpeg-baseline-420.jpg'), 'image/jpeg');
    const middle = imageBlock(await pngPicture(40, 30), 'image/png');
    const large = await pngPicture(70, 60, { comment: crypto.randomUUID() });
    const asked = [small, imageBlock(large, 'image/png', { cache_control: { type: 'ephemeral' } }), middle, QUESTION];
    const body = JSON.stringify({ model: 'claude-haiku-5-5', messages: [{ role: 'user', content: asked }] });
    const { upstream, calls } = smallProvider({ bodyBytesMax: body.length - 1 });
    const response = await startRelay({ ports: { upstream, files } }).sendText(body);
    expect(response.status).toBe(200);
    const { content } = JSON.parse(calls[0]?.text ?? '').messages[0];
    const id = [...held.keys()][0];
    expect(held.size).toBe(1);
    expect(held.get(id ?? '')).toMatchObject({ mediaType: 'image/png', bytes: large, expiresInSeconds: 86_400 });
    expect(content[1]).toEqual({
      type: 'image',
      source: { type: 'file', file_id: id },
      cache_control: { type: 'ephemeral' },
      transformations: { oversized_image: 'error' },
    });
    expect([content[0], content[2], content[3]]).toEqual([small, middle, QUESTION]);
    expect(planOf(response)).toMatchObject({ images: 3, base64: 2, file: 1, bytes_sent: calls[0]?.bodyBytes });
  });

  it('goes out at exactly the limit, and not a byte above', async () => {
    const body = JSON.stringify({ model: 'claude-haiku-5-5', messages: [{ role: 'user', content: [imageBlock(fixture('png-rgb8.png'), 'image/png')] }] });
    const at = smallProvider({ bodyBytesMax: body.length });
    expect((await startRelay({ ports: { upstream: at.upstream } }).sendText(body)).status).toBe(200);
    expect(at.calls[0]?.text).toBe(body);
    const above = smallProvider({ bodyBytesMax: body.length - 1, sources: ['base64', 'url'] });
    const response = await startRelay({ ports: { upstream: above.upstream } }).sendText(body);
    expect(response.status).toBe(413);
    const { type, message } = await errorOf(response);
    expect(type).toBe('request_too_large');
    expect(message).toContain(`${body.length} bytes with its images brought to size; the provider takes ${body.length - 1}`);
    expect(above.calls).toEqual([]);
  });

  it('that is all text is refused with the numbers, also with a Files API', async () => {
    const { upstream, calls } = smallProvider({ bodyBytesMax: 1_000 });
    const response = await startRelay({ ports: { upstream, files: filesInMemory().files } }).ask([
      imageBlock(fixture('jpeg-gray.jpg'), 'image/jpeg'),
      { type: 'text', text: 'x'.repeat(1_000) },
    ]);
    expect(response.status).toBe(413);
    expect((await errorOf(response)).message).toContain('Shorten the conversation');
    expect(calls).toEqual([]);
  });
});

describe('a provider that takes smaller images', () => {
  beforeEach(emptyStorage);

  it('gets one that is too long for it made anew', async () => {
    const png = await pngPicture(300, 200);
    const { upstream, calls } = smallProvider({ base64CharactersMax: png.toBase64().length - 4, supportsOversizedGuard: false });
    const response = await startRelay({ ports: { upstream } }).ask([imageBlock(png, 'image/png')]);
    expect([response.status, planOf(response).reencoded]).toEqual([200, 1]);
    const [block] = JSON.parse(calls[0]?.text ?? '').messages[0].content;
    expect(block.source.data.length).toBeLessThan(png.toBase64().length);
    expect(block).not.toHaveProperty('transformations');
  });

  it('refuses more images than it takes', async () => {
    const { upstream } = smallProvider({ imagesMax: 2 });
    const image = imageBlock(fixture('jpeg-gray.jpg'), 'image/jpeg');
    const response = await startRelay({ ports: { upstream } }).ask([image, image, image]);
    expect((await errorOf(response)).message).toContain('holds 3 images; claude-haiku-5-5 takes at most 2');
  });
});

describe('files', () => {
  beforeEach(emptyStorage);

  it('hold every image where that is asked, the large one at its size', async () => {
    const { files, held } = filesInMemory();
    const { upstream, calls } = smallProvider({});
    const service = startRelay({ ports: { upstream, files } });
    // Of each run their own, since the indexes of pictures outlive it.
    const comment = crypto.randomUUID();
    const small = await pngPicture(8, 8, { comment });
    const content = [imageBlock(small, 'image/jpeg'), imageBlock(await pngPicture(2600, 2, { comment }), 'image/png'), QUESTION];
    const response = await service.ask(content, {}, { 'x-vignette-source': 'file' });
    expect(planOf(response)).toMatchObject({ file: 2, base64: 0, resized: 1 });
    const facts = [...held.values()].map(({ mediaType, bytes }) => [mediaType, inspectImage(bytes).width]);
    expect(facts).toEqual([
      ['image/png', 8],
      ['image/jpeg', 2576],
    ]);
    const sources = JSON.parse(calls[0]?.text ?? '').messages[0].content.slice(0, 2);
    expect(sources.map(({ source }: any) => source)).toEqual([...held.keys()].map((file_id) => ({ type: 'file', file_id })));
    // Nobody is told their ids, so nobody may name them.
    const named = await service.ask([...sources, QUESTION]);
    expect(named.status).toBe(404);
    expect((await errorOf(named)).message).toContain('messages.0.content.1: This file was not uploaded');
  });

  it('that are gone at the provider are uploaded anew, and it is asked once more', async () => {
    const service = startRelay();
    const content = [imageBlock(await pngPicture(9, 9, { comment: crypto.randomUUID() }), 'image/png'), QUESTION];
    const ask = () => service.ask(content, {}, { 'x-vignette-source': 'file' });
    const first = await ask();
    expect([first.status, planOf(first).file]).toEqual([200, 1]);
    const sent = () => service.outgoing.filter(({ url }) => url.pathname === '/v1/messages').map(({ body }) => body.messages[0].content[0].source.file_id);
    const [id] = sent();
    await service.simulate('reset', {});
    const again = await ask();
    expect(again.status).toBe(200);
    const [, missing, renewed] = sent();
    expect([missing, renewed === id]).toEqual([id, false]);
  });

  it('are not made for a key that keeps no images', async () => {
    const { files, held } = filesInMemory();
    const body = { model: 'claude-haiku-5-5', messages: [{ role: 'user', content: [imageBlock(fixture('png-rgb8.png'), 'image/png')] }] };
    const { upstream, calls } = smallProvider({ bodyBytesMax: JSON.stringify(body).length - 1 });
    const service = startRelay({ ports: { upstream, files } });
    const { header } = await makeKey({ store: 'result' });
    expect((await service.post('/v1/messages', body, header)).status).toBe(413);
    const asked = await service.post('/v1/messages', body, { ...header, 'x-vignette-source': 'file' });
    expect([asked.status, (await errorOf(asked)).type]).toEqual([403, 'permission_error']);
    expect([calls, held.size]).toEqual([[], 0]);
  });

  it('of more than 2,000 px are refused among more than twenty images', async () => {
    const { upstream } = smallProvider({});
    const service = startRelay({ ports: { upstream } });
    const key = 'upload:v1:acme:file_large';
    const record = { key, id: 'file_large', filename: 'a.png', sha256: 'a'.repeat(64), mediaType: 'image/png', width: 2001, height: 2, bytes: 1 };
    await bindings.DESCRIPTIONS.put(key, JSON.stringify({ ...record, createdAtMs: 0, expiresAtMs: null }));
    const block = { type: 'image', source: { type: 'file', file_id: record.id } };
    expect((await service.ask(Array.from({ length: 20 }, () => block))).status).toBe(200);
    const response = await service.ask(Array.from({ length: 21 }, () => block));
    expect((await errorOf(response)).message).toMatch(/^messages\.0\.content\.0: The file holds 2001x2 px; with 21 images/);
  });
});
