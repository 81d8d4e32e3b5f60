/** What is deleted or purged while Claude is at work: whoever asks afterwards gets nothing that was asked for before. */
import { beforeEach, describe, expect, it } from 'vitest';
import { makeKey } from '../../support/key.ts';
import { pngPicture } from '../../support/picture.ts';
import { startService } from '../../support/service.ts';
import { cachedNames, emptyStorage } from '../../support/storage.ts';

/** A service that holds the next call until it is let go; those after it pass. */
function startHolding() {
  let held: { readonly asked: () => void; readonly released: Promise<void> } | undefined;
  const service = startService({
    wire: async (request, next) => {
      const call = held;
      held = undefined;
      const response = await next(request);
      call?.asked();
      await call?.released;
      return response;
    },
  });
  return {
    service,
    /** `asked` when the call is at Claude; `release` lets its answer go on. */
    hold: () => {
      const asked = Promise.withResolvers<void>();
      const released = Promise.withResolvers<void>();
      held = { asked: asked.resolve, released: released.promise };
      return { asked: asked.promise, release: released.resolve };
    },
  };
}

const statusOf = async (response: Response) => ((await response.json()) as any).cache.status as string;

describe('an answer that was asked for before', () => {
  let PNG: Uint8Array<ArrayBuffer>;
  beforeEach(async () => {
    await emptyStorage();
    PNG = await pngPicture(64, 32, { comment: crypto.randomUUID() });
  });

  it('a DELETE is for those who waited for it, and for nobody who comes later', async () => {
    const { service, hold } = startHolding();
    const { image_id } = (await (await service.upload('/v1/images', PNG)).json()) as any;
    const { asked, release } = hold();
    const leading = service.upload('/v1/describe', PNG);
    await asked;
    const joined = service.work.joins;
    const following = service.upload('/v1/describe', PNG);
    await expect.poll(() => service.work.joins, { interval: 1 }).toBe(joined + 1);
    expect((await service.send(`/v1/images/${image_id}`, { method: 'DELETE' })).status).toBe(200);
    expect(await statusOf(await service.upload('/v1/describe', PNG))).toBe('miss');
    release();
    expect(await statusOf(await leading)).toBe('miss');
    expect(await statusOf(await following)).toBe('joined');
    expect(await service.calls()).toHaveLength(2);
    expect(await statusOf(await service.upload('/v1/describe', PNG))).toBe('hit');
  });

  it('a purge is not joined, and not kept for a moment', async () => {
    const { service, hold } = startHolding();
    const admin = await makeKey({ tenant: 'ops', scopes: ['admin'] });
    await service.upload('/v1/describe', PNG);
    const { asked, release } = hold();
    const refreshing = service.upload('/v1/describe?cache=refresh', PNG);
    await asked;
    expect(await (await service.post('/v1/admin/purge', { tenant: 'acme' }, admin.header)).json()).toMatchObject({ removed: { answers: 1 } });
    expect(await cachedNames()).toEqual([]);
    expect(await statusOf(await service.upload('/v1/describe', PNG))).toBe('miss');
    release();
    expect(await statusOf(await refreshing)).toBe('refresh');
    expect(await service.calls()).toHaveLength(3);
  });
});
