/** R2 as the store of originals: content-addressed, one object a tenant and picture, written once. */
import { readImageInfo } from '../core/keep/facts.ts';
import { imageKey } from '../core/cache/key.ts';
import type { ImageStore, StoredImage } from '../port/storage.ts';

export function r2ImageStore(bucket: R2Bucket): ImageStore {
  return {
    async put(tenant, image, info) {
      const written = await bucket.put(imageKey(tenant, image.sha256), image.bytes, {
        onlyIf: { etagDoesNotMatch: '*' },
        sha256: image.sha256,
        httpMetadata: { contentType: info.mediaType },
        // A few hundred of the 8,192 bytes that R2 allows: enough to plan and to look up without reading the file.
        customMetadata: { facts: JSON.stringify(info) },
      });
      return { isNew: written !== null };
    },

    async head(tenant, imageId) {
      const object = await bucket.head(imageKey(tenant, sha256Of(imageId)));
      return object === null ? undefined : toStoredImage(imageId, object);
    },

    async read(tenant, imageId) {
      const object = await bucket.get(imageKey(tenant, sha256Of(imageId)));
      return object === null ? undefined : { bytes: new Uint8Array(await object.arrayBuffer()), sha256: sha256Of(imageId) };
    },

    async open(tenant, imageId, range) {
      const object = await bucket.get(imageKey(tenant, sha256Of(imageId)), range === undefined ? {} : { range: { ...range } });
      return object?.body;
    },

    async delete(key) {
      await bucket.delete(key);
    },
  };
}

/** `sha256:<hex>` → `<hex>`. */
function sha256Of(imageId: string): string {
  return imageId.slice(imageId.indexOf(':') + 1);
}

/** An object whose metadata we did not write is as good as none. */
function toStoredImage(imageId: string, object: R2Object): StoredImage | undefined {
  const info = readImageInfo(object.customMetadata?.['facts']);
  return info === undefined ? undefined : { imageId, info, uploadedAtMs: object.uploaded.getTime() };
}
