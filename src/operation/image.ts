/** Stored images: originals by their content, and the very bytes that Claude would see of them. */
import { requireImageKeeping } from '../core/keep/keeping.ts';
import { Fault } from '../core/fault.ts';
import type { ImageInfo } from '../core/image/info.ts';
import type { ImageReference } from '../core/input/request.ts';
import type { SentImage } from '../core/cache/entry.ts';
import { imageBytesIn } from '../core/vision/limit.ts';
import { planImage } from '../core/vision/plan.ts';
import { type TierName, TIERS } from '../core/vision/tier.ts';
import type { ByteRange, StoredImage } from '../port/storage.ts';
import { storeOriginal } from '../stage/picture/store-original.ts';
import { loadImages } from '../stage/picture/load.ts';
import { prepareImage } from '../stage/picture/prepare.ts';
import type { Context } from '../stage/session/context.ts';
import { operation } from './perform.ts';

export interface StoredResult {
  readonly imageId: string;
  readonly sha256: string;
  readonly info: ImageInfo;
  /** Whether it was not there before. */
  readonly isNew: boolean;
}

/** Stores an original. @throws the faults of a single image; forbidden, overloaded */
export const storeImage = operation('storeImage', async (reference: ImageReference, context): Promise<StoredResult> => {
  requireImageKeeping(context.caller);
  const loaded = await loadImages([reference], 'auto', context);
  try {
    const [image] = loaded.images;
    if (image?.kind !== 'bytes') throw new Fault('invalid_request', 'No image was given.', { param: 'image' });
    const { isNew } = await storeOriginal(image, context);
    return { imageId: `sha256:${image.sha256}`, sha256: image.sha256, info: image.info, isNew };
  } finally {
    loaded.release();
  }
});

export interface Original extends StoredImage {
  /** The file, or a range of it. @throws not_found when it was deleted meanwhile */
  readonly open: (range?: ByteRange) => Promise<ReadableStream>;
}

/** What is known of an original, and the way to its bytes. @throws not_found */
export const findImage = operation('getImage', async ({ imageId }: { readonly imageId: string }, { ports, tenant }): Promise<Original> => {
  const stored = await ports.images.head(tenant, imageId);
  if (stored === undefined) throw imageNotFound(imageId);
  return { ...stored, open: async (range) => (await ports.images.open(tenant, imageId, range)) ?? notThere(imageId) };
});

export interface SentResult {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly sent: SentImage;
}

/** The bytes that Claude would see of an image in a tier. @throws not_found, image_undecodable, image_too_large, overloaded */
export const renderSentImage = operation(
  'getSentImage',
  async ({ imageId, tier }: { readonly imageId: string; readonly tier: TierName }, context: Context): Promise<SentResult> => {
    const { ports, stopwatch } = context;
    const loaded = await loadImages([{ kind: 'stored', imageId, param: 'image_id' }], 'auto', context);
    try {
      const [image] = loaded.images;
      if (image?.kind !== 'bytes') throw imageNotFound(imageId);
      const plan = planImage(image.info, {
        tier: TIERS[tier],
        isManyImageRequest: false,
        imageBytesMax: imageBytesIn(ports.upstream.limits.base64CharactersMax),
        canConvert: ports.codec.canConvert,
      });
      const { source, sent } = await stopwatch.time('transcode', prepareImage(image, plan, ports));
      if (source.kind !== 'bytes' || sent === undefined) throw imageNotFound(imageId);
      return { bytes: source.bytes, sent };
    } finally {
      loaded.release();
    }
  },
);

export function imageNotFound(imageId: string): Fault {
  return new Fault('not_found', `No image ${imageId} is stored for this key.`, { param: 'image_id' });
}

function notThere(imageId: string): never {
  throw imageNotFound(imageId);
}
