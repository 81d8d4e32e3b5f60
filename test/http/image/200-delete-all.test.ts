/** The guarantee of a deletion: of all that came from a picture nothing stands anywhere. */
import { beforeEach, describe, expect, it } from 'vitest';
import { form } from '../../support/form.ts';
import { emptyAll } from '../../support/storage.ts';
import { startDeletion } from './deletion.ts';

type Deletion = Awaited<ReturnType<typeof startDeletion>>;

const withKey = () => ({ 'idempotency-key': crypto.randomUUID() });

function message({ picture }: Deletion, more: object = {}) {
  const source = { type: 'base64', media_type: 'image/png', data: picture.toBase64() };
  return { model: 'claude-haiku-5-5', max_tokens: 100, messages: [{ role: 'user', content: [{ type: 'image', source }, QUESTION] }], ...more };
}
const QUESTION = { type: 'text', text: 'What is it?' };

/** A form as browsers send it. */
function upload({ picture }: Deletion, headers: Record<string, string>): RequestInit {
  const body = new FormData();
  body.set('image', new Blob([picture], { type: 'image/png' }), 'a.png');
  return { method: 'POST', headers, body };
}

const ofFile = async (deletion: Deletion, headers: Record<string, string>) => {
  const file = (await (await deletion.service.send('/v1/files', form(deletion.picture, {}, 'a.png', 'image/png'))).json()) as any;
  const content = [{ type: 'image', source: { type: 'file', file_id: file.id } }, QUESTION];
  return deletion.service.post('/v1/messages', message(deletion, { messages: [{ role: 'user', content }] }), headers);
};

/** What is done with the picture, whether words about it are kept, and how many files of it there are. */
const WAYS: readonly (readonly [string, (deletion: Deletion) => Promise<Response>, boolean, number])[] = [
  ['a describe', ({ service, image }) => service.post('/v1/describe', { image }), true, 0],
  ['a describe by address', ({ service }) => service.post('/v1/describe', { image: { url: 'https://a.example.com/a.png' } }), true, 0],
  ['a describe by file', ({ service, image }) => service.post('/v1/describe', { image, source: 'file' }), true, 1],
  ['a describe by file without the cache', ({ service, image }) => service.post('/v1/describe', { image, source: 'file', cache: 'bypass' }), false, 1],
  ['a describe under a key', ({ service, image }) => service.post('/v1/describe', { image, cache: 'bypass' }, withKey()), true, 0],
  ['a form under a key', (deletion) => deletion.service.send('/v1/describe', upload(deletion, withKey())), true, 0],
  ['storing it under a key', (deletion) => deletion.service.send('/v1/images', upload(deletion, withKey())), false, 0],
  ['a Messages request with the cache', (d) => d.service.post('/v1/messages', message(d), { 'x-vignette-cache': 'default' }), true, 0],
  ['a stream with the cache', (d) => d.service.post('/v1/messages', message(d, { stream: true }), { 'x-vignette-cache': 'default' }), true, 0],
  ['a Messages request under a key', (d) => d.service.post('/v1/messages', message(d), withKey()), true, 0],
  ['a stream under a key', (d) => d.service.post('/v1/messages', message(d, { stream: true }), withKey()), true, 0],
  ['a Messages request by file', (d) => d.service.post('/v1/messages', message(d), { 'x-vignette-source': 'file' }), false, 1],
  ['a file of the caller', (d) => d.service.send('/v1/files', form(d.picture, {}, 'a.png', 'image/png')), false, 1],
  ['a file of the caller, asked about with the cache', (d) => ofFile(d, { 'x-vignette-cache': 'default' }), true, 1],
  ['a file of the caller, asked about under a key', (d) => ofFile(d, withKey()), true, 1],
];

describe('DELETE /v1/images/{image_id}', () => {
  beforeEach(emptyAll);

  it.each(WAYS)('leaves nothing of %s', async (_, way, hasWords, files) => {
    const deletion = await startDeletion();
    const response = await way(deletion);
    expect([200, 201]).toContain(response.status);
    await response.text();
    // What is kept of a stream is written when it has ended.
    await expect.poll(async () => (await deletion.traces()).word, { timeout: 10_000 }).toBe(hasWords);
    expect(await deletion.files()).toHaveLength(files);
    const removed = await deletion.remove();
    expect([removed.status, ((await removed.json()) as any).removed.files]).toEqual([200, files]);
    expect(await deletion.traces()).toEqual({ hash: false, word: false });
    expect(await deletion.files()).toEqual([]);
    expect((await deletion.remove()).status).toBe(404);
  });

  it('makes a caller’s file a 404 for him, too', async () => {
    const { service, picture, remove } = await startDeletion();
    const { id } = (await (await service.send('/v1/files', form(picture, {}, 'a.png', 'image/png'))).json()) as any;
    await remove();
    expect((await service.send(`/v1/files/${id}`)).status).toBe(404);
    expect(await (await service.send('/v1/files')).json()).toMatchObject({ data: [] });
  });

  it('counts no file that its caller deleted himself', async () => {
    const { service, picture, remove, traces } = await startDeletion();
    const { id } = (await (await service.send('/v1/files', form(picture, {}, 'a.png', 'image/png'))).json()) as any;
    await service.send(`/v1/files/${id}`, { method: 'DELETE' });
    expect(await traces()).toEqual({ hash: false, word: false });
    expect((await remove()).status).toBe(404);
  });

  it('answers a repeat of an old key without the words, and without a second bill', async () => {
    const { service, image, remove } = await startDeletion();
    const headers = withKey();
    const first = await service.post('/v1/describe', { image }, headers);
    expect(first.status).toBe(200);
    expect(((await (await remove()).json()) as any).removed.idempotent_answers).toBe(1);
    const again = await service.post('/v1/describe', { image }, headers);
    expect([again.status, await again.json()]).toEqual([409, expect.objectContaining({ code: 'idempotency_conflict', retryable: false, billed: false })]);
    expect((await service.calls()).length).toBe(1);
  });
});
