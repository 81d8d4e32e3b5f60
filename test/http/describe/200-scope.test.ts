import { beforeEach, describe, expect, it } from 'vitest';
import { pngPicture } from '../../support/picture.ts';
import { startService, UMBRELLA_KEY } from '../../support/service.ts';
import { cachedNames, emptyStorage } from '../../support/storage.ts';

const image = { base64: (await pngPicture(64, 32)).toBase64() };
const UMBRELLA = { 'x-api-key': UMBRELLA_KEY };

describe('the scope of an answer', () => {
  beforeEach(emptyStorage);

  async function ask(service: ReturnType<typeof startService>, body: object, headers: Record<string, string> = {}) {
    return ((await (await service.post('/v1/describe', { image, ...body }, headers)).json()) as any).cache.status as string;
  }

  it('is the tenant: the same picture makes two entries', async () => {
    const service = startService();
    expect(await ask(service, {})).toBe('miss');
    expect(await ask(service, {}, UMBRELLA)).toBe('miss');
    expect((await cachedNames()).map((name) => name.split(':')[2]).toSorted()).toEqual(['acme', 'umbrella']);
  });

  it('is everybody who asks for that, where both do', async () => {
    const service = startService();
    expect(await ask(service, { scope: 'public' })).toBe('miss');
    expect(await ask(service, { scope: 'public' }, UMBRELLA)).toBe('hit');
    expect((await service.calls()).length).toBe(1);
  });

  it.each([
    ['public', 'tenant'],
    ['tenant', 'public'],
  ])('meets no other: written for "%s", read for "%s"', async (written, read) => {
    const service = startService();
    await ask(service, { scope: written });
    expect(await ask(service, { scope: read }, UMBRELLA)).toBe('miss');
    expect(await ask(service, { scope: read })).toBe(read === 'public' ? 'hit' : 'miss');
  });

  it('shares nothing between different requests', async () => {
    const service = startService();
    await ask(service, { scope: 'public' });
    for (const other of [{ fields: ['caption'] }, { context: { page_title: 'x' } }, { system: 'Be brief.' }]) {
      expect(await ask(service, { scope: 'public', ...other }, UMBRELLA)).toBe('miss');
    }
  });
});
