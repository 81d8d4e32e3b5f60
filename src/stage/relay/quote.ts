/** What a relayed request may use and cost at most: said by an estimate, set aside by whoever makes the call. */
import { Fault } from '../../core/fault.ts';
import { PRESET_TOOL_TOKENS_MAX } from '../../core/relay/cost-facts.ts';
import { type Edit, splicedBytes } from '../../core/json/splice.ts';
import { textTokensMax } from '../../core/vision/cost.ts';
import { TOKENS_A_CALL_MAX } from '../../core/vision/limit.ts';
import { TIERS } from '../../core/vision/tier.ts';
import type { CallBound } from '../money/quote.ts';
import { type Bounds, boundsOf, unboundedFault } from './bounded.ts';
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
  const bounds = tryBounds(request);
  if ('fault' in bounds) return bounds;
  const { facts, unbounded } = bounds;
  if (unbounded.length > 0) return { fault: unboundedFault(unbounded, 'a budget in US$') };
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

function tryBounds(request: ScannedRequest): Bounds | { readonly fault: Fault } {
  try {
    return boundsOf(request);
  } catch (error) {
    if (error instanceof Fault) return { fault: error };
    throw error;
  }
}

/** No answer is longer, whatever "max_tokens" says. */
function contextTokensOf({ model }: ScannedRequest): number {
  return model.contextTokens ?? TOKENS_A_CALL_MAX;
}

function picturesIn({ scan }: ScannedRequest): readonly Edit[] {
  return scan.images.map(({ source }) => ({ span: source.value, pieces: ['null'] }));
}
