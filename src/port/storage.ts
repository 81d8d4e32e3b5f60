/** Ports of what is kept: originals, answers, addresses, and the indexes that lead from a picture to all of it. */
import type { UrlAlias } from '../core/keep/alias.ts';
import type { Derived, DerivedRow, Opened } from '../core/keep/derived.ts';
import type { CacheEntry } from '../core/cache/entry.ts';
import type { MessageEntry } from '../core/cache/message-entry.ts';
import type { Looks, Nearest, NearRow } from '../core/cache/near-duplicate.ts';
import type { Purge } from '../core/cache/purge.ts';
import type { ImageInfo } from '../core/image/info.ts';
import type { HashedBytes } from './fetch.ts';

/** What the store knows of an original without reading it. */
export interface StoredImage {
  readonly imageId: string;
  readonly info: ImageInfo;
  /** Milliseconds since 1970. */
  readonly uploadedAtMs: number;
}

export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

export interface ImageStore {
  /** Writes an original unless it is there already. `isNew` is false when it was. */
  put(tenant: string, image: HashedBytes, info: ImageInfo): Promise<{ readonly isNew: boolean }>;
  head(tenant: string, imageId: string): Promise<StoredImage | undefined>;
  /** The whole file, in memory. */
  read(tenant: string, imageId: string): Promise<HashedBytes | undefined>;
  /** The file, or a range of it, as a stream. */
  open(tenant: string, imageId: string, range?: ByteRange): Promise<ReadableStream | undefined>;
  /** By the key under which it stands (`imageKey`). */
  delete(key: string): Promise<void>;
}

export interface DescriptionCache {
  get(key: string): Promise<CacheEntry | undefined>;
  /** Never rejects: a cache that cannot be written must not fail the request. Gives whether it was stored. */
  put(key: string, entry: CacheEntry, ttlSeconds: number): Promise<boolean>;
  delete(key: string): Promise<void>;
}

export interface MessageCache {
  get(key: string): Promise<MessageEntry | undefined>;
  /** Never rejects. Gives whether it was stored. */
  put(entry: MessageEntry, ttlSeconds: number): Promise<boolean>;
}

/**
 * What was made from each picture of a tenant, and stands somewhere. Whoever writes opens the picture first, notes what it is
 * going to write, and settles afterwards; `false` means that the picture was deleted meanwhile, or that the index cannot be
 * reached. None rejects but those of a deletion.
 */
export interface ImageIndex {
  /** Notes what may come to be, before the work on it begins. Gives the generation under which it may be written. */
  open(tenant: string, sha256: string, items: readonly Derived[], expiresAtMs: number | undefined): Promise<Opened>;
  note(tenant: string, sha256: string, generation: number, items: readonly Derived[], expiresAtMs: number | undefined): Promise<boolean>;
  settle(tenant: string, sha256: string, generation: number, items: readonly Derived[]): Promise<boolean>;
  /** The file of a group in the Files API that lives longest, if it lives beyond `untilMs`. */
  findFile(tenant: string, sha256: string, group: string, untilMs: number): Promise<DerivedRow | undefined>;
  /** Forgets rows with these names or references: what they name is gone. */
  drop(tenant: string, sha256: string, names: readonly string[]): Promise<void>;
  /** Begins a deletion, and gives all that may stand somewhere. */
  begin(tenant: string, sha256: string): Promise<{ readonly generation: number; readonly rows: readonly DerivedRow[] }>;
  /** Ends it, when all of that is removed. */
  finish(tenant: string, sha256: string, generation: number): Promise<void>;
}

/** What addresses gave before. Reading and writing never reject: without it a picture is fetched again. */
export interface AliasStore {
  get(key: string): Promise<UrlAlias | undefined>;
  /** Gives whether it was stored. */
  put(alias: UrlAlias, ttlSeconds: number): Promise<boolean>;
  delete(key: string): Promise<void>;
}

/** Deletes a page of cached entries. Gives their keys, and where the next page begins. @throws invalid_request (the cursor) */
export type CachePurger = (purge: Purge) => Promise<{ readonly names: readonly string[]; readonly cursor: string | undefined }>;

/** Pictures by their looks. `group`: a tenant and a question. Finding and adding never reject. */
export interface NearDuplicateIndex {
  find(group: string, looks: Looks, distanceMax: number): Promise<Nearest | undefined>;
  add(group: string, row: NearRow): Promise<boolean>;
  remove(group: string, sha256: string): Promise<void>;
}
