/**
 * The relay: a request of the Messages API goes in at the top, its answer comes out at the bottom, and every image on
 * the way is looked at, corrected, sized and counted. The stages stand in order; each has a file in `src/stage/relay/`.
 */
import type { SharedAnswer } from '../core/cache/shared-answer.ts';
import type { MessageEntry } from '../core/cache/message-entry.ts';
import { usageIn } from '../core/message/usage.ts';
import { streamOf } from '../core/relay/message-fold.ts';
import { planSummary } from '../core/relay/plan.ts';
import { costOf, usdOf } from '../core/vision/cost.ts';
import type { Context } from '../stage/session/context.ts';
import { askProvider } from '../stage/relay/ask.ts';
import { relayOnce } from '../stage/relay/answer.ts';
import { lookUpMessage, messageKey, noMessageCached, openMessageLineage, rememberMessage } from '../stage/relay/cache.ts';
import type { UpstreamAnswer } from '../stage/relay/call.ts';
import { countTokens } from '../stage/relay/count.ts';
import type { FittedRequest } from '../stage/relay/fit.ts';
import { fetchElsewhere, type IdentifiedImage, identifyImages } from '../stage/relay/identify.ts';
import { type PreparedImage, prepareImages } from '../stage/relay/prepare.ts';
import { imageTokensAtMost } from '../stage/relay/quote.ts';
import { scanRequest } from '../stage/relay/scan.ts';
import { requireOwnState } from '../stage/relay/state.ts';
import type { RelayRequest, RelayResult, ScannedRequest } from '../stage/relay/request.ts';
import { operation } from './perform.ts';

/** Relays a request for a Message. @throws Fault with any code of the image, URL and model stages */
export const createMessage = operation('createMessage', relayed);

/** Counts the tokens of one. @throws as createMessage */
export const countMessageTokens = operation('countTokens', relayed);

async function relayed(incoming: RelayRequest, context: Context): Promise<RelayResult> {
  const result = await relay(incoming, context);
  context.record.cache = result.cache.status;
  return result;
}

async function relay(incoming: RelayRequest, context: Context): Promise<RelayResult> {
  const { stopwatch } = context;
  const request = scanRequest(incoming, context);
  await requireOwnState(request, context);
  const identified = await stopwatch.time('load', identifyImages(request, context));
  if (request.path === 'messages/count_tokens') return countTokens(request, identified, context);

  const knownKey = await messageKey(request, hashesOf(identified), false, context);
  const known = await stopwatch.time('cache', lookUpMessage(knownKey, request, context));
  if (known !== undefined) return replay(known, 'hit', request, context);
  const images = await stopwatch.time('load', fetchElsewhere(identified, request, context));
  const key = images === identified ? knownKey : await messageKey(request, hashesOf(images), false, context);
  const renewed = key === knownKey ? undefined : await stopwatch.time('cache', lookUpMessage(key, request, context));
  if (renewed !== undefined) return replay(renewed, 'hit', request, context);
  const lineage = openMessageLineage(key, images, context);

  const prepared = await stopwatch.time('transcode', prepareImages(images, request, context));

  // The same pixels may have come before in another file.
  const sentKey = await messageKey(request, sentHashesOf(prepared), true, context);
  const twin = sentKey === key ? undefined : await stopwatch.time('cache', lookUpMessage(sentKey, request, context));
  if (twin !== undefined) {
    context.afterResponse(rememberMessage([key], twin.message, request, lineage, context, true));
    return replay(twin, 'hit', request, context);
  }
  if (request.options.cache === 'only') throw noMessageCached();

  const imageTokensMax = imageTokensAtMost(images, request);
  const cacheStatus = missStatus(sentKey, request);
  const ask = async (onDepart: () => void) => {
    await context.pace?.take('image-tokens', imageTokensMax);
    context.record.cache = cacheStatus;
    const asked = await askProvider(request, prepared, { imageTokensMax, isShared: sentKey !== undefined, cacheStatus, onDepart }, context);
    note(asked.answer, context);
    return asked;
  };
  const keep = (message: unknown) => rememberMessage([key, sentKey], message, request, lineage, context);
  const list = async () => (await lineage?.expect([sentKey])) ?? false;
  const turn = await relayOnce({ key: sentKey, request, ask, keep, list }, context);
  if (turn.kind === 'followed') return followed(turn.shared, turn.status, request, context);
  const { answer, fitted } = turn.asked;
  return { ...answer, plan: summaryOf(fitted, request), cache: { status: cacheStatus, ageSeconds: 0 } };
}

/** What another request was answered: its Message, or the error that the API gave. */
function followed(shared: Exclude<SharedAnswer, { kind: 'unshared' }>, status: 'hit' | 'joined', request: ScannedRequest, context: Context): RelayResult {
  if (shared.kind === 'message') return replay(shared, status, request, context);
  context.record.cache = status;
  return { status: shared.status, headers: shared.headers, body: shared.text, plan: undefined, cache: { status, ageSeconds: 0 } };
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
function replay(
  { message, createdAtSeconds }: Pick<MessageEntry, 'createdAtSeconds'> & { readonly message: Readonly<Record<string, unknown>> },
  status: 'hit' | 'joined',
  { scan: { isStream }, model }: ScannedRequest,
  { ports, record }: Context,
): RelayResult {
  const usage = usageIn(message);
  const savedUsd = usage === undefined ? undefined : costOf(model, usage);
  record.cache = status;
  if (savedUsd !== undefined) record.savedUsd = savedUsd;
  return {
    status: 200,
    headers: [['content-type', isStream ? 'text/event-stream; charset=utf-8' : 'application/json']],
    body: isStream ? streamOf(message) : JSON.stringify(message),
    plan: undefined,
    cache: { status, ageSeconds: Math.max(0, Math.floor(ports.clock.nowMs() / 1000) - createdAtSeconds) },
  };
}

/** For the log, once it is known: the line of a stream is written at its end. */
function note({ end }: UpstreamAnswer, { record }: Context): void {
  record.ended = end.then(({ bill }) => {
    if (bill === undefined) return;
    const { usage, nanoUsd } = bill;
    record.inputTokens = usage.inputTokens + usage.cacheCreationInputTokens + usage.cacheReadInputTokens;
    record.outputTokens = usage.outputTokens;
    if (nanoUsd !== undefined) record.costUsd = usdOf(nanoUsd);
  });
}

function missStatus(key: string | undefined, { options }: ScannedRequest): RelayResult['cache']['status'] {
  if (key === undefined) return 'bypass';
  return options.cache === 'refresh' ? 'refresh' : 'miss';
}
