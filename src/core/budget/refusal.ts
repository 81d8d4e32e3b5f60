/** The words of a refused call: every number, and what to do. */
import { Fault } from '../fault.ts';
import { usdOf } from '../vision/cost.ts';
import type { BudgetUnit, Refusal } from './budget.ts';
import { timeText } from './period.ts';

/** Whose budget it was. */
export type BudgetScope = 'key' | 'tenant' | 'deployment';

/** Reservations end with their calls: some seconds. */
const TRANSIENT_RETRY_SECONDS = 5;

/**
 * A bound that a call does not fit. What a whole deployment spends is nobody's business but its operator's, so those numbers stay out.
 * `saving`: what makes a call of this route cheaper, as the beginning of a sentence.
 */
export function budgetExceeded(refusal: Refusal, scope: BudgetScope, saving: string): Fault {
  const { period, unit, limit, spent, reserved, needed, isTransient } = refusal;
  const resetsAt = timeText(refusal.resetsAtMs);
  const amount = (value: number): string => (unit === 'usd' ? `US$ ${usdOf(value)}` : `${value} image tokens`);
  const state =
    scope === 'deployment'
      ? `the cap of this deployment for the ${period} has no room for it`
      : `the ${scope}'s budget of ${amount(limit)} a ${period} has ${amount(Math.max(0, limit - spent - reserved))} left (${amount(spent)} spent, ${amount(reserved)} set aside for calls under way)`;
  const remedy = isTransient ? 'Try again when those calls have ended, or ask for less.' : `It resets at ${resetsAt}. ${saving}, or raise the budget.`;
  return new Fault('budget_exceeded', `The call may need up to ${amount(needed)}, but ${state}. ${remedy}`, {
    ...(isTransient ? { retryable: true, retryAfterSeconds: TRANSIENT_RETRY_SECONDS } : {}),
    extension: {
      budget: {
        scope,
        period,
        unit,
        needed: wireAmount(unit, needed),
        ...(scope === 'deployment' ? {} : { limit: wireAmount(unit, limit), spent: wireAmount(unit, spent), reserved: wireAmount(unit, reserved) }),
        resets_at: resetsAt,
      },
    },
  });
}

/** The caller's own bound for one request. `param` names where it stands; `saving` as above. */
export function maxCostExceeded(neededNanoUsd: number, maxCostUsd: number, param: string, saving: string): Fault {
  const needed = usdOf(neededNanoUsd);
  return new Fault('budget_exceeded', `The call may cost up to US$ ${needed}; "${param}" allows US$ ${maxCostUsd}. ${saving}, or raise it.`, {
    param,
    extension: { budget: { scope: 'request', period: null, unit: 'usd', limit: maxCostUsd, spent: 0, reserved: 0, needed, resets_at: null } },
  });
}

/** A budget in US$ cannot be kept without a price, and a price is never guessed. */
export function priceUnknown(model: string): Fault {
  return new Fault(
    'budget_exceeded',
    `No price is known for "${model}", so it cannot be held to a budget in US$, and nothing was sent. Ask for a model of GET /v1/models with a price; the operator can add one in MODEL_OVERRIDES.`,
    { param: 'model' },
  );
}

/** An amount as the wire has it: US$, or tokens. */
export function wireAmount(unit: BudgetUnit, value: number): number {
  return unit === 'usd' ? usdOf(value) : value;
}
