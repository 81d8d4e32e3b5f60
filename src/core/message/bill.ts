/** A Message's own report → what it cost, and which models worked for it. */
import { costNanoUsd, type Usage } from '../vision/cost.ts';
import { findModel, type Model, type ModelOverrides } from '../vision/model.ts';
import { type AskedModel, isAsked } from '../vision/asked-model.ts';
import { usageIn } from './usage.ts';

type JsonObject = Readonly<Record<string, unknown>>;

export interface Bill {
  /** Of all models together. */
  readonly usage: Usage;
  /** The one that wrote the answer. It is the one that was asked, unless the API says otherwise. */
  readonly model: Model;
  /** Nano-US$ of all of them, each at its own price; `undefined` where one has no known price. */
  readonly nanoUsd: number | undefined;
  /** Ids of all of them, as the API says them. */
  readonly served: readonly string[];
}

interface Part {
  readonly id: string;
  readonly model: Model;
  readonly usage: Usage;
}

/**
 * What a Message says of its cost, or `undefined` when it says nothing that can be. `message` may lack its content. The list of
 * `usage.iterations` counts where the API sends one: it names the model of each turn, and holds turns that the sums leave out.
 */
export function billOf(message: JsonObject, asked: AskedModel, overrides: ModelOverrides): Bill | undefined {
  const sum = usageIn(message);
  if (sum === undefined) return undefined;
  const named = (id: unknown): { readonly id: string; readonly model: Model } => {
    if (typeof id !== 'string' || id === '') return { id: asked.model.id, model: asked.model };
    return { id, model: isAsked(id, asked) ? asked.model : findModel(id, overrides) };
  };
  const answering = named(message['model']);
  const iterations = iterationsIn(message).flatMap((entry): readonly (Part & { readonly isTurn: boolean })[] => {
    const usage = usageIn({ usage: entry });
    return usage === undefined ? [] : [{ ...named(entry['model'] ?? message['model']), usage, isTurn: entry['type'] === 'message' }];
  });
  // A list that holds less than the sums is not the whole of it: then the sums count, and beside them what they leave out.
  const isWhole = iterations.length > 0 && covers(total(iterations), sum);
  const parts = isWhole ? iterations : [{ ...answering, usage: sum }, ...iterations.filter(({ isTurn }) => !isTurn)];
  const costs = parts.map(({ model, usage }) => costNanoUsd(model, usage));
  return {
    usage: total(parts),
    model: answering.model,
    nanoUsd: costs.reduce<number | undefined>((cost, more) => (cost === undefined || more === undefined ? undefined : cost + more), 0),
    served: [...new Set([answering.id, ...iterations.map(({ id }) => id)])],
  };
}

/** The same for an answer that broke off: as if it had been written to its end. */
export function withOutput(bill: Bill, outputTokensMax: number): Bill {
  const more = Math.max(0, outputTokensMax - bill.usage.outputTokens);
  const usage = { ...bill.usage, outputTokens: bill.usage.outputTokens + more };
  const before = costNanoUsd(bill.model, bill.usage);
  const after = costNanoUsd(bill.model, usage);
  const nanoUsd = bill.nanoUsd === undefined || before === undefined || after === undefined ? undefined : bill.nanoUsd + after - before;
  return { ...bill, usage, nanoUsd };
}

function iterationsIn(message: JsonObject): readonly JsonObject[] {
  const usage = message['usage'];
  const list = typeof usage === 'object' && usage !== null && 'iterations' in usage ? usage.iterations : undefined;
  return Array.isArray(list) ? list.filter((entry) => typeof entry === 'object' && entry !== null) : [];
}

function total(parts: readonly Pick<Part, 'usage'>[]): Usage {
  const sum = (count: (usage: Usage) => number) => parts.reduce((tokens, { usage }) => tokens + count(usage), 0);
  const written1h = sum((usage) => usage.cacheCreation1hInputTokens ?? 0);
  return {
    inputTokens: sum((usage) => usage.inputTokens),
    outputTokens: sum((usage) => usage.outputTokens),
    cacheCreationInputTokens: sum((usage) => usage.cacheCreationInputTokens),
    ...(written1h === 0 ? {} : { cacheCreation1hInputTokens: written1h }),
    cacheReadInputTokens: sum((usage) => usage.cacheReadInputTokens),
  };
}

function covers(one: Usage, other: Usage): boolean {
  return (
    one.inputTokens >= other.inputTokens &&
    one.outputTokens >= other.outputTokens &&
    one.cacheCreationInputTokens >= other.cacheCreationInputTokens &&
    one.cacheReadInputTokens >= other.cacheReadInputTokens
  );
}
