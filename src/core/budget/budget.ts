/**
 * Budgets: bounds on what a key, a tenant or the whole deployment spends in a day or a month, and the judgement whether one
 * more call fits. What is set aside for calls under way counts as if it were spent, so no burst can pass a bound.
 */
import type { CallerLimits } from '../key/caller.ts';
import { nanoUsdOf } from '../vision/cost.ts';
import { type Period, periodEndMs } from './period.ts';

/** Money and image tokens, in whole numbers. */
export interface Amount {
  readonly nanoUsd: number;
  readonly imageTokens: number;
}

/** What a key or an account has used in one period. */
export interface Spending {
  readonly spent: Amount;
  /** Set aside for calls that are under way. */
  readonly reserved: Amount;
}

export type BudgetUnit = 'usd' | 'image_tokens';
/** Whose spending a bound holds: one key's, or that of all keys of the account together. */
export type BudgetSubject = 'key' | 'account';

export interface Bound {
  readonly subject: BudgetSubject;
  readonly period: Period;
  readonly unit: BudgetUnit;
  /** Nano-US$ or tokens. */
  readonly limit: number;
}

/** A bound with where its spending stands. Amounts are in the unit of the bound: nano-US$ or tokens. */
export interface BudgetState extends Bound {
  readonly spent: number;
  readonly reserved: number;
  /** Milliseconds since 1970. */
  readonly resetsAtMs: number;
}

/** Why a call may not be made. */
export interface Refusal extends BudgetState {
  readonly needed: number;
  /** Only calls under way stand in the way: when they cost less than was set aside, there may be room soon. */
  readonly isTransient: boolean;
}

/** The bounds that limits mean for a subject. */
export function boundsOf(subject: BudgetSubject, limits: CallerLimits): readonly Bound[] {
  const bounds: readonly (readonly [Period, BudgetUnit, number | undefined])[] = [
    ['day', 'usd', limits.usdDay],
    ['month', 'usd', limits.usdMonth],
    ['day', 'image_tokens', limits.imageTokensDay],
    ['month', 'image_tokens', limits.imageTokensMonth],
  ];
  return bounds.flatMap(([period, unit, limit]) => (limit === undefined ? [] : [{ subject, period, unit, limit: unit === 'usd' ? nanoUsdOf(limit) : limit }]));
}

/** The part of an amount that a unit counts. */
export function amountIn(unit: BudgetUnit, { nanoUsd, imageTokens }: Amount): number {
  return unit === 'usd' ? nanoUsd : imageTokens;
}

/** Where a bound stands. */
export function stateOf(bound: Bound, { spent, reserved }: Spending, nowMs: number): BudgetState {
  const { unit, period } = bound;
  return { ...bound, spent: amountIn(unit, spent), reserved: amountIn(unit, reserved), resetsAtMs: periodEndMs(period, nowMs) };
}

/**
 * Whether a call that costs at most `needed` fits all bounds: `undefined` when it does, else the bound that stands in the
 * way for longest.
 */
export function judge(states: readonly BudgetState[], needed: Amount): Refusal | undefined {
  const refusals = states.flatMap((state): Refusal[] => {
    const more = amountIn(state.unit, needed);
    // What needs nothing of a unit is not held up by it, even where a lowered limit is passed already.
    if (more === 0 || state.spent + state.reserved + more <= state.limit) return [];
    return [{ ...state, needed: more, isTransient: state.spent + more <= state.limit }];
  });
  return refusals.toSorted((one, other) => Number(one.isTransient) - Number(other.isTransient) || other.resetsAtMs - one.resetsAtMs)[0];
}
