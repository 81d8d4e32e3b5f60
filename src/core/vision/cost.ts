/** Money: US$ of a call, before it from exact image tokens, after it from the API's own usage. */
import type { Model, Price } from './model.ts';

/** Token counts as the Messages API reports them. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheCreationInputTokens: number;
  readonly cacheReadInputTokens: number;
}

const TOKENS_A_PRICE_UNIT = 1_000_000;
/** Writing a prompt to the five-minute cache costs a quarter more than reading it plainly. */
const CACHE_WRITE_FACTOR = 1.25;
/** US$ are reported to a hundred-millionth: far below one token of the cheapest model. */
const COST_DECIMALS = 1e8;

/** US$ of a billed call, or `undefined` when the model's price is not known. */
export function costOf(model: Model, usage: Usage): number | undefined {
  const prompt = usage.inputTokens + usage.cacheCreationInputTokens + usage.cacheReadInputTokens;
  const price = priceFor(model, prompt);
  if (price === undefined) return undefined;
  const input =
    usage.inputTokens * price.input + usage.cacheCreationInputTokens * price.input * CACHE_WRITE_FACTOR + usage.cacheReadInputTokens * price.cacheRead;
  return roundCost((input + usage.outputTokens * price.output) / TOKENS_A_PRICE_UNIT);
}

/** The band of a price list that a prompt of so many tokens falls in. */
export function priceFor(model: Model, inputTokens: number): Price | undefined {
  const bands = model.price;
  if (bands?.long !== undefined && inputTokens > bands.long.aboveInputTokens) return bands.long.price;
  return bands?.base;
}

/** Bytes of UTF-8 text a token holds, by rule of thumb: English prose is about four, other scripts less. */
const TEXT_BYTES_A_TOKEN = 4;

/** Tokens of text, estimated: Claude's tokenizer is not public, so only image tokens are exact. */
export function estimateTextTokens(text: string): number {
  return Math.ceil(new TextEncoder().encode(text).length / TEXT_BYTES_A_TOKEN);
}

function roundCost(usd: number): number {
  return Math.round(usd * COST_DECIMALS) / COST_DECIMALS;
}
