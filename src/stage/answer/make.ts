/** A question that no cache answers → an answer: pictures are decoded, and Claude is asked at most once. */
import type { CacheEntry, SentImage } from '../../core/cache/entry.ts';
import { requireServed } from '../../core/key/authorize.ts';
import { parseAnswer } from '../../core/message/answer.ts';
import { askedModel } from '../../core/vision/asked-model.ts';
import { billOf } from '../../core/message/bill.ts';
import { keptMessage } from '../../core/message/kept.ts';
import { usdOf } from '../../core/vision/cost.ts';
import { cacheKey, calledStatus, entryFor, freshOnly, lookUp, notCached, remember, warningsFor } from './cache.ts';
import { answerOnce, type Made, type NewlyMade } from './flight.ts';
import { askClaude } from './ask.ts';
import type { Context, Warning } from '../session/context.ts';
import { type Lineage, openLineage } from '../keep/lineage.ts';
import { hashesOf } from '../picture/load.ts';
import { type PreparedImage, prepareImages } from '../picture/prepare.ts';
import type { Question } from './question.ts';
import { describeBound, type Quote } from '../money/quote.ts';
import { spend } from '../money/spend.ts';

/** A part in a flight: `onDepart` is told when the request is about to leave, `signal` ends the call. */
export interface Departure {
  readonly onDepart: () => void;
  readonly signal: AbortSignal;
}

/** Pictures that are ready to go out, and where the answer to them is kept. */
interface Prepared {
  readonly images: readonly PreparedImage[];
  readonly sent: readonly (SentImage | undefined)[];
  /** What the codec met. */
  readonly warnings: readonly Warning[];
  /** By the bytes that are sent: the same for the same pixels in another file. */
  readonly sentKey: string | undefined;
  readonly lineage: Lineage | undefined;
}

/**
 * Prepares the pictures and looks once more, for the same pixels may have come before in another file, or come at this
 * moment; only then is Claude asked.
 * @throws the faults of the image, model and money stages; not_found for `"cache": "only"`
 */
export async function makeAnswer(question: Question, departure: Departure, context: Context): Promise<NewlyMade> {
  const { request, key } = question;
  const prepared = await prepare(question, context);
  const { sentKey } = prepared;
  if (sentKey !== key) {
    const twin = await context.stopwatch.time('cache', lookUp(sentKey, { ...request, cache: freshOnly(request.cache) }, context));
    if (twin !== undefined) return ofTwin('hit', twin, question, prepared, context);
  }
  if (request.cache === 'only') throw notCached();
  const isListed = (await prepared.lineage?.isListed) ?? false;
  if (sentKey === key) {
    const made = await callClaude(question, prepared, departure, context);
    return { ...made, isListed: isListed && made.isKept };
  }

  const answered = await answerOnce(
    {
      key: sentKey,
      request,
      images: question.found.images,
      work: async (departTwin) => {
        // In the flight, so that a deletion that comes before this finds no flight to be told, and one that comes after tells it.
        const isTwinListed = (await prepared.lineage?.expect([sentKey])) ?? false;
        const made = await callClaude(question, prepared, { ...departure, onDepart: () => (departure.onDepart(), departTwin()) }, context);
        return { ...made, isListed: isTwinListed && made.isKept };
      },
    },
    context,
  );
  // What the flight of the first key keeps is found under that key.
  if (answered.kind === 'own') return { ...answered.made, isListed: isListed && answered.made.isKept !== false };
  return ofTwin(answered.status, answered.entry, question, prepared, context);
}

async function prepare({ request, model, found, plans, key }: Question, context: Context): Promise<Prepared> {
  const { ports, stopwatch } = context;
  const lineage = request.cache === 'bypass' ? undefined : openLineage(hashesOf(found.images), [key], context);
  const loaded = await stopwatch.time('load', found.load());
  const images = await stopwatch.time('transcode', prepareImages(loaded, plans, request.source, ports));
  const sent = images.map((image) => image.sent);
  const hashes = sent.map((image) => image?.sha256);
  return { images, sent, warnings: images.flatMap((image) => image.warnings), sentKey: await cacheKey(request, model, hashes, context), lineage };
}

/** The answer to another file with the same pixels; what the codec met is this one's own. */
async function ofTwin(
  status: 'hit' | 'joined',
  entry: CacheEntry,
  { key }: Question,
  { sent, warnings, lineage }: Prepared,
  context: Context,
): Promise<NewlyMade> {
  const mine = { ...entry, warnings: warningsFor(warnings) };
  return { status, entry: mine, sent, stored: remember([key], mine, lineage, sent, context, true), isListed: (await lineage?.takesCopies) ?? false };
}

/** The one billed call. */
async function callClaude(
  question: Question,
  prepared: Prepared,
  { onDepart, signal }: Departure,
  context: Context,
): Promise<Made & { readonly isKept: boolean }> {
  const { request, model, key } = question;
  const { images, sent, sentKey, lineage } = prepared;
  const quote = quoteFor(question);
  const asked = askedModel(request.model, model, context.config.provider.modelIds);
  await context.pace?.take('image-tokens', quote.imageTokensMax);
  const { reply, answer, bill } = await spend(context, quote, async (charge) => {
    const reply = await askClaude(request, model, images, { signal, onDepart }, context);
    const bill = billOf(reply.message, asked, context.config.modelOverrides);
    if (bill === undefined) throw new Error('a message without usage');
    charge.used(bill.usage, bill);
    requireServed(context.caller, bill.served, asked);
    return { reply, bill, answer: parseAnswer(reply.message, request) };
  });
  const costUsd = bill.nanoUsd === undefined ? undefined : usdOf(bill.nanoUsd);
  const isKept = keptMessage(reply.message, asked) !== undefined;
  const warnings = isKept ? prepared.warnings : [...prepared.warnings, otherModel(bill.model.id, request.model)];
  const entry = entryFor(answer, warnings, costUsd, context.ports.clock.nowMs());
  const stored = isKept ? remember([key, sentKey], entry, lineage, sent, context) : Promise.resolve();
  const call = { usage: bill.usage, costUsd, upstreamRequestId: reply.upstreamRequestId };
  return { status: 'called', entry, sent, call, stored, isKept };
}

/** Whatever else is wrong with a Message is a fault by here. */
function otherModel(served: string, asked: string): Warning {
  return { code: 'another_model', message: `"${served.slice(0, 100)}" answered in place of "${asked}". The answer is not kept.` };
}

/** What the call may cost at most. */
function quoteFor({ request, model, plans, estimatedInputTokens, key }: Question): Quote {
  return {
    ...describeBound(request, model, plans),
    estimatedInputTokens,
    maxCost: request.maxCostUsd === undefined ? undefined : { usd: request.maxCostUsd, param: 'max_cost_usd' },
    cacheStatus: calledStatus(request.cache, key),
    saving: { usd: 'Lower "max_tokens" or "detail"', image_tokens: 'Lower "detail", or send fewer or smaller images' },
  };
}
