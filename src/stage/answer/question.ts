/** What is asked, of which pictures: everything that stands before the first byte is decoded. */
import type { DescribeRequest } from '../../core/input/request.ts';
import { estimateFrameTokens } from '../../core/message/request.ts';
import type { Model } from '../../core/vision/model.ts';
import type { Plan } from '../../core/vision/plan.ts';
import { cacheKey } from './cache.ts';
import type { Context } from '../session/context.ts';
import type { IdentifiedImages } from '../picture/load.ts';
import { planImages, totalImageTokens } from '../picture/plan.ts';

export interface Question {
  readonly request: DescribeRequest;
  readonly model: Model;
  readonly found: IdentifiedImages;
  /** One a picture; unknown for what Claude fetches itself. */
  readonly plans: readonly (Plan | undefined)[];
  /** Exact image tokens and an estimate of the text; unknown with a picture whose size is. */
  readonly estimatedInputTokens: number | undefined;
  /** Under which the answer is kept; `undefined`: it is not. */
  readonly key: string | undefined;
}

/** Plans the pictures and names the answer. @throws image_too_large, invalid_request */
export async function poseQuestion(request: DescribeRequest, model: Model, found: IdentifiedImages, context: Context): Promise<Question> {
  const plans = planImages(found.images, request.detail, model, context.ports);
  const imageTokens = totalImageTokens(plans);
  const hashes = found.images.map((image) => (image.kind === 'bytes' ? image.sha256 : undefined));
  return {
    request,
    model,
    found,
    plans,
    estimatedInputTokens: imageTokens === undefined ? undefined : imageTokens + estimateFrameTokens(request),
    key: await cacheKey(request, model, hashes, context),
  };
}
