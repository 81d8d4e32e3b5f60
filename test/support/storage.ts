/** What KV and R2 hold, to see what a request left behind. They are those of the test file. */
import { env } from 'cloudflare:workers';

export const bindings = env as unknown as { readonly IMAGES: R2Bucket; readonly DESCRIPTIONS: KVNamespace };

/** Names of everything that is stored, KV first. A failed request leaves none. */
export async function storedNames(): Promise<readonly string[]> {
  const [descriptions, images] = await Promise.all([bindings.DESCRIPTIONS.list(), bindings.IMAGES.list()]);
  return [...descriptions.keys.map(({ name }) => name), ...images.objects.map(({ key }) => key)];
}

/** Names of the cached answers alone. */
export async function cachedNames(): Promise<readonly string[]> {
  return (await bindings.DESCRIPTIONS.list({ prefix: 'description:' })).keys.map(({ name }) => name);
}

/** Removes everything, for `beforeEach`. */
export async function emptyStorage(): Promise<void> {
  const [descriptions, images] = await Promise.all([bindings.DESCRIPTIONS.list(), bindings.IMAGES.list()]);
  await Promise.all([...descriptions.keys.map(({ name }) => bindings.DESCRIPTIONS.delete(name)), bindings.IMAGES.delete(images.objects.map(({ key }) => key))]);
}
