/** Money around the one call of a relayed request: its bound before, what the answer reports after. */
import { unboundable } from '../../core/budget/refusal.ts';
import { COST_NAMES, type CostFacts, costFactsOf, PRESET_TOOL_TOKENS_MAX } from '../../core/relay/cost-facts.ts';
import { repeatedName } from '../../core/relay/repeated-name.ts';
import { splice, splicedBytes, type Edit } from '../../core/relay/splice.ts';
import { STREAM_RESERVATION_MS } from '../../core/budget/limit.ts';
import { estimateTextTokens, textTokensMax } from '../../core/vision/cost.ts';
import { TOKENS_A_CALL_MAX } from '../../core/vision/limit.ts';
import type { Context } from '../context.ts';
import { type Charge, isHeldToUsd, openCharge, type Quote } from '../spend.ts';
import { callUpstream, isTimeout, type UpstreamAnswer } from './call.ts';
import type { FittedRequest } from './fit.ts';
import type { ScannedRequest } from './request.ts';

export interface RelayedCall {
  /** Of all pictures: exact where their sizes are known, else the most they can be. */
  readonly imageTokensMax: number;
  /** In a flight: the cache and others want the Message, so the call goes on without its caller. */
  readonly isShared: boolean;
  readonly cacheStatus: string;
  /** Told right before the call; what it throws prevents it. */
  readonly onDepart: () => void;
}

/**
 * Calls the provider with money set aside. Who brings a key of the provider pays the provider: nothing is counted.
 * @throws budget_exceeded, and what the call throws
 */
export async function payForCall(request: ScannedRequest, fitted: FittedRequest, call: RelayedCall, context: Context): Promise<UpstreamAnswer> {
  if (request.credential !== undefined) {
    call.onDepart();
    return callUpstream(request, fitted, call.isShared, context);
  }
  const quote = quoteFor(request, call, context);
  const charge = await openCharge(context, quote);
  try {
    call.onDepart();
    const answer = await callUpstream(request, fitted, call.isShared, context);
    // Kept alive here: the settling must not depend on whether anybody reads the answer to its end.
    context.afterResponse(answer.end.then((end) => settle(charge, answer.status, end, quote)));
    return answer;
  } catch (error) {
    charge.fail(error);
    throw error;
  }
}

function settle(charge: Charge, status: number, { usage, isWhole }: Awaited<UpstreamAnswer['end']>, { outputTokensMax }: Quote): void {
  if (status >= 400) return charge.close(status, isTimeout(status) ? 'assumed' : 'free');
  if (usage === undefined) return charge.close(status, 'assumed');
  // Of an answer that broke off, what was written but did not arrive is billed, too, and thinking that is not shown.
  charge.used(isWhole ? usage : { ...usage, outputTokens: Math.max(usage.outputTokens, outputTokensMax) });
  charge.close(status, isWhole ? 'billed' : 'assumed');
}

function quoteFor(request: ScannedRequest, call: RelayedCall, context: Context): Quote {
  const { model, body, scan, options } = request;
  const pictures: readonly Edit[] = scan.images.map(({ source }) => ({ span: source.value, pieces: ['null'] }));
  const textBytes = splicedBytes(body, pictures);
  // No answer is longer, whatever "max_tokens" says.
  const contextTokens = model.contextTokens ?? TOKENS_A_CALL_MAX;
  const maxCost = options.maxCostUsd === undefined ? undefined : { usd: options.maxCostUsd, param: 'x-vignette-max-cost-usd' };
  const plain: Quote = {
    model,
    inputTokensMax: call.imageTokensMax + textTokensMax(textBytes),
    imageTokensMax: call.imageTokensMax,
    outputTokensMax: Math.min(scan.maxTokens ?? 0, contextTokens),
    estimatedInputTokens: call.imageTokensMax + estimateTextTokens(textBytes),
    cacheStatus: call.cacheStatus,
    maxCost,
    saving: 'Lower "max_tokens", or send fewer or smaller images',
    ...(scan.isStream ? { reservationMs: STREAM_RESERVATION_MS } : {}),
  };
  // What follows reads the whole text once more, so only a budget in US$ is worth it.
  if (!isHeldToUsd(context, maxCost)) return plain;
  const facts = factsOfText(request, pictures, textBytes);
  if (facts.unboundable !== undefined) throw unboundable(facts.unboundable.param, facts.unboundable.reason);
  return {
    ...plain,
    inputTokensMax: facts.hasDocuments ? contextTokens : plain.inputTokensMax + facts.presetTools * PRESET_TOOL_TOKENS_MAX,
    // Without a number that the API takes it will refuse, unless it reads another one there.
    outputTokensMax: Math.min(facts.outputTokensMax ?? contextTokens, contextTokens),
    cacheWrite: facts.cacheWrite,
  };
}

/** What the body without its pictures says of its cost; it is held only while it is looked at. @throws budget_exceeded */
function factsOfText({ body, reservation }: ScannedRequest, pictures: readonly Edit[], textBytes: number): CostFacts {
  // Bytes, text of up to two bytes a character, and values made of it.
  const held = textBytes * 5;
  reservation.grow(held);
  try {
    const text = new Uint8Array(textBytes);
    let at = 0;
    for (const chunk of splice(body, pictures)) {
      text.set(chunk, at);
      at += chunk.length;
    }
    const repeated = repeatedName(text, COST_NAMES);
    if (repeated !== undefined) throw unboundable(repeated, 'it is given twice in one object, and which of the two counts is not sure');
    return costFactsOf(JSON.parse(new TextDecoder().decode(text)));
  } finally {
    reservation.grow(-held);
  }
}
