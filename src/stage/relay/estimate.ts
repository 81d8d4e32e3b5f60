/** What a relayed request would cost, from headers of images alone: the stages of `relay.ts`, up to the plan. */
import { planSummary, type PlanSummary } from '../../core/relay/plan.ts';
import { costOf } from '../../core/vision/cost.ts';
import type { Context } from '../context.ts';
import { lookUpMessage, messageKey } from './cache.ts';
import { type IdentifiedImage, identifyImages } from './identify.ts';
import type { RelayRequest, ScannedRequest } from './request.ts';
import { scanRequest } from './scan.ts';

export interface RelayEstimate {
  readonly request: ScannedRequest;
  readonly images: readonly IdentifiedImage[];
  /** Exact, but for images whose size nobody here knows. */
  readonly imageTokens: number;
  /** With an estimate of everything else in the body. */
  readonly inputTokens: number;
  /** US$, from no output at all to `max_tokens`; `undefined` without a known price. */
  readonly cost: { readonly minUsd: number; readonly maxUsd: number } | undefined;
  readonly cacheStatus: 'hit' | 'miss' | 'bypass';
  readonly plan: PlanSummary;
}

/** Bytes of JSON text a token holds, by rule of thumb; Claude's tokenizer is not public. */
const TEXT_BYTES_A_TOKEN = 4;

/** @throws Fault, as the relay would for the same images and model */
export async function estimateRelay(incoming: RelayRequest, context: Context): Promise<RelayEstimate> {
  const request = scanRequest(incoming, context);
  const images = await context.stopwatch.time('load', identifyImages(request, context));
  const imageTokens = images.reduce((sum, image) => sum + (tokensOf(image) ?? 0), 0);
  const sourceBytes = images.reduce((sum, { block: { source } }) => sum + (source.value.end - source.value.start), 0);
  const inputTokens = imageTokens + Math.ceil((request.body.length - sourceBytes) / TEXT_BYTES_A_TOKEN);
  const key = await messageKey(request, images, false, context);
  const hit = await context.stopwatch.time('cache', lookUpMessage(key, request, context));
  return {
    request,
    images,
    imageTokens,
    inputTokens,
    cost: costRange(request, inputTokens),
    cacheStatus: key === undefined ? 'bypass' : hit === undefined ? 'miss' : 'hit',
    // How long images get that are made anew, only making them tells.
    plan: planSummary(images.map(fateOf), { received: request.body.length, sent: null }),
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

function costRange({ model, scan }: ScannedRequest, inputTokens: number): RelayEstimate['cost'] {
  const usage = { inputTokens, outputTokens: 0, cacheCreationInputTokens: 0, cacheReadInputTokens: 0 };
  const minUsd = costOf(model, usage);
  const maxUsd = costOf(model, { ...usage, outputTokens: scan.maxTokens ?? 0 });
  return minUsd === undefined || maxUsd === undefined ? undefined : { minUsd, maxUsd };
}
