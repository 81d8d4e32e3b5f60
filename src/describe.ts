/**
 * The pipeline: a request goes in at the top, a description comes out at the bottom, and the stages stand in
 * order. A hit ends before any decoding. Each stage has a file in `src/stage/`.
 */
import type { CacheEntry, SentImage } from './core/cache/entry.ts';
import { callerKeeping } from './core/cache/keeping.ts';
import type { CacheMode, DescribeRequest } from './core/input/request.ts';
import { requireModel } from './core/key/authorize.ts';
import { type Answer, parseAnswer, usageOf } from './core/message/answer.ts';
import { estimateFrameTokens, frameTokensMax, outputTokensMax } from './core/message/request.ts';
import { costOf, type Usage } from './core/vision/cost.ts';
import { findModel } from './core/vision/model.ts';
import { answerOnce, type Made } from './stage/answer-flight.ts';
import { cacheKey, entryFor, freshOnly, isOlderThanAsked, lookUp, notCached, remember, sentOnHit, warningsFor } from './stage/answer-cache.ts';
import { askClaude } from './stage/ask.ts';
import type { Context, Warning } from './stage/context.ts';
import { openLineage } from './stage/lineage.ts';
import { hashesOf, type IdentifiedImage, identifyImages } from './stage/load.ts';
import { checkSource, imageTokensMax, planImages, planWarnings, totalImageTokens } from './stage/plan.ts';
import { prepareImages } from './stage/prepare.ts';
import { seekNearDuplicate } from './stage/near-duplicate.ts';
import { refreshAfterResponse } from './stage/refresh.ts';
import { spend } from './stage/spend.ts';
import { type AliasUse, ImageChanged } from './stage/url-alias.ts';

export type CacheStatus = 'hit' | 'miss' | 'bypass' | 'refresh' | 'joined';

