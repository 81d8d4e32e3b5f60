/** Estimates of relayed requests → JSON, in the words of `wire.ts`. */
import { transformOf } from '../core/vision/plan.ts';
import type { RelayEstimate } from '../stage/relay/estimate.ts';
import type { IdentifiedImage } from '../stage/relay/identify.ts';

export function relayEstimateResponse(
  requestId: string,
  { request, images, imageTokens, inputTokens, reservedImageTokens, cost, cacheStatus, plan, warnings }: RelayEstimate,
) {
  return {
    id: requestId,
    type: 'estimate',
    images: images.map((image) => ({ path: image.block.path, ...factsOf(image) })),
    estimates: [
      {
        model: request.model.id,
        tier: request.model.tier,
        images: images.map(planOf),
        image_tokens: imageTokens,
        input_tokens: inputTokens,
        max_output_tokens: request.scan.maxTokens ?? null,
        reserved_image_tokens: reservedImageTokens,
        cost_usd: cost === undefined ? null : { min: cost.minUsd, max: cost.maxUsd, reserved: cost.reservedUsd ?? null },
        cache: { status: cacheStatus },
      },
    ],
    plan,
    warnings,
  };
}

function factsOf(image: IdentifiedImage) {
  if (image.kind === 'distant') return { media_type: null, width: null, height: null, orientation: null, bytes: null };
  const { mediaType, width, height, orientation, bytes } = image.info;
  return { media_type: mediaType, width, height, orientation, bytes };
}

function planOf(image: IdentifiedImage) {
  if (image.kind === 'distant') return { width: null, height: null, image_tokens: image.imageTokens ?? null, transform: 'none', resized_by: null };
  const { plan } = image;
  return {
    ...plan.size,
    image_tokens: plan.imageTokens,
    transform: transformOf(plan),
    resized_by: plan.kind === 'original' && plan.isResizedByClaude ? 'claude' : plan.kind === 'transcode' && plan.isResized ? 'vignette' : null,
  };
}
