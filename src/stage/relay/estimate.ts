/** What a relayed request would cost, from headers of images alone: the stages of `relay.ts`, up to the plan. */
import { planSummary, type PlanSummary } from '../../core/relay/plan.ts';
import { costOf, usdOf } from '../../core/vision/cost.ts';
import type { Context, Warning } from '../session/context.ts';
import { reservedNanoUsd } from '../money/quote.ts';
import { lookUpMessage, messageKey } from './cache.ts';
import { type IdentifiedImage, identifyImages } from './identify.ts';
import { boundedCost, imageTokensAtMost } from './quote.ts';
import type { RelayRequest, ScannedRequest } from './request.ts';
import { scanRequest } from './scan.ts';
import { requireOwnState } from './state.ts';

export interface RelayEstimate {
  readonly request: ScannedRequest;
  readonly images: readonly IdentifiedImage[];
  /** Exact, but for images whose size nobody here knows. */
  readonly imageTokens: number;
  /** With an estimate of everything else in the body. */
  readonly inputTokens: number;
  /** What is set aside of a budget of image tokens: those of a picture whose size nobody here knows at their most. */
  readonly reservedImageTokens: number;
  /**
   * US$, from no output at all to `max_tokens`, and what is set aside of a budget for the call; `undefined` without a known price,
   * and no sum to set aside for a request that no bound can be given for.
   */
  readonly cost: { readonly minUsd: number; readonly maxUsd: number; readonly reservedUsd: number | undefined } | undefined;
  readonly cacheStatus: 'hit' | 'miss' | 'bypass';
  readonly plan: PlanSummary;
  readonly warnings: readonly Warning[];
}

/** Bytes of JSON text a token holds, by rule of thumb; Claude's tokenizer is not public. */
const TEXT_BYTES_A_TOKEN = 4;

/** @throws Fault, as the relay would for the same images and model */
export async function estimateRelay(incoming: RelayRequest, context: Context): Promise<RelayEstimate> {
  const request = scanRequest(incoming, context);
  await requireOwnState(request, context);
  const images = await context.stopwatch.time('load', identifyImages(request, context));
  const imageTokens = images.reduce((sum, image) => sum + (tokensOf(image) ?? 0), 0);
  const sourceBytes = images.reduce((sum, { block: { source } }) => sum + (source.value.end - source.value.start), 0);
  const inputTokens = imageTokens + Math.ceil((request.body.length - sourceBytes) / TEXT_BYTES_A_TOKEN);
  const reservedImageTokens = imageTokensAtMost(images, request);
  const bound = boundedCost(request, reservedImageTokens);
  const reserved = 'fault' in bound ? undefined : reservedNanoUsd(bound);
  const key = await messageKey(request, images, false, context);
  const hit = await context.stopwatch.time('cache', lookUpMessage(key, request, context));
  return {
    request,
    images,
    imageTokens,
    inputTokens,
    reservedImageTokens,
    cost: costRange(request, inputTokens, reserved === undefined ? undefined : usdOf(reserved)),
    cacheStatus: key === undefined ? 'bypass' : hit === undefined ? 'miss' : 'hit',
    // How long images get that are made anew, only making them tells.
    plan: planSummary(images.map(fateOf), { received: request.body.length, sent: null }),
    warnings: 'fault' in bound ? [{ code: 'cost_unbounded', message: bound.fault.message }] : [],
  };
}

function tokensOf(image: IdentifiedImage): number | undefined {
  return image.kind === 'known' ? image.plan.imageTokens : image.imageTokens;
}

function fateOf(image: IdentifiedImage) {
  const imageTokens = tokensOf(image);
  if (image.kind === 'distant') return { transform: 'none', via: image.via, imageTokens } as const;
  const { plan, standing } = image;
  const transform =
    plan.kind === 'transcode' ? (plan.isResized ? 'resized' : 'reencoded') : standing?.isCanonical === true && !standing.isTyped ? 'retyped' : 'none';
  return { transform, via: 'base64', imageTokens } as const;
}

function costRange({ model, scan }: ScannedRequest, inputTokens: number, reservedUsd: number | undefined): RelayEstimate['cost'] {
  const usage = { inputTokens, outputTokens: 0, cacheCreationInputTokens: 0, cacheReadInputTokens: 0 };
  const minUsd = costOf(model, usage);
  const maxUsd = costOf(model, { ...usage, outputTokens: scan.maxTokens ?? 0 });
  return minUsd === undefined || maxUsd === undefined ? undefined : { minUsd, maxUsd, reservedUsd };
}
