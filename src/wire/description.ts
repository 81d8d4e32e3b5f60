/** Results → JSON: the one place where inside names become wire names. */
import { transformOf } from '../core/vision/plan.ts';
import type { DescribeResult } from '../operation/describe.ts';
import type { EstimateResult } from '../operation/estimate.ts';
import { fieldText } from '../core/field/present.ts';
import type { DescribeRequest } from '../core/input/request.ts';
import type { Model } from '../core/vision/model.ts';
import type { Removed } from '../operation/delete-image.ts';
import type { IdentifiedImage } from '../stage/picture/load.ts';
import type { SentImage } from '../core/cache/entry.ts';
import type { ImageInfo } from '../core/image/info.ts';

export function describeResponse(requestId: string, request: DescribeRequest, result: DescribeResult) {
  return {
    id: requestId,
    type: 'description',
    descriptions: result.answer.descriptions,
    ...(result.answer.answer === undefined ? {} : { answer: result.answer.answer }),
    images: result.images.map(({ image, sent }) => ({ ...imageFacts(image), sent: sentFacts(image, sent) })),
    model: request.model,
    stop_reason: result.answer.stopReason,
    usage: {
      input_tokens: result.usage.inputTokens + result.usage.cacheCreationInputTokens + result.usage.cacheReadInputTokens,
      output_tokens: result.usage.outputTokens,
      cost_usd: result.costUsd ?? null,
      estimated_input_tokens: result.estimatedInputTokens ?? null,
      drift_tokens: driftTokens(result),
    },
    cache: {
      status: result.cache.status,
      age_seconds: result.cache.ageSeconds,
      ...(result.savedUsd === undefined ? {} : { saved_usd: result.savedUsd }),
      ...(result.cache.nearDuplicate === undefined
        ? {}
        : { near_duplicate: { image_id: result.cache.nearDuplicate.imageId, distance: result.cache.nearDuplicate.distance } }),
    },
    warnings: result.warnings,
    ...(request.metadata === undefined ? {} : { metadata: request.metadata }),
  };
}

/** Billed less predicted tokens of the prompt; `null` where nothing was billed or the prediction lacks a picture's size. */
function driftTokens({ usage, estimatedInputTokens }: DescribeResult): number | null {
  const billed = usage.inputTokens + usage.cacheCreationInputTokens + usage.cacheReadInputTokens;
  return billed === 0 || estimatedInputTokens === undefined ? null : billed - estimatedInputTokens;
}

/** The first field of an answer in its first language as text, for `Accept: text/plain`. */
export function firstText(request: DescribeRequest, result: DescribeResult): string {
  const [field] = request.fields;
  const [description] = result.answer.descriptions;
  if (field === undefined) return result.answer.answer ?? '';
  return description === undefined ? '' : fieldText(field, description);
}

export function estimateResponse(requestId: string, request: DescribeRequest, result: EstimateResult) {
  return {
    id: requestId,
    type: 'estimate',
    images: result.images.map((image) => imageFacts(image)),
    estimates: result.estimates.map((estimate) => ({
      model: estimate.model.id,
      tier: estimate.tier,
      images: estimate.plans.map((plan) => ({
        width: plan.size.width,
        height: plan.size.height,
        image_tokens: plan.imageTokens,
        transform: transformOf(plan),
        resized_by: plan.kind === 'original' && plan.isResizedByClaude ? 'claude' : plan.kind === 'transcode' && plan.isResized ? 'vignette' : null,
      })),
      image_tokens: estimate.imageTokens,
      input_tokens: estimate.inputTokens,
      max_output_tokens: estimate.outputTokensMax,
      reserved_image_tokens: estimate.reservedImageTokens,
      cost_usd: estimate.cost === undefined ? null : { min: estimate.cost.minUsd, max: estimate.cost.maxUsd, reserved: estimate.cost.reservedUsd },
      cache: { status: estimate.isCached ? 'hit' : 'miss' },
      ...(estimate.fault === undefined ? {} : { error: estimate.fault }),
    })),
    warnings: result.warnings,
    ...(request.metadata === undefined ? {} : { metadata: request.metadata }),
  };
}

/** A model with prices in US$ per million tokens. */
export function modelResponse(model: Model) {
  const price = (value: { input: number; output: number; cacheRead: number }) => ({ input: value.input, output: value.output, cache_read: value.cacheRead });
  return {
    id: model.id,
    type: 'model',
    tier: model.tier,
    context_tokens: model.contextTokens ?? null,
    max_images: model.imagesMax,
    price_usd_per_million_tokens: model.price === undefined ? null : price(model.price.base),
    ...(model.price?.long === undefined
      ? {}
      : { long_prompt: { above_input_tokens: model.price.long.aboveInputTokens, price_usd_per_million_tokens: price(model.price.long.price) } }),
  };
}

export function storedImageResponse(imageId: string, info: ImageInfo, isNew: boolean) {
  return {
    type: 'image',
    image_id: imageId,
    media_type: info.mediaType,
    width: info.width,
    height: info.height,
    orientation: info.orientation,
    bytes: info.bytes,
    is_new: isNew,
  };
}

/** What a deletion removed, by kind. */
export function deletedImageResponse(imageId: string, removed: NonNullable<Removed>) {
  const { image, answer, alias, file, near, outcome } = removed;
  return {
    type: 'image_deleted',
    image_id: imageId,
    removed: { images: image, answers: answer, addresses: alias, files: file, near_duplicates: near, idempotent_answers: outcome },
  };
}

function imageFacts(image: IdentifiedImage) {
  if (image.kind === 'url') return { image_id: null, media_type: null, width: null, height: null, orientation: null, bytes: null };
  const { mediaType, width, height, orientation, bytes } = image.info;
  return { image_id: `sha256:${image.sha256}`, media_type: mediaType, width, height, orientation, bytes };
}

function sentFacts(image: IdentifiedImage, sent: SentImage | undefined) {
  if (sent === undefined)
    return {
      media_type: null,
      width: null,
      height: null,
      bytes: null,
      sha256: null,
      source: image.kind === 'url' ? 'url' : 'base64',
      transform: 'none',
      image_tokens: null,
    };
  return {
    media_type: sent.mediaType,
    width: sent.width,
    height: sent.height,
    bytes: sent.bytes,
    sha256: sent.sha256,
    source: sent.source ?? 'base64',
    transform: sent.transform,
    image_tokens: sent.imageTokens,
  };
}
