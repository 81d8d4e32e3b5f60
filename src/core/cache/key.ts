/**
 * Cache keys. A key is the SHA-256 of a canonical text that holds everything which can change an answer, so
 * two requests share an entry only when their answers may be exchanged. Never a URL: its content can change.
 */
import { answerSchema, outputTokensMax } from '../message/request.ts';
import { PROMPT_VERSION, question, systemPrompt } from '../message/prompt.ts';
import type { DescribeRequest } from '../input/request.ts';
import type { Model } from '../vision/model.ts';
import type { TierName } from '../vision/tier.ts';

/** Raised when the entry's shape or the meaning of a key changes; old entries are then never met again. */
export const CACHE_PREFIX = 'description:v1:';

/** Raised when the pixels that we send for the same file change. */
const TRANSCODE_VERSION = 1;

export interface KeyParts {
  readonly tenant: string;
  /** SHA-256, hex, of the files as they came, or of the bytes that are sent; in order. */
  readonly imageHashes: readonly string[];
  readonly request: DescribeRequest;
  readonly model: Model;
  readonly tier: TierName;
}

/** The text whose SHA-256, in hex after `CACHE_PREFIX`, is the KV key (83 bytes; KV allows 512). */
export function cacheKeyText({ tenant, imageHashes, request, model, tier }: KeyParts): string {
  return JSON.stringify([
    ['tenant', tenant],
    ['images', imageHashes],
    ['transcode', TRANSCODE_VERSION, tier],
    ['model', request.model],
    ['max_tokens', outputTokensMax(request, model)],
    ['prompt', PROMPT_VERSION, systemPrompt(request), question(request)],
    ['schema', request.fields.length === 0 ? null : answerSchema(request)],
  ]);
}
