/** Models: which tier they see in, what they hold and what they cost. Data, with rules only for what is not listed. */
import type { TierName } from './tier.ts';

/** US$ per million tokens. */
export interface Price {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
}

/** A price that changes when the whole prompt passes a number of tokens. */
export interface PriceBands {
  readonly base: Price;
  readonly long?: { readonly aboveInputTokens: number; readonly price: Price };
}

export interface Model {
  readonly id: string;
  readonly tier: TierName;
  /** Tokens; `undefined` where it is not published. */
  readonly contextTokens: number | undefined;
  /** Image blocks a request may hold. */
  readonly imagesMax: number;
  /** `undefined`: not published. Never guessed. */
  readonly price: PriceBands | undefined;
  /** Whether it thinks before it answers unless told otherwise; thinking counts towards `max_tokens`. */
  readonly thinks: boolean;
  /** Whether the id stands in the table or was only recognised by its form. */
  readonly isListed: boolean;
}

/** Date of the list prices below, and where they were listed. */
export const PRICES_AS_OF = '2026-10-08';
export const PRICES_SOURCE = 'https://platform.claude.com/docs/en/about-claude/pricing';

const IMAGES_MAX = 600;
/** Models with a context of 200,000 tokens take fewer images. */
const IMAGES_MAX_SMALL_CONTEXT = 100;

/** Thinking by default (haiku 5.5) or always (the others). */
const THINKING_MODELS: readonly string[] = ['claude-haiku-5-5', 'claude-opus-5-5', 'claude-fable-5-1', 'claude-mythos-5-1'];

function row(id: string, tier: TierName, contextTokens: number | undefined, price: PriceBands | undefined): Model {
  const imagesMax = contextTokens === 1_000_000 ? IMAGES_MAX : IMAGES_MAX_SMALL_CONTEXT;
  return { id, tier, contextTokens, imagesMax, price, thinks: THINKING_MODELS.includes(id), isListed: true };
}

function flat(input: number, output: number, cacheRead: number): PriceBands {
  return { base: { input, output, cacheRead } };
}

/** Claude models with vision, as published on `PRICES_AS_OF`. */
export const MODELS: readonly Model[] = [
  row('claude-haiku-5-5', 'high', 1_000_000, {
    base: { input: 0.1, output: 0.5, cacheRead: 0.01 },
    long: { aboveInputTokens: 100_000, price: { input: 0.5, output: 2.5, cacheRead: 0.05 } },
  }),
  row('claude-haiku-4-5', 'standard', 200_000, flat(1, 5, 0.1)),
  row('claude-sonnet-5-5', 'high', 1_000_000, flat(2, 10, 0.1)),
  row('claude-sonnet-5', 'high', 1_000_000, flat(2, 10, 0.2)),
  row('claude-sonnet-4-6', 'standard', 1_000_000, flat(3, 15, 0.3)),
  row('claude-sonnet-4-5', 'standard', 200_000, flat(3, 15, 0.3)),
  row('claude-opus-5-5', 'high', 1_000_000, flat(4, 20, 0.2)),
  row('claude-opus-5', 'high', 1_000_000, flat(5, 25, 0.5)),
  row('claude-opus-4-8', 'high', 1_000_000, flat(5, 25, 0.5)),
  row('claude-opus-4-7', 'high', 1_000_000, flat(5, 25, 0.5)),
  row('claude-opus-4-6', 'standard', 1_000_000, flat(5, 25, 0.5)),
  row('claude-opus-4-5', 'standard', 200_000, flat(5, 25, 0.5)),
  row('claude-fable-5-1', 'high', 1_000_000, flat(10, 50, 0.25)),
  row('claude-mythos-5-1', 'high', 1_000_000, flat(10, 50, 0.25)),
  row('claude-fable-5', 'high', 1_000_000, flat(10, 50, 1)),
  row('claude-mythos-5', 'high', 1_000_000, flat(10, 50, 1)),
  row('claude-fable-5-2', 'high', undefined, undefined),
  row('claude-mythos-5-2', 'high', undefined, undefined),
];

/** What an operator may say about a model in `MODEL_OVERRIDES`; absent fields keep what is known. */
export interface ModelOverride {
  readonly tier?: TierName;
  readonly contextTokens?: number;
  readonly imagesMax?: number;
  readonly price?: PriceBands;
}
export type ModelOverrides = Readonly<Record<string, ModelOverride>>;

/**
 * What is known of a model id as callers write it: with provider or region prefixes
 * (`us.anthropic.claude-…`), `@date` and `-20260101` suffixes. An unknown model gets the standard tier, whose
 * sizes fit both tiers, and no price.
 */
export function findModel(id: string, overrides: ModelOverrides = {}): Model {
  const family = parseModelFamily(id);
  const listed = MODELS.find((model) => model.id === (family?.id ?? id));
  const known: Model = listed ?? {
    id,
    tier: family !== undefined && seesHighTier(family) ? 'high' : 'standard',
    contextTokens: undefined,
    imagesMax: IMAGES_MAX_SMALL_CONTEXT,
    price: undefined,
    thinks: family !== undefined && family.major >= 5,
    isListed: false,
  };
  const override = overrides[id] ?? overrides[known.id];
  return override === undefined ? known : { ...known, ...override };
}

/** Whether two ids name one model, whatever their prefixes and dates. */
export function isSameModel(one: string, other: string): boolean {
  return one === other || modelId(one) === modelId(other);
}

function modelId(id: string): string {
  return parseModelFamily(id)?.id ?? id;
}

/** The listed models with the operator's overrides and additions. */
export function listModels(overrides: ModelOverrides = {}): readonly Model[] {
  const added = Object.keys(overrides).filter((id) => !MODELS.some((model) => model.id === id));
  return [...MODELS.map((model) => model.id), ...added].map((id) => findModel(id, overrides));
}

interface ModelFamily {
  readonly id: string;
  readonly major: number;
  readonly minor: number;
}

/** `claude-<line>-<major>[-<minor>]`; a minor version has at most two digits, eight digits are a date. */
function parseModelFamily(id: string): ModelFamily | undefined {
  const match = /(?:^|[./])claude-([a-z]+)-(\d{1,2})(?:-(\d{1,2}))?(?:-\d{8})?(?:-v\d+(?::\d+)?)?(?:@[\w.-]+)?$/.exec(id);
  const [, line, major, minor] = match ?? [];
  if (line === undefined || major === undefined) return undefined;
  return { id: `claude-${line}-${major}${minor === undefined ? '' : `-${minor}`}`, major: Number(major), minor: Number(minor ?? 0) };
}

/** Claude 4.7 and later see in the high tier (vision docs 2026-08). */
function seesHighTier({ major, minor }: ModelFamily): boolean {
  return major > 4 || (major === 4 && minor >= 7);
}
