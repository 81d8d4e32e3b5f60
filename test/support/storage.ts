/** What KV, R2 and the indexes of pictures hold, to see what a request left behind. They are those of all tests of the project. */
import { listDurableObjectIds, reset, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import type { ImageIndexObject } from '../../src/adapter/image-index/object.ts';
import type { KeyRegisterObject } from '../../src/adapter/key-store/object.ts';

export const bindings = env as unknown as {
  readonly IMAGES: R2Bucket;
  readonly DESCRIPTIONS: KVNamespace;
  readonly IMAGE_INDEX: DurableObjectNamespace<ImageIndexObject>;
  readonly KEY_REGISTER: DurableObjectNamespace<KeyRegisterObject>;
};

/** Names of everything that is stored, KV first. A failed request leaves none. */
export async function storedNames(): Promise<readonly string[]> {
  const [descriptions, images] = await Promise.all([bindings.DESCRIPTIONS.list(), bindings.IMAGES.list()]);
  return [...descriptions.keys.map(({ name }) => name), ...images.objects.map(({ key }) => key)];
}

/** Names of the cached answers alone. */
export async function cachedNames(): Promise<readonly string[]> {
  return (await bindings.DESCRIPTIONS.list({ prefix: 'description:' })).keys.map(({ name }) => name);
}

/** Everything that is stored in KV, in R2 and in Durable Objects, names and values, as one text to search. */
export async function storedText(): Promise<string> {
  const descriptions = await bindings.DESCRIPTIONS.list();
  const values = await Promise.all(descriptions.keys.map(async ({ name }) => await bindings.DESCRIPTIONS.get(name)));
  const images = await bindings.IMAGES.list({ include: ['customMetadata', 'httpMetadata'] });
  const rows = await Promise.all(
    (await listDurableObjectIds(bindings.IMAGE_INDEX)).map((id) =>
      runInDurableObject(bindings.IMAGE_INDEX.get(id), (_, { storage }) => [...storage.kv.list()]),
    ),
  );
  return JSON.stringify([descriptions.keys, values, images.objects.map(({ key, customMetadata }) => [key, customMetadata]), rows]);
}

/** Removes everything from KV and R2, for `beforeEach`. The indexes of pictures stay, which only deletions show: pictures to be deleted are made for each test. */
export async function emptyStorage(): Promise<void> {
  const [descriptions, images] = await Promise.all([bindings.DESCRIPTIONS.list(), bindings.IMAGES.list()]);
  await Promise.all([...descriptions.keys.map(({ name }) => bindings.DESCRIPTIONS.delete(name)), bindings.IMAGES.delete(images.objects.map(({ key }) => key))]);
}

/** The same with Durable Objects, as far as none of them is in use; a hundred times slower. */
export async function emptyAll(): Promise<void> {
  await reset();
}
