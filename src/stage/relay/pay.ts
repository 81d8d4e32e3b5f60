/** Money around the one call of a relayed request: its bound before, what the answer reports after. */
import { STREAM_RESERVATION_MS } from '../../core/budget/limit.ts';
import { withOutput } from '../../core/message/bill.ts';
import { ERROR_TABLE } from '../../error.ts';
import { estimateTextTokens } from '../../core/vision/cost.ts';
import type { Context } from '../session/context.ts';
import type { Quote } from '../money/quote.ts';
import { type Charge, isHeldToUsd, openCharge } from '../money/spend.ts';
import { callUpstream, isTimeout, type UpstreamAnswer } from './call.ts';
import type { FittedRequest } from './fit.ts';
import { boundedCost, plainBound, textBytesOf } from './quote.ts';
import type { ScannedRequest } from './request.ts';

/** Of an answer of a model that the key may not use. */
const REFUSED_STATUS = ERROR_TABLE.forbidden.status;

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
    return unrefused(await callUpstream(request, fitted, call.isShared, context));
  }
  const quote = quoteFor(request, call, context);
  const charge = await openCharge(context, quote);
  try {
    call.onDepart();
    const answer = await callUpstream(request, fitted, call.isShared, context);
    // Kept alive here: the settling must not depend on whether anybody reads the answer to its end.
    const settled = answer.end.then((end) => settle(charge, answer.refusal === undefined ? answer.status : REFUSED_STATUS, end, quote));
    context.afterResponse(settled);
    // First booked at what it cost, then refused.
    if (answer.refusal !== undefined) await settled;
    return unrefused(answer);
  } catch (error) {
    charge.fail(error);
    throw error;
  }
}

/** An answer that the caller may have. @throws what stands against it */
function unrefused(answer: UpstreamAnswer): UpstreamAnswer {
  if (answer.refusal !== undefined) throw answer.refusal;
  return answer;
}

function settle(charge: Charge, status: number, { bill, isWhole }: Awaited<UpstreamAnswer['end']>, { outputTokensMax }: Quote): void {
  if (bill === undefined) return charge.close(status, status < 400 || isTimeout(status) ? 'assumed' : 'free');
  // Of an answer that broke off, what was written but did not arrive is billed, too, and thinking that is not shown.
  const whole = isWhole ? bill : withOutput(bill, outputTokensMax);
  charge.used(whole.usage, whole);
  charge.close(status, isWhole ? 'billed' : 'assumed');
}

function quoteFor(request: ScannedRequest, call: RelayedCall, context: Context): Quote {
  const { scan, options } = request;
  const maxCost = options.maxCostUsd === undefined ? undefined : { usd: options.maxCostUsd, param: 'x-vignette-max-cost-usd' };
  const bound = isHeldToUsd(context, maxCost) ? boundedCost(request, call.imageTokensMax) : plainBound(request, call.imageTokensMax);
  if ('fault' in bound) throw bound.fault;
  return {
    ...bound,
    estimatedInputTokens: call.imageTokensMax + estimateTextTokens(textBytesOf(request)),
    cacheStatus: call.cacheStatus,
    maxCost,
    saving: { usd: 'Lower "max_tokens", or send fewer or smaller images', image_tokens: 'Send fewer or smaller images' },
    ...(scan.isStream ? { reservationMs: STREAM_RESERVATION_MS } : {}),
  };
}