export interface DescribeResult {
  readonly answer: Answer;
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
export async function describe(request: DescribeRequest, asked: Context): Promise<DescribeResult> {
  const context = { ...asked, caller: callerKeeping(asked.caller, request.store) };
  const aliases = request.cache === 'bypass' ? 'off' : request.cache === 'refresh' ? 'renew' : 'use';
  try {
    return await describeOnce(request, aliases, context);
  } catch (error) {
    if (!(error instanceof ImageChanged)) throw error;
    return describeOnce(request, 'renew', context);
  }
}

async function describeOnce(request: DescribeRequest, aliases: AliasUse, context: Context): Promise<DescribeResult> {
  const { ports, config, stopwatch } = context;
  checkSource(request.source, context);
  requireModel(context.caller, request.model);
  const model = findModel(request.model, config.modelOverrides);
  const found = await stopwatch.time('load', identifyImages(request.images, { source: request.source, aliases }, context));
  try {
    const plans = planImages(found.images, request.detail, model, ports.upstream.limits);
    const frameTokens = estimateFrameTokens(request);
    const imageTokens = totalImageTokens(plans);
    const estimatedInputTokens = imageTokens === undefined ? undefined : imageTokens + frameTokens;

    // Said of this request's own files; an entry knows only what the codec met.
    const facts = planWarnings(request, model, found.images, plans);

    const toResult = ({ status, entry, sent, call }: Made): DescribeResult => ({
      answer: { descriptions: entry.descriptions, answer: entry.answer, stopReason: entry.stopReason },
      images: found.images.map((image, index) => ({ image, sent: sent[index] })),
      usage: call?.usage ?? { inputTokens: 0, outputTokens: 0, cacheCreationInputTokens: 0, cacheReadInputTokens: 0 },
      costUsd: call === undefined ? 0 : call.costUsd,
      savedUsd: call === undefined ? entry.costUsd : undefined,
      estimatedInputTokens,
      cache: {
        status: status === 'called' ? calledStatus(request.cache, key) : status,
        ageSeconds: status === 'hit' ? Math.max(0, Math.floor(ports.clock.nowMs() / 1000) - entry.createdAtSeconds) : 0,
      },
      warnings: [...facts, ...entry.warnings],
      upstreamRequestId: call?.upstreamRequestId,
    });

    const key = await cacheKey(
      request,
      model,
      found.images.map((image) => (image.kind === 'bytes' ? image.sha256 : undefined)),
      context,
    );
    const known = await stopwatch.time('cache', lookUp(key, request, context));
    if (known !== undefined && isOlderThanAsked(known, request, ports.clock.nowMs())) refreshAfterResponse(request, context, describe);
    if (known !== undefined) return toResult({ status: 'hit', entry: known, sent: sentOnHit(known, found.images, plans) });

    await found.confirm();
    const near = await seekNearDuplicate(request, model, found.load, context);
    if (near?.found !== undefined) {
      const { entry, imageId, distance } = near.found;
      const result = toResult({ status: 'hit', entry, sent: [undefined] });
      return { ...result, cache: { ...result.cache, nearDuplicate: { imageId, distance } } };
    }
    const flight = { request, images: found.images };
    const make = async (depart: () => void, signal: AbortSignal): Promise<Made> => {
      const lineage = request.cache === 'bypass' ? undefined : openLineage(hashesOf(found.images), [key], context);
      const loaded = await stopwatch.time('load', found.load());
      const prepared = await stopwatch.time('transcode', prepareImages(loaded, plans, request.source, ports));
      const sent = prepared.map((image) => image.sent);
      const met = prepared.flatMap((image) => image.warnings);

      // The same pixels may have come before in another file, or come at this moment.
      const sentKey = await cacheKey(
        request,
        model,
        sent.map((image) => image?.sha256),
        context,
      );
      const ofTwin = (status: 'hit' | 'joined', entry: CacheEntry): Made => {
        const mine = { ...entry, warnings: warningsFor(met) };
        return { status, entry: mine, sent, stored: remember([key], mine, lineage, sent, context) };
      };
      const twin = sentKey === key ? undefined : await stopwatch.time('cache', lookUp(sentKey, { ...request, cache: freshOnly(request.cache) }, context));
      if (twin !== undefined) return ofTwin('hit', twin);
      if (request.cache === 'only') throw notCached();

      const ask = async (departTwin: () => void): Promise<Made> => {
        const imageTokensBound = imageTokensMax(plans, model);
        await context.pace?.take('image-tokens', imageTokensBound);
        const quote = {
          model,
          inputTokensMax: imageTokensBound + frameTokensMax(request),
          imageTokensMax: imageTokensBound,
          outputTokensMax: outputTokensMax(request, model),
          estimatedInputTokens,
          maxCost: request.maxCostUsd === undefined ? undefined : { usd: request.maxCostUsd, param: 'max_cost_usd' },
          cacheStatus: calledStatus(request.cache, key),
        };
        const { reply, answer, usage } = await spend(context, quote, async (charge) => {
          const onDepart = () => {
            depart();
            departTwin();
          };
          const reply = await askClaude(request, model, prepared, { signal, onDepart }, context);
          const usage = usageOf(reply.message);
          charge.used(usage);
          return { reply, usage, answer: parseAnswer(reply.message, request) };
        });
        const costUsd = costOf(model, usage);
        const entry = entryFor(answer, met, costUsd, ports.clock.nowMs());
        const stored = remember([key, sentKey], entry, lineage, sent, context);
        return { status: 'called', entry, sent, call: { usage, costUsd, upstreamRequestId: reply.upstreamRequestId }, stored };
      };
      if (sentKey === key) return ask(() => undefined);
      lineage?.expect([sentKey]);
      const answered = await answerOnce({ ...flight, key: sentKey, work: ask }, context);
      return answered.kind === 'own' ? answered.made : ofTwin(answered.status, answered.entry);
    };
    const answered = await answerOnce({ ...flight, key, work: make }, context);
    if (answered.kind === 'own' && answered.made.status === 'called' && key !== undefined) near?.remember(key);
    return toResult(answered.kind === 'own' ? answered.made : { ...answered, sent: sentOnHit(answered.entry, found.images, plans) });
  } finally {
    found.release();
  }
}

/** What a call of one's own is named by: the mode that made it necessary, or the cache that had nothing. */
function calledStatus(mode: CacheMode, key: string | undefined): CacheStatus {
  if (key === undefined || mode === 'bypass') return 'bypass';
  return mode === 'refresh' ? 'refresh' : 'miss';
}
