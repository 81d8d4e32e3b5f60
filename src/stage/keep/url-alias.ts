/**
 * Addresses that gave a picture before. While the server's word holds, the picture is known without a request; afterwards the
 * server is asked whether it changed, through the same guard. What has changed is never answered from the old.
 */
import { aliasKey, type UrlAlias } from '../../core/keep/alias.ts';
import { freshnessOf, validatorsOf } from '../../core/keep/freshness.ts';
import { keepSeconds, keepsHashes } from '../../core/keep/keeping.ts';
import type { ImageInfo } from '../../core/image/info.ts';
import { checkImageUrl, type UrlPolicy } from '../../core/input/image-url.ts';
import type { CacheMode, ImageReference } from '../../core/input/request.ts';
import type { Fetched, HashedBytes } from '../../port/fetch.ts';
import type { Context } from '../session/context.ts';
import { openLineage } from './lineage.ts';

/** `use`: read and written; `renew`: written alone, since the bytes are wanted anyhow; `off`: neither. */
export type AliasUse = 'use' | 'renew' | 'off';

/** How a request of this cache mode treats addresses. */
export function aliasUse(cache: CacheMode): AliasUse {
  if (cache === 'bypass') return 'off';
  return cache === 'refresh' ? 'renew' : 'use';
}

/** An address that an alias vouched for holds another picture by now. The request has to begin anew without aliases. */
export class ImageChanged extends Error {
  override readonly name = 'ImageChanged';
}

/** What an address stands for: a file at hand, to be remembered once it has proved to be a picture; or one that is known without its bytes. */
export type Located =
  | ({ readonly kind: 'file'; readonly remember: (info: ImageInfo) => void } & HashedBytes)
  | { readonly kind: 'known'; readonly sha256: string; readonly info: ImageInfo };

export interface FetchLimits {
  readonly bytesMax: number;
  readonly account: (bytes: number) => void;
}

type UrlReference = ImageReference & { readonly kind: 'url' };

/**
 * The picture behind an address, with as little traffic as is right.
 * @throws invalid_request, url_forbidden, image_unfetchable, image_too_large
 */
export async function locateUrl(reference: UrlReference, use: AliasUse, policy: UrlPolicy, limits: FetchLimits, context: Context): Promise<Located> {
  const { ports, tenant } = context;
  if (use === 'off') return { kind: 'file', ...(await fetchFile(reference, limits, context)), remember: () => undefined };
  const key = aliasKey(tenant, await ports.sha256(checkImageUrl(reference.url, policy, reference.param).href));
  const alias = use === 'use' ? await context.stopwatch.time('alias', ports.aliases.get(key)) : undefined;
  const nowMs = ports.clock.nowMs();
  if (alias !== undefined && nowMs < alias.freshUntilMs) return { kind: 'known', sha256: alias.sha256, info: alias.info };
  const question = { ...limits, param: reference.param, signal: context.signal(), validators: alias?.validators };
  const fetched = await context.stopwatch.time('fetch', ports.fetcher.fetchImage(reference.url, question));
  if (fetched.kind === 'not-modified') {
    if (alias === undefined) throw new Error('an answer that nothing has changed, to a question that was not asked');
    keep(key, { sha256: alias.sha256, info: alias.info }, fetched, nowMs, alias, context);
    return { kind: 'known', sha256: alias.sha256, info: alias.info };
  }
  const { bytes, sha256 } = fetched;
  return { kind: 'file', bytes, sha256, remember: (info) => keep(key, { sha256, info }, fetched, nowMs, alias, context) };
}

/** The bytes of a picture that an alias vouched for. @throws ImageChanged; as `locateUrl` */
export async function fetchKnown(reference: UrlReference, sha256: string, limits: FetchLimits, context: Context): Promise<Uint8Array<ArrayBuffer>> {
  const file = await fetchFile(reference, limits, context);
  if (file.sha256 !== sha256) throw new ImageChanged();
  return file.bytes;
}

async function fetchFile({ url, param }: UrlReference, limits: FetchLimits, { ports, signal, stopwatch }: Context): Promise<HashedBytes> {
  const fetched = await stopwatch.time('fetch', ports.fetcher.fetchImage(url, { ...limits, param, signal: signal() }));
  if (fetched.kind !== 'image') throw new Error('an answer that nothing has changed, to a question that was not asked');
  return { bytes: fetched.bytes, sha256: fetched.sha256 };
}

/** Writes what the answer allows to keep, after the response; what it forbids is forgotten. */
function keep(
  key: string,
  { sha256, info }: Pick<UrlAlias, 'sha256' | 'info'>,
  { kind, hops, from }: Fetched,
  requestedAtMs: number,
  before: UrlAlias | undefined,
  context: Context,
): void {
  const { ports, caller, config, afterResponse } = context;
  const confirmed = kind === 'not-modified' ? before : undefined;
  const freshness = freshnessOf(hops, requestedAtMs, confirmed?.lifetimeSeconds);
  const last = hops.at(-1);
  const stated = last === undefined ? undefined : validatorsOf(last, from, requestedAtMs);
  // RFC 9111 §4.3.4: a 304 renews what it names and leaves the rest.
  const validators = stated ?? confirmed?.validators;
  if (!keepsHashes(caller) || freshness === undefined || (validators === undefined && freshness.freshUntilMs <= requestedAtMs)) {
    // One that stays for once does no harm: it is asked about before it is used.
    if (before !== undefined) afterResponse(ports.aliases.delete(key).catch(() => undefined));
    return;
  }
  const alias: UrlAlias = { key, sha256, info, ...freshness, ...(validators === undefined ? {} : { validators }) };
  // An unchanged picture without a lifetime of its own would be written anew on every request.
  if (freshness.lifetimeSeconds === 0 && confirmed !== undefined && JSON.stringify(confirmed.validators) === JSON.stringify(validators)) return;
  const ttlSeconds = keepSeconds(caller, config.cacheTtlSeconds);
  const writing = { write: () => ports.aliases.put(alias, ttlSeconds), remove: () => ports.aliases.delete(key), isCopy: kind === 'not-modified' };
  afterResponse(openLineage([sha256], [], context).keep([{ kind: 'alias', name: key }], requestedAtMs + ttlSeconds * 1000, writing));
}
