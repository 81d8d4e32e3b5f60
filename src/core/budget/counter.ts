/** Sums that are kept by day, key and model. What each of them counts is decided here and nowhere else. */
import type { Amount } from './budget.ts';
import { type LedgerRow, promptTokens } from './ledger-row.ts';
import { dayOf } from './period.ts';

/** All sums; each is a whole number. Those of tokens and calls leave out what was not billed. */
export const COUNTERS = [
  'requests',
  'calls',
  'cacheHits',
  'joined',
  'failures',
  'inputTokens',
  'outputTokens',
  'cacheCreationInputTokens',
  'cacheReadInputTokens',
  'imageTokens',
  'nanoUsd',
  'savedNanoUsd',
  'unpricedCalls',
  'assumedCalls',
  'assumedNanoUsd',
  'overrunNanoUsd',
  'estimatedInputTokens',
  'driftTokens',
] as const;
export type Counters = Readonly<Record<(typeof COUNTERS)[number], number>>;

/** What one row adds to the sums. */
export function countersOf(row: LedgerRow): Counters {
  const isCall = row.basis !== 'free';
  const isBilled = row.basis === 'billed';
  const isAnswered = row.status < 400;
  const nanoUsd = row.nanoUsd ?? 0;
  const prompt = promptTokens(row.usage);
  const hasDrift = isBilled && row.estimatedInputTokens !== null;
  return {
    requests: 1,
    calls: isCall ? 1 : 0,
    // A caller who pays Claude himself has an answer without a call of ours, and it is no hit.
    cacheHits: !isCall && isAnswered && row.cacheStatus === 'hit' ? 1 : 0,
    joined: !isCall && isAnswered && row.cacheStatus === 'joined' ? 1 : 0,
    failures: isAnswered ? 0 : 1,
    inputTokens: row.usage.inputTokens,
    outputTokens: row.usage.outputTokens,
    cacheCreationInputTokens: row.usage.cacheCreationInputTokens,
    cacheReadInputTokens: row.usage.cacheReadInputTokens,
    imageTokens: isCall ? row.imageTokens : 0,
    nanoUsd: isCall ? nanoUsd : 0,
    savedNanoUsd: row.savedNanoUsd,
    unpricedCalls: isCall && row.nanoUsd === null ? 1 : 0,
    assumedCalls: row.basis === 'assumed' ? 1 : 0,
    assumedNanoUsd: row.basis === 'assumed' ? nanoUsd : 0,
    overrunNanoUsd: isBilled && row.reservedNanoUsd !== null ? Math.max(0, nanoUsd - row.reservedNanoUsd) : 0,
    estimatedInputTokens: hasDrift ? (row.estimatedInputTokens ?? 0) : 0,
    driftTokens: hasDrift ? prompt - (row.estimatedInputTokens ?? 0) : 0,
  };
}

/** How many requests ended so. */
export interface OutcomeSum {
  readonly route: string;
  readonly status: number;
  /** `hit`, `miss` …; empty where the cache had no part. */
  readonly cache: string;
  readonly requests: number;
}

/** What rows add to the sums of one day, key and model. */
export interface UsageDelta {
  readonly day: string;
  readonly key: string;
  readonly model: string;
  readonly counters: Counters;
  readonly spent: Amount;
  readonly outcomes: readonly OutcomeSum[];
}

/** Rows by day, key and model, so that however many there are each sum is touched once. */
export function sumRows(rows: readonly LedgerRow[]): readonly UsageDelta[] {
  const groups = Map.groupBy(rows, (row) => `${dayOf(row.atMs)} ${row.key} ${row.model}`);
  return [...groups.values()].flatMap((group): UsageDelta[] => {
    const [first] = group;
    if (first === undefined) return [];
    const counters = group.map(countersOf).reduce(added);
    const spent = { nanoUsd: counters.nanoUsd, imageTokens: counters.imageTokens };
    return [{ day: dayOf(first.atMs), key: first.key, model: first.model, counters, spent, outcomes: outcomesOf(group) }];
  });
}

/** How these requests ended, by route, status and part of the cache. */
export function outcomesOf(rows: readonly LedgerRow[]): readonly OutcomeSum[] {
  const groups = Map.groupBy(rows, ({ route, status, cacheStatus }) => `${route} ${status} ${cacheStatus ?? ''}`);
  return [...groups.values()].flatMap((group): OutcomeSum[] => {
    const [first] = group;
    return first === undefined ? [] : [{ route: first.route, status: first.status, cache: first.cacheStatus ?? '', requests: group.length }];
  });
}

function added(one: Counters, other: Counters): Counters {
  return Object.fromEntries(COUNTERS.map((counter) => [counter, one[counter] + other[counter]])) as Counters;
}
