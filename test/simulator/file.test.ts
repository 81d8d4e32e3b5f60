import { describe, expect, it } from 'vitest';
import { Client, errorOf, HEADERS, textOf } from './client.ts';
import { BLUE, draw, encodePng } from './picture.ts';

const START = Date.parse('2026-11-21T00:00:00Z');

async function upload(client: Client, fields: Record<string, string> = {}, type = 'image/png'): Promise<Response> {
  const form = new FormData();
  const bytes = await encodePng(draw(40, 30, () => BLUE));
  form.set('file', new File([bytes], 'blue.png', { type }));
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return client.app.request('/v1/files', { method: 'POST', headers: HEADERS, body: form });
}

function fileBlock(id: string): unknown {
  return { type: 'image', source: { type: 'file', file_id: id } };
}

describe('files', () => {
  it('an uploaded image is described from its id', async () => {
    const client = new Client();
    const file: { id: string } = await (await upload(client)).json();
    expect(file).toMatchObject({
      type: 'file',
      filename: 'blue.png',
      mime_type: 'image/png',
      downloadable: false,
      expires_at: null,
    });
    expect(await textOf(await client.ask([fileBlock(file.id)]))).toContain('40 x 30 pixels, mostly blue');
    expect((await client.records()).at(-1)).toMatchObject({ images: [{ source: 'file', width: 40 }] });
  });

  it.each([
    ['3599', 400],
    ['3600', 200],
    ['7776000', 200],
    ['7776001', 400],
    ['soon', 400],
  ])('expires_in_seconds %s answers %i', async (seconds, status) => {
    expect((await upload(new Client(), { expires_in_seconds: seconds })).status).toBe(status);
  });

  it('an expired file is not found, with its code, and its metadata stays', async () => {
    let now = START;
    const client = new Client({ now: () => now });
    const file: { id: string; expires_at: string } = await (await upload(client, { expires_in_seconds: '3600' })).json();
    expect(file.expires_at).toBe('2026-11-21T01:00:00.000Z');
    now += 3_599_999;
    expect((await client.ask([fileBlock(file.id)])).status).toBe(200);
    now += 1;
    expect(await errorOf(await client.ask([fileBlock(file.id)]))).toMatchObject({
      status: 404,
      type: 'not_found_error',
      details: { error_code: 'file_expired' },
    });
    expect((await client.get(`/v1/files/${file.id}`)).status).toBe(200);
  });

  it('an unknown or deleted file is not found', async () => {
    const client = new Client();
    const file: { id: string } = await (await upload(client)).json();
    const deleted = await client.app.request(`/v1/files/${file.id}`, { method: 'DELETE', headers: HEADERS });
    expect(await deleted.json()).toEqual({ id: file.id, type: 'file_deleted' });
    for (const id of [file.id, 'file_nobody']) {
      expect(await errorOf(await client.ask([fileBlock(id)]))).toMatchObject({
        status: 404,
        message: `File not found: ${id}`,
      });
    }
  });

  it('content of an upload cannot be downloaded', async () => {
    const client = new Client();
    const file: { id: string } = await (await upload(client)).json();
    expect(await errorOf(await client.get(`/v1/files/${file.id}/content`))).toMatchObject({
      status: 400,
      details: { error_code: 'file_not_downloadable' },
    });
  });

  it('a file that is no image cannot be an image source', async () => {
    const client = new Client();
    const file: { id: string } = await (await upload(client, {}, 'text/plain')).json();
    expect((await errorOf(await client.ask([fileBlock(file.id)]))).message).toMatch(/^Invalid file type/);
  });

  it('lists come newest first, page by page', async () => {
    const client = new Client();
    const ids: string[] = [];
    for (let count = 0; count < 3; count++) ids.unshift(((await (await upload(client)).json()) as { id: string }).id);
    const first: { data: { id: string }[]; next_page: string } = await (await client.get('/v1/files?limit=2')).json();
    expect(first.data.map(({ id }) => id)).toEqual(ids.slice(0, 2));
    const second: { data: { id: string }[]; next_page: null } = await (await client.get(`/v1/files?limit=2&page=${first.next_page}`)).json();
    expect(second).toMatchObject({ data: [{ id: ids[2] }], next_page: null });
  });

  it('a list of ids leaves out what nobody knows, and takes no page beside it', async () => {
    const client = new Client();
    const ids: string[] = [];
    for (let count = 0; count < 3; count++) ids.push(((await (await upload(client)).json()) as { id: string }).id);
    const found: { data: { id: string }[] } = await (await client.get(`/v1/files?ids=${ids[0]}&ids=${ids[2]}&ids=file_nobody`)).json();
    expect(found).toMatchObject({ data: [{ id: ids[2] }, { id: ids[0] }], next_page: null });
    expect((await client.get(`/v1/files?ids=${ids[0]}&limit=2`)).status).toBe(400);
  });

  it.each([
    [100, 200],
    [101, 400],
  ])('a list of %i ids answers %i', async (count, status) => {
    const query = Array.from({ length: count }, (_, index) => `ids=file_${index}`).join('&');
    expect((await new Client().get(`/v1/files?${query}`)).status).toBe(status);
  });

  it('a name that ends in a folder leaves the file called after its type', async () => {
    const form = new FormData();
    form.set('file', new File([await encodePng(draw(4, 4, () => BLUE))], 'pictures/', { type: 'image/png' }));
    const response = await new Client().app.request('/v1/files', { method: 'POST', headers: HEADERS, body: form });
    expect(await response.json()).toMatchObject({ filename: 'unnamed.png' });
  });

  it('what is stored can be looked at, with the size in its header', async () => {
    const client = new Client();
    const file: { id: string } = await (await upload(client)).json();
    const stored: { files: unknown[] } = await (await client.get('/simulator/files')).json();
    expect(stored.files).toEqual([expect.objectContaining({ id: file.id, width: 40, height: 30, orientation: 1 })]);
  });

  it.each([
    ['no form', { 'content-type': 'application/json' }, '{}', 'not valid multipart/form-data'],
    ['a form without a file', { 'content-type': 'application/x-www-form-urlencoded' }, 'a=b', 'file: Field required'],
  ])('%s is refused', async (_, headers, body, message) => {
    const { app } = new Client();
    const response = await app.request('/v1/files', {
      method: 'POST',
      headers: { ...HEADERS, ...headers },
      body,
    });
    expect((await errorOf(response)).message).toContain(message);
  });
});
