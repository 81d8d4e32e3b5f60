/**
 * Cache keys. A key is the SHA-256 of a canonical text that holds everything which can change an answer, so
 * two requests share an entry only when their answers may be exchanged. Never a URL: its content can change.
 */
import { answerSchema, outputTokensMax } from '../message/request.ts';
import { isStructured, question, systemPrompt } from '../message/prompt.ts';
import type { DescribeRequest } from '../input/request.ts';
import { CACHE_PREFIX, IMAGE_PREFIX, TRANSCODE_VERSION } from '../stored/version.ts';
import type { Model } from '../vision/model.ts';
import type { TierName } from '../vision/tier.ts';

/** Owner of what tenants share. No tenant has this name, since theirs hold no `@`. */
const PUBLIC_OWNER = '@public';

/** Stands in every key so far. The words beside it tell one prompt from another, so that it never has to change. */
const PROMPT_MARK = 1;

export interface KeyParts {
  /** Whose answer it is, by `ownerOf`. */
  readonly owner: string;
  /** SHA-256, hex, of the files as they came, or of the bytes that are sent; in order. */
  readonly imageHashes: readonly string[];
  readonly request: DescribeRequest;
  readonly model: Model;
  readonly tier: TierName;
}

/** Whose an answer is: the tenant's, or everybody's where the request shares it. */
export function ownerOf(tenant: string, { scope }: Pick<DescribeRequest, 'scope'>): string {
  return scope === 'public' ? PUBLIC_OWNER : tenant;
}

/** Prefix of all KV keys of an owner's answers; the SHA-256 of `cacheKeyText` in hex makes one (144 bytes; KV allows 512). */
export function answerPrefix(owner: string): string {
  return `${CACHE_PREFIX}${owner}:`;
}

/** The R2 key of an original: the tenant comes first, so that no id of one reaches an object of another. */
export function imageKey(tenant: string, sha256: string): string {
  return `${IMAGE_PREFIX}${tenant}/${sha256}`;
}

/** The text that holds everything an answer depends on. */
export function cacheKeyText({ owner, imageHashes, request, model, tier }: KeyParts): string {
  return JSON.stringify([
    ['owner', owner],
    ['images', imageHashes],
    ['transcode', TRANSCODE_VERSION, tier],
    ['model', request.model],
    ['max_tokens', outputTokensMax(request, model)],
    ['prompt', PROMPT_MARK, systemPrompt(request), question(request)],
    ['schema', isStructured(request) ? answerSchema(request) : null],
  ]);
}
