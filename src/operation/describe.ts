/**
 * The pipeline: a request goes in at the top, a description comes out at the bottom, and the stages stand in
 * order. A hit ends before any decoding. Each stage has a file in `src/stage/`.
 */
import { NO_USAGE } from '../core/budget/ledger-row.ts';
import type { SentImage } from '../core/cache/entry.ts';
import type { DescribeRequest } from '../core/input/request.ts';
import { requireModel } from '../core/key/authorize.ts';
import { asksClaude } from '../core/message/prompt.ts';
import type { PlacedDescription } from '../core/field/catalogue.ts';
import { placeDescriptions } from '../core/field/present.ts';
import type { Usage } from '../core/vision/cost.ts';
import { findModel } from '../core/vision/model.ts';
import { calledStatus, isOlderThanAsked, lookUp, sentOnHit } from '../stage/answer/cache.ts';
import { answerOnce, type Made } from '../stage/answer/flight.ts';
import type { Context, Warning } from '../stage/session/context.ts';
import { type IdentifiedImage, identifyImages } from '../stage/picture/load.ts';
import { makeAnswer } from '../stage/answer/make.ts';
import { type NearDuplicate, seekNearDuplicate } from '../stage/answer/near-duplicate.ts';
import { checkSource, planWarnings } from '../stage/picture/plan.ts';
import { poseQuestion, type Question } from '../stage/answer/question.ts';
import { refreshAfterResponse } from '../stage/answer/refresh.ts';
import { type AliasUse, aliasUse, ImageChanged } from '../stage/keep/url-alias.ts';
import type { RequestRecord } from '../stage/session/record.ts';
import { operation } from './perform.ts';

export type CacheStatus = 'hit' | 'miss' | 'bypass' | 'refresh' | 'joined';

export interface DescribeResult {
  readonly answer: { readonly descriptions: readonly PlacedDescription[]; readonly answer: string | undefined; readonly stopReason: string };
  /** Each picture as it came and as Claude saw it; `sent` is unknown where Claude fetched it. */
  readonly images: readonly { readonly image: IdentifiedImage; readonly sent: SentImage | undefined }[];
  /** What this request used: nothing when it was answered from the cache. */
  readonly usage: Usage;
  readonly costUsd: number | undefined;
  /** What the call behind a hit had cost. */
  readonly savedUsd: number | undefined;
  readonly estimatedInputTokens: number | undefined;
  readonly cache: {
    readonly status: CacheStatus;
    readonly ageSeconds: number;
    /** The picture whose answer it is, where that is another one. */
    readonly nearDuplicate?: { readonly imageId: string; readonly distance: number };
  };
  readonly warnings: readonly Warning[];
  readonly upstreamRequestId: string | undefined;
}

/** Describes the images of a request. @throws Fault with any code of the image, URL and model stages */
export const describe = operation('describe', answered, ({ store }: DescribeRequest) => store);

async function answered(request: DescribeRequest, context: Context): Promise<DescribeResult> {
  const { record } = context;
  record.model = request.model;
  record.images = request.images.length;
  const result = await withRenewal(request, context);
  noteResult(record, result);
  return result;
}

/** An address may hold another picture than it did when its answer was found: then once more, with what it holds now. */
async function withRenewal(request: DescribeRequest, context: Context): Promise<DescribeResult> {
  try {
    return await describeOnce(request, aliasUse(request.cache), context);
  } catch (error) {
    if (!(error instanceof ImageChanged)) throw error;
    return describeOnce(request, 'renew', context);
  }
}

async function describeOnce(request: DescribeRequest, aliases: AliasUse, context: Context): Promise<DescribeResult> {
  const { config, ports, stopwatch } = context;
  checkSource(request.source, context);
  requireModel(context.caller, request.model);
  const model = findModel(request.model, config.modelOverrides);
  const found = await stopwatch.time('load', identifyImages(request.images, { source: request.source, aliases }, context));
  try {
    const question = await poseQuestion(request, model, found, context);
    if (!asksClaude(request)) return computedAlone(question, context);
    const { key, plans } = question;

    const known = await stopwatch.time('cache', lookUp(key, request, context));
    if (known !== undefined) {
      if (isOlderThanAsked(known, request, ports.clock.nowMs())) refreshAfterResponse(request, context, withRenewal);
      return toResult(question, { status: 'hit', entry: known, sent: sentOnHit(known, found.images, plans) }, context);
    }

    await found.confirm();
    const near = await seekNearDuplicate(request, model, found.load, context);
    if (near?.found !== undefined) return ofNearDuplicate(question, near.found, context);

    const work = (onDepart: () => void, signal: AbortSignal) => makeAnswer(question, { onDepart, signal }, context);
    const answered = await answerOnce({ key, request, images: found.images, work }, context);
    if (answered.kind === 'followed') return toResult(question, { ...answered, sent: sentOnHit(answered.entry, found.images, plans) }, context);
    if (answered.made.status === 'called' && key !== undefined) near?.remember(key);
    return toResult(question, answered.made, context);
  } finally {
    found.release();
  }
}

/** Nothing is looked up and nothing kept: what is computed from the header is made again sooner than it is found. */
function computedAlone(question: Question, context: Context): DescribeResult {
  const entry = { createdAtSeconds: 0, descriptions: [], stopReason: 'end_turn', warnings: [] };
  return toResult({ ...question, key: undefined, estimatedInputTokens: 0 }, { status: 'called', entry, sent: [] }, context);
}

function ofNearDuplicate(question: Question, { entry, imageId, distance }: NonNullable<NearDuplicate['found']>, context: Context): DescribeResult {
  const result = toResult(question, { status: 'hit', entry, sent: [undefined] }, context);
  return { ...result, cache: { ...result.cache, nearDuplicate: { imageId, distance } } };
}

function toResult(question: Question, { status, entry, sent, call }: Made, { ports }: Context): DescribeResult {
  const { request, model, found, plans, estimatedInputTokens, key } = question;
  const pictures = found.images.map((image, index) => (image.kind === 'url' ? undefined : { info: image.info, sent: sent[index] }));
  return {
    answer: { descriptions: placeDescriptions(entry.descriptions, request, pictures), answer: entry.answer, stopReason: entry.stopReason },
    images: found.images.map((image, index) => ({ image, sent: sent[index] })),
    usage: call?.usage ?? NO_USAGE,
    costUsd: call === undefined ? 0 : call.costUsd,
    savedUsd: call === undefined ? entry.costUsd : undefined,
    estimatedInputTokens,
    cache: {
      status: status === 'called' ? calledStatus(request.cache, key) : status,
      ageSeconds: status === 'hit' ? Math.max(0, Math.floor(ports.clock.nowMs() / 1000) - entry.createdAtSeconds) : 0,
    },
    // Of this request's own files; an entry knows only what the codec met.
    warnings: [...planWarnings(request, model, found.images, plans), ...entry.warnings],
    upstreamRequestId: call?.upstreamRequestId,
  };
}

/** For the log and the metrics. */
function noteResult(record: RequestRecord, { cache, usage, costUsd, savedUsd, upstreamRequestId }: DescribeResult): void {
  record.cache = cache.status;
  record.inputTokens = usage.inputTokens + usage.cacheCreationInputTokens + usage.cacheReadInputTokens;
  record.outputTokens = usage.outputTokens;
  if (costUsd !== undefined) record.costUsd = costUsd;
  if (savedUsd !== undefined) record.savedUsd = savedUsd;
  if (upstreamRequestId !== undefined) record.upstreamRequestId = upstreamRequestId;
}
