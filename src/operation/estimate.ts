/** What a describe would cost, from headers alone: the same stages as `describe.ts`, up to the plan. */
import { Fault } from '../core/fault.ts';
import type { DescribeRequest } from '../core/input/request.ts';
import { allowsModel, requireModel } from '../core/key/authorize.ts';
import { estimateFrameTokens, outputTokensMax } from '../core/message/request.ts';
import { asksClaude } from '../core/message/prompt.ts';
import { costOf, usdOf } from '../core/vision/cost.ts';
import { findModel, listModels, type Model } from '../core/vision/model.ts';
import type { Plan } from '../core/vision/plan.ts';
import type { TierName } from '../core/vision/tier.ts';
import { cacheKey, lookUp } from '../stage/answer/cache.ts';
import type { Context, Warning } from '../stage/session/context.ts';
import { type IdentifiedImage, identifyImages, isPassedOn } from '../stage/picture/load.ts';
import { checkSource, planImages, planWarnings, tierFor, totalImageTokens } from '../stage/picture/plan.ts';
import { type CallBound, describeBound, reservedNanoUsd } from '../stage/money/quote.ts';
import { estimateRelay, type RelayEstimate } from '../stage/relay/estimate.ts';
import type { RelayRequest } from '../stage/relay/request.ts';
import { operation } from './perform.ts';

/** `model` that stands for every listed one. */
export const ALL_MODELS = '*';

export interface Estimate {
  readonly model: Model;
  readonly tier: TierName;
  readonly plans: readonly Plan[];
  /** Exact. */
  readonly imageTokens: number;
  /** Image tokens plus an estimate of the text around them. */
  readonly inputTokens: number;
  readonly outputTokensMax: number;
  /** What is set aside of a budget of image tokens: more where Claude fetches the picture, whose size may be another by then. */
  readonly reservedImageTokens: number;
  /** From no output at all to all that is allowed, and what is set aside of a budget for the call. */
  readonly cost: { readonly minUsd: number; readonly maxUsd: number; readonly reservedUsd: number } | undefined;
  readonly isCached: boolean;
  /** Why this model cannot take the request; only when all models were asked for. */
  readonly fault?: { readonly code: string; readonly detail: string };
}

export interface EstimateResult {
  readonly images: readonly IdentifiedImage[];
  readonly estimates: readonly Estimate[];
  readonly warnings: readonly Warning[];
}

/** A body of `/v1/describe` or of `/v1/messages`. */
export type EstimateRequest =
  { readonly kind: 'description'; readonly request: DescribeRequest } | { readonly kind: 'message'; readonly request: RelayRequest };

export type AnyEstimate =
  | { readonly kind: 'description'; readonly request: DescribeRequest; readonly result: EstimateResult }
  | { readonly kind: 'message'; readonly result: RelayEstimate };

/** What a request would cost. @throws Fault, as describe or the relay would for the same images and model */
export const estimateAny = operation(
  'estimate',
  async (asked: EstimateRequest, context): Promise<AnyEstimate> =>
    asked.kind === 'message'
      ? { kind: 'message', result: await estimateRelay(asked.request, context) }
      : { kind: 'description', request: asked.request, result: await estimated(asked.request, context) },
  (asked) => (asked.kind === 'description' ? asked.request.store : undefined),
);

async function estimated(request: DescribeRequest, context: Context): Promise<EstimateResult> {
  context.record.model = request.model;
  context.record.images = request.images.length;
  const isAll = request.model === ALL_MODELS;
  checkSource(request.source, context);
  if (!isAll) requireModel(context.caller, request.model);
  const models = isAll
    ? listModels(context.config.modelOverrides).filter(({ id }) => allowsModel(context.caller, id))
    : [findModel(request.model, context.config.modelOverrides)];
  const found = await context.stopwatch.time(
    'load',
    identifyImages(request.images, { source: 'auto', aliases: request.cache === 'bypass' ? 'off' : 'use' }, context),
  );
  try {
    const estimates = await Promise.all(
      models.map((model) => estimateModel(isAll ? { ...request, model: model.id } : request, model, found.images, context, isAll)),
    );
    const [model] = models;
    const warnings = model === undefined || isAll ? [] : planWarnings(request, model, found.images, estimates[0]?.plans ?? []);
    return { images: found.images, estimates, warnings };
  } finally {
    found.release();
  }
}

/** Of a request that makes no call. */
const NOTHING = { imageTokens: 0, inputTokens: 0, outputTokensMax: 0, reservedImageTokens: 0, isCached: false } as const;

async function estimateModel(
  request: DescribeRequest,
  model: Model,
  images: readonly IdentifiedImage[],
  context: Context,
  toleratesFault: boolean,
): Promise<Estimate> {
  const tier = tierFor(request.detail, model);
  const tokensMax = outputTokensMax(request, model);
  try {
    const plans = planImages(images, request.detail, model, context.ports).filter((plan) => plan !== undefined);
    if (!asksClaude(request)) return { model, tier, plans, ...NOTHING, cost: { minUsd: 0, maxUsd: 0, reservedUsd: 0 } };
    const imageTokens = totalImageTokens(plans) ?? 0;
    const inputTokens = imageTokens + estimateFrameTokens(request);
    const key = await cacheKey(
      request,
      model,
      images.map((image) => (image.kind === 'bytes' ? image.sha256 : undefined)),
      context,
    );
    const isCached = (await context.stopwatch.time('cache', lookUp(key, request, context))) !== undefined;
    const bound = describeBound(
      request,
      model,
      request.images.map((reference, index) => (isPassedOn(reference, request.source) ? undefined : plans[index])),
    );
    return {
      model,
      tier,
      plans,
      imageTokens,
      inputTokens,
      outputTokensMax: tokensMax,
      reservedImageTokens: bound.imageTokensMax,
      cost: costRange(bound, inputTokens),
      isCached,
    };
  } catch (error) {
    if (!toleratesFault || !(error instanceof Fault)) throw error;
    return {
      model,
      tier,
      plans: [],
      ...NOTHING,
      outputTokensMax: tokensMax,
      cost: undefined,
      fault: { code: error.code, detail: error.message },
    };
  }
}

function costRange(bound: CallBound, inputTokens: number): Estimate['cost'] {
  const { model, outputTokensMax: outputTokens } = bound;
  const usage = { inputTokens, outputTokens: 0, cacheCreationInputTokens: 0, cacheReadInputTokens: 0 };
  const minUsd = costOf(model, usage);
  const maxUsd = costOf(model, { ...usage, outputTokens });
  const reserved = reservedNanoUsd(bound);
  return minUsd === undefined || maxUsd === undefined || reserved === undefined ? undefined : { minUsd, maxUsd, reservedUsd: usdOf(reserved) };
}
