/** What a relayed request may use and cost at most: said by an estimate, set aside by whoever makes the call. */
import { unboundable } from '../../core/budget/refusal.ts';
import { Fault } from '../../core/fault.ts';
import { COST_NAMES, type CostFacts, costFactsOf, PRESET_TOOL_TOKENS_MAX } from '../../core/relay/cost-facts.ts';
import { repeatedName } from '../../core/json/repeated-name.ts';
import { type Edit, splice, splicedBytes } from '../../core/json/splice.ts';
import { textTokensMax } from '../../core/vision/cost.ts';
import { TOKENS_A_CALL_MAX } from '../../core/vision/limit.ts';
import { TIERS } from '../../core/vision/tier.ts';
import type { CallBound } from '../money/quote.ts';
import type { IdentifiedImage } from './identify.ts';
import type { ScannedRequest } from './request.ts';

/** Image tokens of all pictures at most: one that Claude fetches counts as the largest that it could be. */
export function imageTokensAtMost(images: readonly IdentifiedImage[], { model }: ScannedRequest): number {
  const tokens = images.map((image) => (image.kind === 'known' ? image.plan.imageTokens : image.imageTokens));
  return tokens.reduce<number>((sum, known) => sum + (known ?? TIERS[model.tier].imageTokensMax), 0);
}

/** Bytes of the body without its pictures. */
export function textBytesOf(request: ScannedRequest): number {
  return splicedBytes(request.body, picturesIn(request));
}

/** The bound that the body's length gives: enough where no money is counted on it. */
export function plainBound(request: ScannedRequest, imageTokensMax: number): CallBound {
  const { model, scan } = request;
  return {
    model,
    inputTokensMax: imageTokensMax + textTokensMax(textBytesOf(request)),
    imageTokensMax,
    outputTokensMax: Math.min(scan.maxTokens ?? 0, contextTokensOf(request)),
  };
}

/**
 * The bound that a budget in US$ is held to. It reads the whole text once more. Or why there is none: a fault, to be thrown
 * by whoever would make the call.
 */
export function boundedCost(request: ScannedRequest, imageTokensMax: number): CallBound | { readonly fault: Fault } {
  const facts = costFacts(request);
  if ('fault' in facts) return facts;
  if (facts.unboundable !== undefined) return { fault: unboundable(facts.unboundable.param, facts.unboundable.reason) };
  const plain = plainBound(request, imageTokensMax);
  const contextTokens = contextTokensOf(request);
  return {
    ...plain,
    inputTokensMax: facts.hasDocuments ? contextTokens : plain.inputTokensMax + facts.presetTools * PRESET_TOOL_TOKENS_MAX,
    // Without a number that the API takes it will refuse, unless it reads another one there.
    outputTokensMax: Math.min(facts.outputTokensMax ?? contextTokens, contextTokens),
    cacheWrite: facts.cacheWrite,
  };
}

/** No answer is longer, whatever "max_tokens" says. */
function contextTokensOf({ model }: ScannedRequest): number {
  return model.contextTokens ?? TOKENS_A_CALL_MAX;
}

function picturesIn({ scan }: ScannedRequest): readonly Edit[] {
  return scan.images.map(({ source }) => ({ span: source.value, pieces: ['null'] }));
}

/** What the body without its pictures says of its cost; it is held only while it is looked at. */
function costFacts(request: ScannedRequest): CostFacts | { readonly fault: Fault } {
  const { body, reservation } = request;
  const textBytes = textBytesOf(request);
  // Bytes, text of up to two bytes a character, and values made of it.
  const held = textBytes * 5;
  try {
    reservation.grow(held);
  } catch (error) {
    if (error instanceof Fault) return { fault: error };
    throw error;
  }
  try {
    const bytes = new Uint8Array(textBytes);
    let at = 0;
    for (const chunk of splice(body, picturesIn(request))) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    const repeated = repeatedName(bytes, COST_NAMES);
    if (repeated !== undefined) return { fault: unboundable(repeated, 'it is given twice in one object, and which of the two counts is not sure') };
    return costFactsOf(JSON.parse(new TextDecoder().decode(bytes)));
  } finally {
    reservation.grow(-held);
  }
}
