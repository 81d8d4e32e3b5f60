/** Facts → plans for all pictures of a request: which tier Claude is to see them in, and what that costs. */
import { Fault } from '../../core/fault.ts';
import type { Detail, DescribeRequest } from '../../core/input/request.ts';
import { imageBytesIn, MANY_IMAGES_THRESHOLD } from '../../core/vision/limit.ts';
import type { Model } from '../../core/vision/model.ts';
import { checkConversions, type Plan, planImage } from '../../core/vision/plan.ts';
import { TIERS, type TierName } from '../../core/vision/tier.ts';
import type { Ports } from '../../port/ports.ts';
import type { Context, Warning } from '../session/context.ts';
import { type IdentifiedImage, withParam } from './load.ts';

/**
 * The tier that pictures are sized for: the model's own when detail is asked for, else the standard one,
 * which every model sees unchanged and which costs a third of the tokens.
 */
export function tierFor(detail: Detail, model: Model): TierName {
  return detail === 'high' ? model.tier : 'standard';
}

/** @throws invalid_request, forbidden when images cannot travel in the way that was asked for */
export function checkSource(source: DescribeRequest['source'], { caller, ports }: Context): void {
  const { sources } = ports.upstream.limits;
  if (source === 'file' && caller.store !== 'image')
    throw new Fault('forbidden', `A file stays with the provider until it expires, and this key or request keeps "${caller.store}" at most. Use "auto".`, {
      param: 'source',
    });
  if (source === 'auto' || sources.includes(source)) return;
  throw new Fault('invalid_request', `The provider of this deployment takes no "${source}" images, only ${sources.join(', ')}. Use "auto".`, {
    param: 'source',
  });
}

/**
 * Plans every picture; `undefined` for an address that Claude fetches itself.
 * @throws invalid_request (more images than the model takes), image_too_large
 */
export function planImages(
  images: readonly IdentifiedImage[],
  detail: Detail,
  model: Model,
  { upstream: { limits }, codec: { canConvert } }: Pick<Ports, 'upstream' | 'codec'>,
): readonly (Plan | undefined)[] {
  const imagesMax = Math.min(model.imagesMax, limits.imagesMax ?? model.imagesMax);
  if (images.length > imagesMax) {
    throw new Fault('invalid_request', `${images.length} images were given; ${model.id} takes at most ${imagesMax} in one request. Split them.`, {
      param: 'images',
    });
  }
  const options = {
    tier: TIERS[tierFor(detail, model)],
    modelTier: TIERS[model.tier],
    isManyImageRequest: images.length > MANY_IMAGES_THRESHOLD,
    imageBytesMax: imageBytesIn(limits.base64CharactersMax),
    canConvert,
  };
  const plans = images.map((image) => (image.kind === 'url' ? undefined : withParam(image.param, () => planImage(image.info, options))));
  checkConversions(plans, 'images');
  return plans;
}

/** Sum of the exact image tokens, or `undefined` when a picture's size is not known. */
export function totalImageTokens(plans: readonly (Plan | undefined)[]): number | undefined {
  return plans.reduce<number | undefined>((sum, plan) => (sum === undefined || plan === undefined ? undefined : sum + plan.imageTokens), 0);
}

/** The same as a bound: a picture that only Claude fetches makes as many tokens as the model's tier allows. */
export function imageTokensMax(plans: readonly (Plan | undefined)[], model: Model): number {
  return plans.reduce((sum, plan) => sum + (plan?.imageTokens ?? TIERS[model.tier].imageTokensMax), 0);
}

/** Edge below which Claude sees little (vision docs 2026-08, "Image quality"). */
const SMALL_EDGE_PX = 200;

/** What the caller should know of the pictures and the model, beside the answer. */
export function planWarnings(
  request: DescribeRequest,
  model: Model,
  images: readonly IdentifiedImage[],
  plans: readonly (Plan | undefined)[],
): readonly Warning[] {
  const warnings: Warning[] = [];
  if (!model.isListed)
    warnings.push({
      code: 'model_unknown',
      message: `"${request.model}" is not in the model table: images are sized for the ${model.tier} tier. Add it to MODEL_OVERRIDES.`,
    });
  if (model.price === undefined) warnings.push({ code: 'price_unknown', message: `No price is known for "${request.model}", so costs are null.` });
  for (const [index, image] of images.entries()) {
    if (image.kind === 'url') continue;
    const plan = plans[index];
    warnings.push(...image.warnings.map((warning) => ({ ...warning, image: index })));
    if (image.info.frames > 1)
      warnings.push({ code: 'first_frame_only', message: `The file has ${image.info.frames} frames; Claude sees the first one.`, image: index });
    if (plan?.kind === 'original') {
      const outcome = plan.isResizedByClaude ? `Claude resizes it to ${plan.size.width}x${plan.size.height}` : 'Claude sees it in full size';
      warnings.push({
        code: plan.isResizedByClaude ? 'resized_by_claude' : 'sent_unchanged',
        message: `Sent as it is, because ${plan.reason}. ${outcome}.`,
        image: index,
      });
    }
    if (plan !== undefined && Math.min(plan.size.width, plan.size.height) < SMALL_EDGE_PX) {
      warnings.push({
        code: 'small_image',
        message: `Claude sees ${plan.size.width}x${plan.size.height} px; below ${SMALL_EDGE_PX} px on a side descriptions get worse.`,
        image: index,
      });
    }
  }
  return warnings;
}
