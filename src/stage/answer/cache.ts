/** Looking up and remembering answers. */
import type { CacheEntry, SentImage } from '../../core/cache/entry.ts';
import { answerPrefix, cacheKeyText, ownerOf } from '../../core/cache/key.ts';
import { keepSeconds, keepsResults } from '../../core/keep/keeping.ts';
import { Fault } from '../../core/fault.ts';
import type { CacheMode, DescribeRequest } from '../../core/input/request.ts';
import type { Answer } from '../../core/message/answer.ts';
import type { Model } from '../../core/vision/model.ts';
import type { Plan } from '../../core/vision/plan.ts';
import type { Context, Warning } from '../session/context.ts';
import type { IdentifiedImage } from '../picture/load.ts';
import { tierFor } from '../picture/plan.ts';
import { sentAsItIs } from '../picture/prepare.ts';
import { answerExpiryMs, type Lineage } from '../keep/lineage.ts';

/**
 * The key for pictures with these hashes, or `undefined` when one is unknown: what Claude fetches itself may
 * be another picture next time, so it is never cached.
 */
export async function cacheKey(
  request: DescribeRequest,
  model: Model,
  imageHashes: readonly (string | undefined)[],
  context: Context,
): Promise<string | undefined> {
  const known = imageHashes.filter((hash) => hash !== undefined);
  if (known.length !== imageHashes.length) return undefined;
  const owner = ownerOf(context.tenant, request);
  const text = cacheKeyText({ owner, imageHashes: known, request, model, tier: tierFor(request.detail, model) });
  return answerPrefix(owner) + (await context.ports.sha256(text));
}

/** The entry, when the mode allows to answer from the cache and there is one that is young enough, or may be older for now. */
export async function lookUp(
  key: string | undefined,
  request: Pick<DescribeRequest, 'cache' | 'maxAgeSeconds'>,
  { ports }: Context,
): Promise<CacheEntry | undefined> {
  if (key === undefined || request.cache === 'bypass' || request.cache === 'refresh') return undefined;
  const entry = await ports.cache.get(key);
  if (entry === undefined || request.cache === 'stale_while_revalidate') return entry;
  return isOlderThanAsked(entry, request, ports.clock.nowMs()) ? undefined : entry;
}

/** The mode for a second look-up: what is stale is worth an answer at once, but not after a picture was decoded for it. */
export function freshOnly(mode: CacheMode): CacheMode {
  return mode === 'stale_while_revalidate' ? 'default' : mode;
}

/** What an answer by a call of one's own is named by: the mode that made it necessary, or the cache that had nothing. */
export function calledStatus(mode: CacheMode, key: string | undefined): 'miss' | 'bypass' | 'refresh' {
  if (key === undefined || mode === 'bypass') return 'bypass';
  return mode === 'refresh' ? 'refresh' : 'miss';
}

/** Whether an entry is older than the request wants its answers to be. */
export function isOlderThanAsked(
  entry: Pick<CacheEntry, 'createdAtSeconds'>,
  { maxAgeSeconds }: Pick<DescribeRequest, 'maxAgeSeconds'>,
  nowMs: number,
): boolean {
  return maxAgeSeconds !== undefined && Math.floor(nowMs / 1000) - entry.createdAtSeconds > maxAgeSeconds;
}

/** An entry without what depends on the key and the pictures; `warnings` are those of the codec. */
export function entryFor(answer: Answer, warnings: readonly Warning[], costUsd: number | undefined, nowMs: number): Omit<CacheEntry, 'key' | 'sent'> {
  return {
    createdAtSeconds: Math.floor(nowMs / 1000),
    descriptions: answer.descriptions.map((description) => ({ ...description })),
    ...(answer.answer === undefined ? {} : { answer: answer.answer }),
    stopReason: answer.stopReason,
    warnings: warningsFor(warnings),
    ...(costUsd === undefined ? {} : { costUsd }),
  };
}

/** Warnings as an entry holds them. */
export function warningsFor(warnings: readonly Warning[]): CacheEntry['warnings'] {
  return warnings.map(({ code, message, image }) => ({ code, message, ...(image === undefined ? {} : { image }) }));
}

/**
 * Writes an entry under each of the keys, after the response if need be; the promise ends when it stands there. `isCopy`: it was
 * found, not made.
 */
export function remember(
  keys: readonly (string | undefined)[],
  entry: Omit<CacheEntry, 'key' | 'sent'>,
  lineage: Lineage | undefined,
  sent: readonly (SentImage | undefined)[],
  context: Context,
  isCopy = false,
): Promise<unknown> {
  const { ports, caller, config, afterResponse } = context;
  const known = sent.filter((image) => image !== undefined);
  const names = [...new Set(keys)].filter((key) => key !== undefined);
  if (lineage === undefined || known.length !== sent.length || names.length === 0 || !keepsResults(caller)) return Promise.resolve();
  const ttlSeconds = keepSeconds(caller, config.cacheTtlSeconds);
  const stored = lineage.keep(
    names.map((name) => ({ kind: 'answer', name })),
    answerExpiryMs(context),
    {
      write: async () => (await Promise.all(names.map((key) => ports.cache.put(key, { ...entry, key, sent: known }, ttlSeconds)))).includes(true),
      remove: () => Promise.all(names.map((key) => ports.cache.delete(key))),
      isCopy,
    },
  );
  afterResponse(stored);
  return stored;
}

/** What Claude saw when the answer was made: known from the entry, or from the file where it went out unchanged. */
export function sentOnHit(entry: CacheEntry, images: readonly IdentifiedImage[], plans: readonly (Plan | undefined)[]): readonly (SentImage | undefined)[] {
  return images.map((image, index) => {
    const plan = plans[index];
    return image.kind === 'bytes' && plan !== undefined && plan.kind !== 'transcode'
      ? { ...sentAsItIs(image, plan), ...sourceOf(entry.sent[index]) }
      : entry.sent[index];
  });
}

function sourceOf(sent: SentImage | undefined): Pick<SentImage, 'source'> {
  return sent?.source === undefined ? {} : { source: sent.source };
}

/** RFC 9111 §5.2.1.7: `only-if-cached` without an entry is a 504; here it is a plain 404, since nothing upstream failed. */
export function notCached(): Fault {
  return new Fault('not_found', 'No description of this image for this request is in the cache, and "cache": "only" was asked. Leave it out to ask Claude.', {
    param: 'cache',
  });
}
