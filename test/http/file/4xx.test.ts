import { beforeEach, describe, expect, it } from 'vitest';
import { fixture } from '../../support/fixture.ts';
import { form } from '../../support/form.ts';
import { pngClaim } from '../../support/picture.ts';
import { ACME_KEY, startService } from '../../support/service.ts';
import { emptyStorage, storedNames } from '../../support/storage.ts';

const JPEG = fixture('jpeg-gray.jpg');

describe('files that are not taken', () => {
  beforeEach(emptyStorage);

  it.each<readonly [string, () => RequestInit]>([
    [
      'a second file',
      () => {
        const init = form(JPEG);
        (init.body as FormData).append('file', new File([JPEG], 'two.jpg'));
        return init;
      },
    ],
    ['no file', () => ({ method: 'POST', body: new URLSearchParams({ a: 'b' }) })],
    ['a text', () => form(new TextEncoder().encode('hello') as Uint8Array<ArrayBuffer>, {}, 'hello.txt', 'text/plain')],
    ['another field', () => form(JPEG, { purpose: 'vision' })],
    ['a picture of 8,001 pixels', () => form(pngClaim(8_001, 10))],
    ...['3599', '7776001', 'soon', '3600.5'].map((seconds) => [`expires_in_seconds ${seconds}`, () => form(JPEG, { expires_in_seconds: seconds })] as const),
  ])('%s is refused, and nothing is kept', async (_, init) => {
    const { send, simulate } = startService();
    const response = await send('/v1/files', init());
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.status).toBeLessThan(500);
    expect((await simulate('files')).files).toEqual([]);
    expect(await storedNames()).toEqual([]);
  });

  it.each(['3600', '7776000'])('expires_in_seconds %s is taken', async (seconds) => {
    expect((await startService().send('/v1/files', form(JPEG, { expires_in_seconds: seconds }))).status).toBe(200);
  });

  it.each([
    ['3599', '"expires_in_seconds" is 3599; it must be from 3600 to 7776000.'],
    ['3600.5', '"expires_in_seconds" is 3600.5; it must be a whole number from 3600 to 7776000.'],
    ['soon', '"expires_in_seconds" must be a number from 3600 to 7776000, not "soon".'],
  ])('expires_in_seconds %s is told with its bounds', async (seconds, words) => {
    const { error }: any = await (await startService().send('/v1/files', form(JPEG, { expires_in_seconds: seconds }))).json();
    expect(error.message).toBe(words);
  });

  it.each([
    ['0', '"limit" is 0; it must be from 1 to 100.'],
    ['101', '"limit" is 101; it must be from 1 to 100.'],
    ['x', '"limit" must be a number from 1 to 100, not "x".'],
  ])('a page of %s is refused', async (limit, words) => {
    const response = await startService().send(`/v1/files?limit=${limit}`);
    expect(response.status).toBe(400);
    expect(((await response.json()) as any).error.message).toBe(words);
  });

  it.each(['file_nobody', 'a'.repeat(129), 'a:b', '%2e%2e'])('%s is not found', async (id) => {
    const { send, calls } = startService();
    for (const method of ['GET', 'DELETE']) expect((await send(`/v1/files/${id}`, { method })).status).toBe(404);
    expect(await calls()).toEqual([]);
  });

  it('content cannot be downloaded', async () => {
    const { send } = startService();
    const { id }: any = await (await send('/v1/files', form(JPEG))).json();
    expect((await send(`/v1/files/${id}/content`)).status).toBe(400);
  });

  it.each([
    [{ kind: 'rate_limit', retry_after_seconds: 7 }, 429, '7'],
    [{ kind: 'overloaded' }, [503, 529], null],
    [{ kind: 'internal' }, 502, null],
    [{ kind: 'html', status: 200 }, 502, null],
  ])('%j of the Files API is an error, and nothing is remembered', async (fault, status, retryAfter) => {
    const { send, fail } = startService();
    await fail({ ...fault, route: 'files' });
    const response = await send('/v1/files', form(JPEG));
    expect([status].flat()).toContain(response.status);
    if (retryAfter !== null) expect(response.headers.get('retry-after')).toBe(retryAfter);
    expect(await storedNames()).toEqual([]);
  });

  it('with a key of Anthropic beside that of the service nothing is uploaded to the wrong place', async () => {
    const { send, calls } = startService();
    const headers = { 'x-vignette-key': ACME_KEY, 'x-api-key': 'sk-ant-caller-0123456789' };
    const response = await send('/v1/files', { ...form(JPEG), headers });
    expect(await response.json()).toMatchObject({
      type: 'error',
      error: { type: 'invalid_request_error', message: expect.stringContaining('upload at Anthropic') },
    });
    expect(await calls()).toEqual([]);
  });

  it('without a key nobody gets in', async () => {
    expect((await startService().send('/v1/files', { headers: { 'x-api-key': 'wrong-key-0123456789abcdef' } })).status).toBe(401);
  });
});
