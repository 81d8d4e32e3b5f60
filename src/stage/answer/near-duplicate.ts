/**
 * Answers of pictures that look alike, for requests that ask for that. Within a tenant only, never passed on: an answer that was
 * found this way is not kept for the picture that found it, so likeness does not add up from one picture to the next.
 */
import type { CacheEntry } from '../../core/cache/entry.ts';
import { cacheKeyText } from '../../core/cache/key.ts';
import { keepsResults } from '../../core/keep/keeping.ts';
import { type Looks, nearName } from '../../core/cache/near-duplicate.ts';
import { perceptualHash, THUMBNAIL_SIDE_PX } from '../../core/cache/perceptual-hash.ts';
import type { DescribeRequest } from '../../core/input/request.ts';
import type { Model } from '../../core/vision/model.ts';
import { freshOnly, lookUp } from './cache.ts';
import type { Context } from '../session/context.ts';
import { answerExpiryMs, openLineage } from '../keep/lineage.ts';
import type { LoadedImage } from '../picture/load.ts';
import { tierFor } from '../picture/plan.ts';
import { thumbnail } from '../picture/transcode.ts';

export interface NearDuplicate {
  readonly found: { readonly entry: CacheEntry; readonly imageId: string; readonly distance: number } | undefined;
  /** Lets pictures that come later find the answer under this key. */
  readonly remember: (key: string) => void;
}

/** Looks for an answer. `undefined` where it is not asked for, nothing may be kept, or the picture has too little structure. */
export async function seekNearDuplicate(
  request: DescribeRequest,
  model: Model,
  load: () => Promise<readonly LoadedImage[]>,
  context: Context,
): Promise<NearDuplicate | undefined> {
  const { nearDuplicate } = request;
  if (nearDuplicate === undefined || request.cache === 'bypass' || !keepsResults(context.caller)) return undefined;
  const { ports, tenant } = context;
  const [image] = await load();
  if (image?.kind !== 'bytes') return undefined;
  const looks = await looksOf(image, context);
  if (looks === undefined) return undefined;
  const question = cacheKeyText({ owner: tenant, imageHashes: [], request, model, tier: tierFor(request.detail, model) });
  const group = `${tenant}:${await ports.sha256(question)}`;
  const nearest = request.cache === 'refresh' ? undefined : await ports.near.find(group, looks, nearDuplicate.maxDistance);
  // Its answer was made from the other picture, and goes with that one, too.
  if (nearest !== undefined) await context.pictures.meet(nearest.sha256);
  const entry = nearest === undefined ? undefined : await lookUp(nearest.key, { ...request, cache: freshOnly(request.cache) }, context);
  return {
    found: nearest === undefined || entry === undefined ? undefined : { entry, imageId: `sha256:${nearest.sha256}`, distance: nearest.distance },
    remember: (key) => {
      const expiresAtMs = answerExpiryMs(context);
      const writing = {
        write: () => ports.near.add(group, { ...looks, sha256: image.sha256, key, expiresAtMs }),
        remove: () => ports.near.remove(group, image.sha256),
      };
      context.afterResponse(openLineage([image.sha256], [], context).keep([{ kind: 'near', name: nearName(group, image.sha256) }], expiresAtMs, writing));
    },
  };
}

/** What a picture looks like, where our own codec reads it and it has structure. */
async function looksOf({ bytes, info }: LoadedImage & { readonly kind: 'bytes' }, { ports }: Context): Promise<Looks | undefined> {
  const gray = await thumbnail(bytes, info, THUMBNAIL_SIDE_PX, ports);
  const hash = gray === undefined ? undefined : perceptualHash(gray);
  return hash === undefined ? undefined : { hash, aspect: info.width / info.height };
}
