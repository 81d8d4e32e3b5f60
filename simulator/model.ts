/** Resolution tier of a model: how large an image it looks at. */
export type Tier = 'standard' | 'high';

/** US$ per million tokens. */
export interface Price {
  readonly input: number;
  readonly output: number;
}

/** One row of the model table (vision docs and price list, 2026-10-08). */
export interface Model {
  readonly id: string;
  readonly tier: Tier;
  readonly contextTokens: number;
  readonly imagesMax: number;
  /** Absent where Anthropic has published none. */
  readonly price?: Price;
  /** Price of the whole request when its prompt is longer than {@link LONG_PROMPT_TOKENS}. */
  readonly longPromptPrice?: Price;
  readonly refusesForcedTool?: boolean;
  readonly lifecycle: 'active' | 'deprecated';
}

/** Prompt length, in tokens, above which a two-band model bills everything at its second band. */
export const LONG_PROMPT_TOKENS = 100_000;

const LARGE = { contextTokens: 1_000_000, imagesMax: 600, lifecycle: 'active' } as const;
const SMALL = { contextTokens: 200_000, imagesMax: 100, lifecycle: 'active' } as const;

function price(input: number, output: number): Price {
  return { input, output };
}

/** The models that the simulated account may call, newest line first. */
export const MODELS: readonly Model[] = [
  {
    id: 'claude-haiku-5-5',
    tier: 'high',
    ...LARGE,
    price: price(0.1, 0.5),
    longPromptPrice: price(0.5, 2.5),
  },
  { id: 'claude-sonnet-5-5', tier: 'high', ...LARGE, price: price(2, 10), refusesForcedTool: true },
  { id: 'claude-opus-5-5', tier: 'high', ...LARGE, price: price(4, 20), refusesForcedTool: true },
  // Context and price of the 5-2 models are not published; the window of their predecessors is assumed.
  { id: 'claude-fable-5-2', tier: 'high', ...LARGE },
  { id: 'claude-mythos-5-2', tier: 'high', ...LARGE },
  { id: 'claude-fable-5-1', tier: 'high', ...LARGE, price: price(10, 50) },
  { id: 'claude-mythos-5-1', tier: 'high', ...LARGE, price: price(10, 50) },
  { id: 'claude-fable-5', tier: 'high', ...LARGE, price: price(10, 50) },
  { id: 'claude-mythos-5', tier: 'high', ...LARGE, price: price(10, 50) },
  { id: 'claude-sonnet-5', tier: 'high', ...LARGE, price: price(2, 10) },
  { id: 'claude-opus-5', tier: 'high', ...LARGE, price: price(5, 25) },
  { id: 'claude-opus-4-8', tier: 'high', ...LARGE, price: price(5, 25) },
  { id: 'claude-opus-4-7', tier: 'high', ...LARGE, price: price(5, 25) },
  { id: 'claude-opus-4-6', tier: 'standard', ...LARGE, price: price(5, 25) },
  { id: 'claude-sonnet-4-6', tier: 'standard', ...LARGE, price: price(3, 15) },
  { id: 'claude-opus-4-5', tier: 'standard', ...SMALL, price: price(5, 25) },
  { id: 'claude-sonnet-4-5', tier: 'standard', ...SMALL, price: price(3, 15), lifecycle: 'deprecated' },
  { id: 'claude-haiku-4-5', tier: 'standard', ...SMALL, price: price(1, 5) },
];

/** The model of a name, with or without a date suffix (`-20251001`); `undefined` when nobody knows it. */
export function findModel(name: string): Model | undefined {
  const undated = name.replace(/-\d{8}$/, '');
  return MODELS.find((model) => model.id === undated);
}

/** Cost of one answer in US$; `undefined` when the model has no published price. Batches cost half. */
export function costUsd(model: Model, inputTokens: number, outputTokens: number, isBatch: boolean): number | undefined {
  const band = inputTokens > LONG_PROMPT_TOKENS ? (model.longPromptPrice ?? model.price) : model.price;
  if (band === undefined) return undefined;
  const full = (inputTokens * band.input + outputTokens * band.output) / 1_000_000;
  return isBatch ? full / 2 : full;
}
