/** R2 as the store of originals: content-addressed, one object a tenant and picture, written once. */
import * as z from 'zod';
import type { ImageStore, StoredImage } from '../port.ts';

/** `image/v1/<tenant>/<sha256>`: the tenant comes first, so that no id of one reaches an object of another. */
const objectKey = (tenant: string, sha256: string) => `image/v1/${tenant}/${sha256}`;

const metadataSchema = z.object({
  width: z.coerce.number().int().min(1),
  height: z.coerce.number().int().min(1),
  orientation: z.coerce.number().int().min(1).max(8),
});
const mediaTypeSchema = z.enum(['image/jpeg', 'image/png', 'image/gif', 'image/webp']);

export function r2ImageStore(bucket: R2Bucket): ImageStore {
  return {
    async put(tenant, image, info) {
      const written = await bucket.put(objectKey(tenant, image.sha256), image.bytes, {
        onlyIf: { etagDoesNotMatch: '*' },
        sha256: image.sha256,
        httpMetadata: { contentType: info.mediaType },
        customMetadata: { width: String(info.width), height: String(info.height), orientation: String(info.orientation) },
      });
      return { isNew: written !== null };
    },

    async head(tenant, imageId) {
      const object = await bucket.head(objectKey(tenant, sha256Of(imageId)));
      return object === null ? undefined : toStoredImage(imageId, object);
    },

    async read(tenant, imageId) {
      const object = await bucket.get(objectKey(tenant, sha256Of(imageId)));
      return object === null ? undefined : { bytes: new Uint8Array(await object.arrayBuffer()), sha256: sha256Of(imageId) };
    },

    async open(tenant, imageId, range) {
      const object = await bucket.get(objectKey(tenant, sha256Of(imageId)), range === undefined ? {} : { range: { ...range } });
      return object?.body;
    },

    async delete(tenant, imageId) {
      await bucket.delete(objectKey(tenant, sha256Of(imageId)));
    },
  };
}

/** `sha256:<hex>` → `<hex>`. */
function sha256Of(imageId: string): string {
  return imageId.slice(imageId.indexOf(':') + 1);
}

/** An object whose metadata we did not write is as good as none. */
function toStoredImage(imageId: string, object: R2Object): StoredImage | undefined {
  const metadata = metadataSchema.safeParse(object.customMetadata);
  const mediaType = mediaTypeSchema.safeParse(object.httpMetadata?.contentType);
  if (!metadata.success || !mediaType.success) return undefined;
  return { imageId, mediaType: mediaType.data, bytes: object.size, ...metadata.data, uploadedAtMs: object.uploaded.getTime() };
}
