/** What the service counts, as metrics: the sums of the deployment's account, and how its own budgets and those of its tenants stand. */
import type { BudgetState } from '../core/budget/budget.ts';
import type { Counters } from '../core/budget/counter.ts';
import { wireAmount } from '../core/budget/refusal.ts';
import type { Metric, Sample } from '../core/metric/exposition.ts';
import { usdOf } from '../core/vision/cost.ts';
import type { DeploymentSums, TenantBudget } from '../operation/metrics.ts';

interface Sum {
  readonly name: string;
  readonly help: string;
  /** Default `counter`. */
  readonly type?: 'gauge';
  readonly of: (counters: Counters) => number;
}

const SUMS: readonly Sum[] = [
  { name: 'tenant_requests_total', help: 'Requests to routes that may ask Claude.', of: ({ requests }) => requests },
  { name: 'cache_hits_total', help: 'Requests answered from the cache.', of: ({ cacheHits }) => cacheHits },
  { name: 'joined_total', help: 'Requests answered by the call of another one at the same time.', of: ({ joined }) => joined },
  { name: 'failures_total', help: 'Requests that ended with a status of 400 or more.', of: ({ failures }) => failures },
  { name: 'calls_total', help: 'Calls of Claude that were billed, or may have been.', of: ({ calls }) => calls },
  {
    name: 'assumed_calls_total',
    help: 'Calls whose cost is assumed to be the most it could be, since no report came.',
    of: ({ assumedCalls }) => assumedCalls,
  },
  { name: 'unpriced_calls_total', help: 'Calls of models whose price is not known.', of: ({ unpricedCalls }) => unpricedCalls },
  { name: 'input_tokens_total', help: 'Billed tokens of prompts, without those of the prompt cache.', of: ({ inputTokens }) => inputTokens },
  { name: 'output_tokens_total', help: 'Billed tokens of answers.', of: ({ outputTokens }) => outputTokens },
  { name: 'cache_creation_input_tokens_total', help: 'Tokens written to the prompt cache.', of: ({ cacheCreationInputTokens }) => cacheCreationInputTokens },
  { name: 'cache_read_input_tokens_total', help: 'Tokens read from the prompt cache.', of: ({ cacheReadInputTokens }) => cacheReadInputTokens },
  { name: 'image_tokens_total', help: 'Tokens of images in billed calls, as computed.', of: ({ imageTokens }) => imageTokens },
  { name: 'cost_usd_total', help: 'US dollars spent, assumed costs included.', of: ({ nanoUsd }) => usdOf(nanoUsd) },
  { name: 'assumed_cost_usd_total', help: 'US dollars of assumed costs alone.', of: ({ assumedNanoUsd }) => usdOf(assumedNanoUsd) },
  { name: 'saved_usd_total', help: 'US dollars that hits would have cost.', of: ({ savedNanoUsd }) => usdOf(savedNanoUsd) },
  { name: 'overrun_usd_total', help: 'US dollars billed beyond what had been set aside.', of: ({ overrunNanoUsd }) => usdOf(overrunNanoUsd) },
  { name: 'estimated_input_tokens_total', help: 'Tokens of prompts as predicted, of billed calls.', of: ({ estimatedInputTokens }) => estimatedInputTokens },
  { name: 'drift_tokens', help: 'Billed less predicted tokens of prompts, over all calls.', type: 'gauge', of: ({ driftTokens }) => driftTokens },
];

/** Everything that `/metrics` shows. */
export function metricsOf({ totals: { sums, outcomes }, ...budgets }: DeploymentSums, build: Readonly<Record<string, string>>): readonly Metric[] {
  const counted = SUMS.map(({ name, help, type, of }): Metric => {
    const samples = sums.map(({ key = '', model = '', counters }): Sample => ({ labels: { tenant: key, model }, value: of(counters) }));
    return { name: `vignette_${name}`, help, type: type ?? 'counter', samples };
  });
  const budget = (name: string, help: string, of: (state: BudgetState) => number): Metric => ({
    name: `vignette_budget_${name}`,
    help,
    type: 'gauge',
    samples: budgets.deployment.map((state) => ({ labels: { period: state.period, unit: state.unit }, value: wireAmount(state.unit, of(state)) })),
  });
  const tenantBudget = (name: string, help: string, of: (budget: TenantBudget) => number): Metric => ({
    name: `vignette_tenant_budget_${name}`,
    help,
    type: 'gauge',
    samples: budgets.tenants.map((budget) => {
      const { period, unit } = budget.bound;
      return { labels: { tenant: budget.tenant, period, unit }, value: wireAmount(unit, of(budget)) };
    }),
  });
  return [
    { name: 'vignette_build_info', help: 'What is deployed; always 1.', type: 'gauge', samples: [{ labels: build, value: 1 }] },
    {
      name: 'vignette_requests_total',
      help: 'Requests to routes that may ask Claude, by how they ended and the part of the cache.',
      type: 'counter',
      samples: outcomes.map(({ route, status, cache, requests }) => ({ labels: { route, status: String(status), cache }, value: requests })),
    },
    ...counted,
    budget('limit', "The deployment's own budget.", ({ limit }) => limit),
    budget('spent', 'What of it is spent in this period.', ({ spent }) => spent),
    budget('reserved', 'What of it is set aside for calls under way.', ({ reserved }) => reserved),
    budget('left', 'What of it is left.', ({ limit, spent, reserved }) => Math.max(0, limit - spent - reserved)),
    tenantBudget('limit', 'The budget of all keys of a tenant together, of the tenants that spent most this month.', ({ bound }) => bound.limit),
    tenantBudget('spent', 'What of it is spent in this period.', ({ spent }) => spent),
  ];
}
