/** Answers of relayed requests that are kept, for callers who ask for that. */
import { keepSeconds, keepsResults } from '../../core/keep/keeping.ts';
import { type MessageEntry, messageEntryFor, messagePrefix } from '../../core/cache/message-entry.ts';
import { Fault } from '../../core/fault.ts';
import { canonicalText } from '../../core/relay/canonical.ts';
import { isManyImageRequest } from '../../core/relay/plan.ts';
import type { ImageBlock } from '../../core/relay/scan.ts';
import type { Context } from '../session/context.ts';
import { type Lineage, openLineage } from '../keep/lineage.ts';
import type { IdentifiedImage } from './identify.ts';
import type { ScannedRequest } from './request.ts';

/** The hash of an image as it came, or as it is sent. */
export interface HashedBlock {
  readonly block: ImageBlock;
  readonly sha256: string | undefined;
}

/**
 * The key of a request, or `undefined` when it has none: the cache was not asked for, an image is not known here, or
 * the text is too long. `isSent`: the hashes are of what is sent, so how it was sized no longer matters.
 */
export async function messageKey(
  request: ScannedRequest,
  images: readonly HashedBlock[],
  isSent: boolean,
  { ports, tenant }: Context,
): Promise<string | undefined> {
  if (request.options.cache === 'bypass' || request.path !== 'messages') return undefined;
  const sources = images.flatMap(({ block, sha256 }) => (sha256 === undefined ? [] : [{ span: block.source.value, sha256 }]));
  if (sources.length !== images.length) return undefined;
  const sizing = isSent || images.length === 0 ? 'sent' : `${request.model.tier}${isManyImageRequest(images.length) ? ' many' : ''}`;
  const text = canonicalText({ tenant, body: request.body, sources, sizing, headers: request.headers });
  return text === undefined ? undefined : messagePrefix(tenant) + (await ports.sha256(text));
}

/** The entry, when the mode allows to answer from the cache and there is one. */
export async function lookUpMessage(key: string | undefined, { options }: ScannedRequest, { ports }: Context): Promise<MessageEntry | undefined> {
  return key === undefined || options.cache === 'refresh' ? undefined : ports.messages.get(key);
}

/** Opens the lineage of a request's pictures, where its answer may be kept. */
export function openMessageLineage(key: string | undefined, images: readonly IdentifiedImage[], context: Context): Lineage | undefined {
  if (key === undefined || !keepsResults(context.caller)) return undefined;
  return openLineage(
    images.flatMap((image) => (image.kind === 'known' ? image.sha256 : image.from) ?? []),
    [key],
    context,
  );
}

/** Keeps an answer under each of the keys, unless it is one that is never cached. `isCopy`: it was found, not made. Never rejects. */
export async function rememberMessage(
  keys: readonly (string | undefined)[],
  message: unknown,
  { asked }: Pick<ScannedRequest, 'asked'>,
  lineage: Lineage | undefined,
  { ports, caller, config }: Context,
  isCopy = false,
): Promise<void> {
  const names = [...new Set(keys)].filter((key) => key !== undefined);
  const entries = names.flatMap((key) => messageEntryFor(key, message, asked, ports.clock.nowMs()) ?? []);
  if (lineage === undefined || entries.length === 0) return;
  const ttlSeconds = keepSeconds(caller, config.cacheTtlSeconds);
  await lineage.keep(
    entries.map(({ key: name }) => ({ kind: 'answer', name })),
    ports.clock.nowMs() + ttlSeconds * 1000,
    {
      write: async () => (await Promise.all(entries.map((entry) => ports.messages.put(entry, ttlSeconds)))).includes(true),
      remove: () => Promise.all(entries.map(({ key }) => ports.cache.delete(key))),
      isCopy,
    },
  );
}

/** `only`, and there is nothing. */
export function noMessageCached(): Fault {
  return new Fault('not_found', 'No answer to this request is in the cache, and "x-vignette-cache: only" was asked. Leave it out to ask Claude.', {
    param: 'x-vignette-cache',
  });
}
