/** Answers of relayed requests that are kept, for callers who ask for that. */
import { MESSAGE_PREFIX, type MessageEntry, messageEntryFor } from '../../core/cache/message-entry.ts';
import { Fault } from '../../core/fault.ts';
import { canonicalText } from '../../core/relay/canonical.ts';
import { isManyImageRequest } from '../../core/relay/plan.ts';
import type { ImageBlock } from '../../core/relay/scan.ts';
import type { Context } from '../context.ts';
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
  const header = (name: string) => request.headers.find(([candidate]) => candidate === name)?.[1] ?? '';
  const sizing = isSent || images.length === 0 ? 'sent' : `${request.model.tier}${isManyImageRequest(images.length) ? ' many' : ''}`;
  const text = canonicalText({ tenant, body: request.body, sources, sizing, version: header('anthropic-version'), betas: header('anthropic-beta') });
  return text === undefined ? undefined : MESSAGE_PREFIX + (await ports.sha256(text));
}

/** The entry, when the mode allows to answer from the cache and there is one. */
export async function lookUpMessage(key: string | undefined, { options }: ScannedRequest, { ports }: Context): Promise<MessageEntry | undefined> {
  return key === undefined || options.cache === 'refresh' ? undefined : ports.messages.get(key);
}

/** Keeps an answer under each of the keys, unless it is one that is never cached. Never rejects. */
export async function rememberMessage(
  keys: readonly (string | undefined)[],
  message: unknown,
  images: readonly IdentifiedImage[],
  { ports, tenant }: Context,
): Promise<void> {
  const from = images.flatMap(({ sha256 }) => (sha256 === undefined ? [] : [sha256]));
  for (const key of new Set(keys)) {
    const entry = key === undefined ? undefined : messageEntryFor(key, message, ports.clock.nowMs());
    if (entry !== undefined) await ports.messages.put(entry, { tenant, from });
  }
}

/** `only`, and there is nothing. */
export function noMessageCached(): Fault {
  return new Fault('not_found', 'No answer to this request is in the cache, and "x-vignette-cache: only" was asked. Leave it out to ask Claude.', {
    param: 'x-vignette-cache',
  });
}
