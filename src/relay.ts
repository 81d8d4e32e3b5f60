/**
 * The relay: a request of the Messages API goes in at the top, its answer comes out at the bottom, and every image on
 * the way is looked at, corrected, sized and counted. The stages stand in order; each has a file in `src/stage/relay/`.
 */
import type { MessageEntry } from './core/cache/message-entry.ts';
import { Fault } from './core/fault.ts';
import { requireModel } from './core/key/authorize.ts';
import { streamOf } from './core/relay/message-fold.ts';
import { checkImageCount, planSummary } from './core/relay/plan.ts';
import { scanMessages } from './core/relay/scan.ts';
import { costOf } from './core/vision/cost.ts';
import { findModel } from './core/vision/model.ts';
import { TIERS } from './core/vision/tier.ts';
import type { Context } from './stage/context.ts';
import { lookUpMessage, messageKey, noMessageCached, openMessageLineage, rememberMessage } from './stage/relay/cache.ts';
import { callUpstream, type UpstreamAnswer } from './stage/relay/call.ts';
import { countTokens } from './stage/relay/count.ts';
import { fitRequest, type FittedRequest } from './stage/relay/fit.ts';
import { type IdentifiedImage, identifyImages } from './stage/relay/identify.ts';
import { type PreparedImage, prepareImages } from './stage/relay/prepare.ts';
import type { RelayRequest, RelayResult, ScannedRequest } from './stage/relay/request.ts';

/** Relays one request. @throws Fault with any code of the image, URL and model stages */
export async function relay(incoming: RelayRequest, context: Context): Promise<RelayResult> {
  const { stopwatch } = context;
  const request = scan(incoming, context);
  requireModel(context.caller, request.scan.model);
  context.record.model = request.scan.model;
  context.record.images = request.scan.images.length;
  const images = await stopwatch.time('load', identifyImages(request, context));
  if (request.path === 'messages/count_tokens') return countTokens(request, images, context);

  const key = await messageKey(request, hashesOf(images), false, context);
  const known = await stopwatch.time('cache', lookUpMessage(key, request, context));
  if (known !== undefined) return hit(known, request, context);
  const lineage = openMessageLineage(key, images, context);

  const prepared = await stopwatch.time('transcode', prepareImages(images, request, context));

  // The same pixels may have come before in another file.
  const sentKey = await messageKey(request, sentHashesOf(prepared), true, context);
  const twin = await stopwatch.time('cache', lookUpMessage(sentKey, request, context));
  if (twin !== undefined) {
    context.afterResponse(rememberMessage([key], twin.message, lineage, context));
    return hit(twin, request, context);
  }
  if (request.options.cache === 'only') throw noMessageCached();

  await context.pace?.take('image-tokens', imageTokensAtMost(images, request));
  const fitted = await stopwatch.time('fit', fitRequest(prepared, request, context));
  const answer = await stopwatch.time('model', callUpstream(request, fitted, key !== undefined, context));
  note(answer, request, context);
  if (key !== undefined) context.afterResponse(answer.end.then(({ message }) => rememberMessage([key, sentKey], message, lineage, context)));
  return { ...answer, plan: summaryOf(fitted, request), cache: { status: missStatus(key, request), ageSeconds: 0 } };
}

/** @throws invalid_request (not a Messages request, too many images, a way of travel that the provider does not have) */
function scan(incoming: RelayRequest, { config, ports }: Context): ScannedRequest {
  const found = scanMessages(incoming.body);
  const model = findModel(found.model, config.modelOverrides);
  const { limits } = ports.upstream;
  const { source } = incoming.options;
  checkImageCount(found.images.length, model, limits.imagesMax);
  if (source !== 'auto' && !limits.sources.includes(source))
    throw new Fault('invalid_request', `x-vignette-source: this deployment's provider takes no ${source} sources. Leave the header out.`, {
      param: 'x-vignette-source',
    });
  return { ...incoming, scan: found, model };
}

/** A picture that Claude fetches counts as the largest that it could be. */
function imageTokensAtMost(images: readonly IdentifiedImage[], { model }: ScannedRequest): number {
  const tokens = images.map((image) => (image.kind === 'known' ? image.plan.imageTokens : image.imageTokens));
  return tokens.reduce<number>((sum, known) => sum + (known ?? TIERS[model.tier].imageTokensMax), 0);
}

function hashesOf(images: readonly IdentifiedImage[]) {
  return images.map(({ block, sha256 }) => ({ block, sha256 }));
}

function sentHashesOf(prepared: readonly PreparedImage[]) {
  return prepared.map(({ image, sentSha256 }) => ({ block: image.block, sha256: sentSha256 }));
}

function summaryOf({ images, bodyBytes }: FittedRequest, { body }: RelayRequest): RelayResult['plan'] {
  return planSummary(
    images.map(({ fate }) => fate),
    { received: body.length, sent: bodyBytes },
  );
}

/** A stored Message, in the form that was asked for. */
function hit({ message, createdAtSeconds }: MessageEntry, { scan: { isStream } }: ScannedRequest, { ports }: Context): RelayResult {
  return {
    status: 200,
    headers: [['content-type', isStream ? 'text/event-stream; charset=utf-8' : 'application/json']],
    body: isStream ? streamOf(message) : JSON.stringify(message),
    plan: undefined,
    cache: { status: 'hit', ageSeconds: Math.max(0, Math.floor(ports.clock.nowMs() / 1000) - createdAtSeconds) },
  };
}

/** For the log, once it is known: the line of a stream is written at its end. */
function note({ end }: UpstreamAnswer, { model }: ScannedRequest, { record }: Context): void {
  record.ended = end.then(({ usage }) => {
    if (usage === undefined) return;
    record.inputTokens = usage.inputTokens + usage.cacheCreationInputTokens + usage.cacheReadInputTokens;
    record.outputTokens = usage.outputTokens;
    const costUsd = costOf(model, usage);
    if (costUsd !== undefined) record.costUsd = costUsd;
  });
}

function missStatus(key: string | undefined, { options }: ScannedRequest): RelayResult['cache']['status'] {
  if (key === undefined) return 'bypass';
  return options.cache === 'refresh' ? 'refresh' : 'miss';
}
