/** What a call may use and cost at most, before it is made: said by an estimate, set aside by whoever makes the call. */
import type { BudgetUnit } from '../../core/budget/budget.ts';
import type { DescribeRequest } from '../../core/input/request.ts';
import { frameTokensMax, outputTokensMax } from '../../core/message/request.ts';
import { type CacheWrite, costMaxNanoUsd } from '../../core/vision/cost.ts';
import type { Model } from '../../core/vision/model.ts';
import type { Plan } from '../../core/vision/plan.ts';
import { imageTokensMax } from '../picture/plan.ts';

/** What a call may use at most. */
export interface CallBound {
  readonly model: Model;
  /** The whole prompt: exact image tokens, and text that is bounded and not estimated (`textTokensMax`). */
  readonly inputTokensMax: number;
  /** Of the pictures: exact where their sizes are known, else the most they can be. */
  readonly imageTokensMax: number;
  readonly outputTokensMax: number;
  /** Where the caller marks parts of the prompt for Claude's cache. */
  readonly cacheWrite?: CacheWrite;
}

/** The same with whose bound for it the caller has set, and what the ledger should know. */
export interface Quote extends CallBound {
  /** The likely prompt, to be compared with the billed one. */
  readonly estimatedInputTokens?: number | undefined;
  /** The caller's own bound in US$, and the field or header that it stands in. */
  readonly maxCost?: { readonly usd: number; readonly param: string } | undefined;
  /** How our own cache was asked: `miss`, `bypass`, `refresh`; absent where it was not. */
  readonly cacheStatus?: string;
  /** What makes a call of this route need less of a unit, as the beginning of a sentence. */
  readonly saving: Readonly<Record<BudgetUnit, string>>;
  /** How long the call can last; default `RESERVATION_MS`. */
  readonly reservationMs?: number;
}

/** What is set aside for such a call, in nano-US$: the one sum that budgets and callers' own bounds are held to. `undefined` without a price. */
export function reservedNanoUsd({ model, inputTokensMax, outputTokensMax: output, cacheWrite }: CallBound): number | undefined {
  // The API takes no prompt beyond the context window.
  const input = Math.min(inputTokensMax, model.contextTokens ?? inputTokensMax);
  return costMaxNanoUsd(model, { inputTokensMax: input, outputTokensMax: output, ...(cacheWrite === undefined ? {} : { cacheWrite }) });
}

/** The bound of a describe. `plans`: one a picture, `undefined` for one that Claude fetches itself. */
export function describeBound(request: DescribeRequest, model: Model, plans: readonly (Plan | undefined)[]): CallBound {
  const imageTokens = imageTokensMax(plans, model);
  return { model, inputTokensMax: imageTokens + frameTokensMax(request), imageTokensMax: imageTokens, outputTokensMax: outputTokensMax(request, model) };
}
