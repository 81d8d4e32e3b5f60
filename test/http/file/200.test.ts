import { beforeEach, describe, expect, it } from 'vitest';
import { inspectImage } from '../../../src/core/image/info.ts';
import { fixture } from '../../support/fixture.ts';
import { form } from '../../support/form.ts';
import { pngPicture } from '../../support/picture.ts';
import { startService, UMBRELLA_KEY } from '../../support/service.ts';
import { emptyStorage, storedNames } from '../../support/storage.ts';

const AS_UMBRELLA = { 'x-api-key': UMBRELLA_KEY };

describe('files', () => {
  beforeEach(emptyStorage);

  it('an upload is answered with the metadata of the API, and so is asking for it', async () => {
    const { send, calls } = startService();
    const bytes = fixture('jpeg-baseline-420.jpg');
    const response = await send('/v1/files', form(bytes, { expires_in_seconds: '3600' }));
    expect(response.status).toBe(200);
    const file: any = await response.json();
    expect(file).toEqual({
      id: expect.stringMatching(/^file_/),
      type: 'file',
      filename: 'picture.jpg',
      mime_type: 'image/jpeg',
      size_bytes: bytes.length,
      created_at: expect.any(String),
      expires_at: expect.any(String),
      downloadable: false,
    });
    expect(Date.parse(file.expires_at) - Date.parse(file.created_at)).toBe(3_600_000);
    expect(await (await send(`/v1/files/${file.id}`)).json()).toEqual(file);
    expect((await calls()).map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /v1/files']);
  });

  it('a picture is brought to the size and type that Claude takes before it is kept there', async () => {
    const { send, simulate } = startService();
    const response = await send('/v1/files', form(await pngPicture(5_000, 3_000), {}, 'large.jpg'));
    const file: any = await response.json();
    expect(file.mime_type).toBe('image/png');
    // 89 x 53 patches; one pixel more makes a row too many (vision docs 2026-08, "Evaluate image size").
    const listed = await simulate('files');
    expect(listed.files).toEqual([expect.objectContaining({ id: file.id, size_bytes: file.size_bytes, mime_type: 'image/png', width: 2_474, height: 1_484 })]);
  });

  it('a photo that lies on its side is kept upright', async () => {
    const { send, simulate } = startService();
    await send('/v1/files', form(fixture('jpeg-orientation-6-little-endian.jpg')));
    const { files } = await simulate('files');
    const upright = inspectImage(fixture('jpeg-orientation-6-little-endian.jpg'));
    const shown = files.map(({ width, height, orientation }: any) => (orientation >= 5 ? [height, width] : [width, height]));
    expect(shown).toEqual([[upright.width, upright.height]]);
  });

  it('a file belongs to the tenant that uploaded it', async () => {
    const { send } = startService();
    const { id }: any = await (await send('/v1/files', form(fixture('jpeg-gray.jpg')))).json();
    expect((await send(`/v1/files/${id}`, { headers: AS_UMBRELLA })).status).toBe(404);
    expect((await send(`/v1/files/${id}`, { method: 'DELETE', headers: AS_UMBRELLA })).status).toBe(404);
    expect(await (await send('/v1/files', { headers: AS_UMBRELLA })).json()).toMatchObject({ data: [] });
    expect(await (await send(`/v1/files?ids=${id}`, { headers: AS_UMBRELLA })).json()).toMatchObject({ data: [] });
    expect((await send(`/v1/files/${id}`)).status).toBe(200);
  });

  it('a list has pages, and gives single ids', async () => {
    const { send } = startService();
    const ids: string[] = [];
    for (let count = 0; count < 3; count++) ids.push(((await (await send('/v1/files', form(fixture('jpeg-gray.jpg')))).json()) as any).id);
    const first: any = await (await send('/v1/files?limit=2')).json();
    const second: any = await (await send(`/v1/files?limit=2&page=${first.next_page}`)).json();
    expect([first.data.length, first.has_more, second.data.length, second.has_more, second.next_page]).toEqual([2, true, 1, false, null]);
    expect([...first.data, ...second.data].map(({ id }: any) => id).sort()).toEqual([...ids].sort());
    const chosen: any = await (await send(`/v1/files?ids=${ids[1]}&ids=file_nobody`)).json();
    expect(chosen.data).toMatchObject([{ id: ids[1] }]);
  });

  it('a deleted file is gone, there and here', async () => {
    const { send, simulate } = startService();
    const { id }: any = await (await send('/v1/files', form(fixture('jpeg-gray.jpg')))).json();
    expect(await (await send(`/v1/files/${id}`, { method: 'DELETE' })).json()).toEqual({ id, type: 'file_deleted' });
    expect((await simulate('files')).files).toEqual([]);
    expect(await storedNames()).toEqual([]);
    expect((await send(`/v1/files/${id}`)).status).toBe(404);
  });

  it('a file that the API has lost can still be deleted here', async () => {
    const { send, simulate } = startService();
    const { id }: any = await (await send('/v1/files', form(fixture('jpeg-gray.jpg')))).json();
    await simulate('reset', {});
    expect((await send(`/v1/files/${id}`, { method: 'DELETE' })).status).toBe(200);
    expect(await storedNames()).toEqual([]);
  });

  it('an expired file is nobody’s', async () => {
    const { send, ...service } = startService();
    const { id }: any = await (await send('/v1/files', form(fixture('jpeg-gray.jpg'), { expires_in_seconds: '3600' }))).json();
    service.advance(3_599_000);
    expect((await send(`/v1/files/${id}`)).status).toBe(200);
    service.advance(2_000);
    expect((await send(`/v1/files/${id}`)).status).toBe(404);
  });

  it.each([
    ['../../etc/passwd', 'passwd'],
    ['C:\\photos\\a b.jpg', 'a b.jpg'],
    ['a<b>:|?*.jpg', 'a_b_____.jpg'],
    ['ünïcödé.jpg', 'ünïcödé.jpg'],
  ])('the name %j is kept as %j', async (filename, kept) => {
    const { send } = startService();
    expect(await (await send('/v1/files', form(fixture('jpeg-gray.jpg'), {}, filename))).json()).toMatchObject({ filename: kept });
  });
});
