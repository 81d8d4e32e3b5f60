import { costUsd, type Model } from './model.ts';

/** What one model has cost so far. */
export interface BillLine {
  calls: number;
  batch_calls: number;
  input_tokens: number;
  output_tokens: number;
  cost_usd: number;
  /** Calls of a model whose price is not published: they are in no sum. */
  unpriced_calls: number;
}

/** The bill: a total and a line a model, in the wire's names. */
export interface Bill {
  total: BillLine;
  models: Record<string, BillLine>;
}

/** A bill without calls. */
export function emptyBill(): Bill {
  return { total: emptyLine(), models: {} };
}

/** Adds one answered call. Errors and token counting are free and never come here. */
export function charge(bill: Bill, model: Model, inputTokens: number, outputTokens: number, isBatch: boolean): void {
  const line = (bill.models[model.id] ??= emptyLine());
  const cost = costUsd(model, inputTokens, outputTokens, isBatch);
  for (const target of [bill.total, line]) {
    target.calls += 1;
    target.batch_calls += isBatch ? 1 : 0;
    target.input_tokens += inputTokens;
    target.output_tokens += outputTokens;
    target.cost_usd += cost ?? 0;
    target.unpriced_calls += cost === undefined ? 1 : 0;
  }
}

function emptyLine(): BillLine {
  return { calls: 0, batch_calls: 0, input_tokens: 0, output_tokens: 0, cost_usd: 0, unpriced_calls: 0 };
}
