/** What an account is asked about its usage, and what it answers. */
import { Fault } from '../fault.ts';
import type { BudgetState } from './budget.ts';
import type { Counters, OutcomeSum } from './counter.ts';
import { USAGE_DAYS } from './limit.ts';
import { dayOf, dayStartMs, monthOf } from './period.ts';

export const USAGE_GROUPS = ['day', 'key', 'model'] as const;
export type UsageGroup = (typeof USAGE_GROUPS)[number];

export interface UsageQuery {
  /** First and last day, both included: `2026-11-21`. */
  readonly from: string;
  readonly to: string;
  /** In the order of `USAGE_GROUPS`; empty: one sum. */
  readonly groupBy: readonly UsageGroup[];
}

/** Sums of one group; a dimension that was not asked for is absent. */
export interface UsageSum {
  readonly day?: string;
  readonly key?: string;
  readonly model?: string;
  readonly counters: Counters;
}

/** Everything since the account exists. */
export interface Totals {
  readonly sums: readonly UsageSum[];
  readonly outcomes: readonly OutcomeSum[];
}

export interface UsageReport {
  readonly sums: readonly UsageSum[];
  /** Of the whole range. */
  readonly total: Counters;
  readonly budgets: readonly BudgetState[];
}

const DAY_MS = 86_400_000;

/** A query from its parameters: this month by day unless they say otherwise. @throws invalid_request */
export function parseUsageQuery(parameters: { readonly from?: string; readonly to?: string; readonly group_by?: string }, nowMs: number): UsageQuery {
  const from = parameters.from ?? `${monthOf(nowMs)}-01`;
  const to = parameters.to ?? dayOf(nowMs);
  const fromMs = dayMs('from', from);
  const toMs = dayMs('to', to);
  if (toMs < fromMs) throw new Fault('invalid_request', `"to" (${to}) is before "from" (${from}). Swap them.`, { param: 'to' });
  if ((toMs - fromMs) / DAY_MS >= USAGE_DAYS)
    throw new Fault('invalid_request', `${from} to ${to} is longer than the ${USAGE_DAYS} days that are kept. Ask for fewer.`, { param: 'from' });
  return { from, to, groupBy: parseGroups(parameters.group_by ?? 'day') };
}

function dayMs(param: string, day: string): number {
  const startMs = dayStartMs(day);
  if (startMs === undefined) throw new Fault('invalid_request', `"${param}" is "${day.slice(0, 20)}"; it must be a day such as 2026-11-21, in UTC.`, { param });
  return startMs;
}

function parseGroups(text: string): readonly UsageGroup[] {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const unknown = names.find((name) => !(USAGE_GROUPS as readonly string[]).includes(name));
  if (unknown !== undefined)
    throw new Fault('invalid_request', `"group_by" has "${unknown.slice(0, 20)}"; it takes ${USAGE_GROUPS.join(', ')}, separated by commas.`, {
      param: 'group_by',
    });
  return USAGE_GROUPS.filter((group) => names.includes(group));
}
