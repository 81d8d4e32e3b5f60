/** Money: US$ of a call, before it from exact image tokens, after it from the API's own usage. */
import type { Model, Price } from './model.ts';

/** Token counts as the Messages API reports them. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheCreationInputTokens: number;
  /** Those of `cacheCreationInputTokens` that were written for an hour; absent: none, all for five minutes. */
  readonly cacheCreation1hInputTokens?: number;
  readonly cacheReadInputTokens: number;
}

/** How long a prompt is written to Claude's own cache for, at most. */
export type CacheWrite = 'none' | '5m' | '1h';

/** What a call may use at most. */
export interface UsageBound {
  /** The whole prompt, cached parts included. */
  readonly inputTokensMax: number;
  readonly outputTokensMax: number;
  /** Absent: nothing is written to the prompt cache. */
  readonly cacheWrite?: CacheWrite;
}

export interface PriceOptions {
  /** A request of a Message Batch, at half the price. */
  readonly isBatch?: boolean;
}

/** Writing to the prompt cache costs a quarter more than plain input for five minutes, twice as much for an hour. */
const CACHE_WRITE_FACTOR: Readonly<Record<CacheWrite, number>> = { none: 1, '5m': 1.25, '1h': 2 };
const BATCH_FACTOR = 0.5;

/** 1 US$ is 10⁹ of these: below one token of the cheapest part of the cheapest model, and safe integers to 9 million US$. */
export const NANO_USD_A_USD = 1e9;
/** Prices stand for a million tokens, so 1 US$ there is 10⁶ pico-US$ a token: every list price is a whole number. */
const PICO_USD_A_PRICE_UNIT = 1e6;
const PICO_USD_A_NANO_USD = 1e3;

/** US$ of a billed call, or `undefined` when the model's price is not known. */
export function costOf(model: Model, usage: Usage, options: PriceOptions = {}): number | undefined {
  const nanoUsd = costNanoUsd(model, usage, options);
  return nanoUsd === undefined ? undefined : usdOf(nanoUsd);
}

/** The same as a whole number of nano-US$, so that sums are exact; fractions count as a whole one. */
export function costNanoUsd(model: Model, usage: Usage, { isBatch = false }: PriceOptions = {}): number | undefined {
  const prompt = usage.inputTokens + usage.cacheCreationInputTokens + usage.cacheReadInputTokens;
  const price = priceFor(model, prompt);
  if (price === undefined) return undefined;
  const written1h = Math.min(usage.cacheCreation1hInputTokens ?? 0, usage.cacheCreationInputTokens);
  const written5m = usage.cacheCreationInputTokens - written1h;
  const pico =
    picoUsd(price.input) * (usage.inputTokens + written5m * CACHE_WRITE_FACTOR['5m'] + written1h * CACHE_WRITE_FACTOR['1h']) +
    picoUsd(price.cacheRead) * usage.cacheReadInputTokens +
    picoUsd(price.output) * usage.outputTokens;
  return Math.ceil((pico * (isBatch ? BATCH_FACTOR : 1)) / PICO_USD_A_NANO_USD);
}

/** The most that a call within these bounds can cost, in nano-US$, in whichever band it ends; `undefined` without a price. */
export function costMaxNanoUsd(
  model: Model,
  { inputTokensMax, outputTokensMax, cacheWrite = 'none' }: UsageBound,
  options: PriceOptions = {},
): number | undefined {
  const costAt = (inputTokens: number): number => {
    const written = cacheWrite === 'none' ? 0 : inputTokens;
    const usage = {
      inputTokens: inputTokens - written,
      outputTokens: outputTokensMax,
      cacheCreationInputTokens: written,
      cacheCreation1hInputTokens: cacheWrite === '1h' ? written : 0,
      cacheReadInputTokens: 0,
    };
    return costNanoUsd(model, usage, options) ?? 0;
  };
  if (model.price === undefined) return undefined;
  // An operator's long band may be the cheaper one; then a prompt just below it costs most.
  const bandEnd = model.price.long?.aboveInputTokens ?? inputTokensMax;
  return Math.max(costAt(inputTokensMax), costAt(Math.min(inputTokensMax, bandEnd)));
}

/** Nano-US$ as US$: the nearest number, for showing, never for sums. */
export function usdOf(nanoUsd: number): number {
  return nanoUsd / NANO_USD_A_USD;
}

/** US$ as whole nano-US$. */
export function nanoUsdOf(usd: number): number {
  return Math.round(usd * NANO_USD_A_USD);
}

function picoUsd(usdAMillionTokens: number): number {
  return Math.round(usdAMillionTokens * PICO_USD_A_PRICE_UNIT);
}

/** The band of a price list that a prompt of so many tokens falls in. */
export function priceFor(model: Model, inputTokens: number): Price | undefined {
  const bands = model.price;
  if (bands?.long !== undefined && inputTokens > bands.long.aboveInputTokens) return bands.long.price;
  return bands?.base;
}

/** Bytes of UTF-8 text a token holds, by rule of thumb: English prose is about four, other scripts less. */
const TEXT_BYTES_A_TOKEN = 4;

/** Tokens of a text of so many bytes of UTF-8, estimated: Claude's tokenizer is not public, so only image tokens are exact. */
export function estimateTextTokens(textBytes: number): number {
  return Math.ceil(textBytes / TEXT_BYTES_A_TOKEN);
}

/**
 * What the API adds to a prompt of its own accord: roles, the preamble of tools (some 350 to 800 tokens, "Tool use"
 * pricing) and that of structured output.
 */
const API_TOKENS_MAX = 1_024;

/**
 * Tokens that a request with so many bytes of text (UTF-8, everything but the pictures) cannot exceed. A tokenizer over bytes
 * makes at most one token of each, so this holds for any script; for prose it is about four times the truth.
 */
export function textTokensMax(textBytes: number): number {
  return textBytes + API_TOKENS_MAX;
}
