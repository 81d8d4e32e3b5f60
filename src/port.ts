/** Ports: what the pipeline needs of the world, said in its own words. `src/adapter/` has one file for each. */
import type { UrlAlias } from './core/cache/alias.ts';
import type { Derived, DerivedRow } from './core/cache/derived.ts';
import type { CacheEntry } from './core/cache/entry.ts';
import type { OriginHeaders, Validators } from './core/cache/freshness.ts';
import type { ImageInfo } from './core/image/info.ts';
import type { ImageMediaType } from './core/image/media-type.ts';
import type { Message } from './core/message/answer.ts';
import type { MessageRequest } from './core/message/request.ts';
import type { Plan } from './core/vision/plan.ts';

/** A picture's bytes with their SHA-256 (64 hex digits), computed while they came in. */
export interface HashedBytes {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly sha256: string;
}

/** How a stream of unknown length is read. */
export interface ReadOptions {
  /** Reading stops at the first byte beyond. */
  readonly bytesMax: number;
  /** Longest silence between two chunks. */
  readonly idleTimeoutMs: number;
  /** What the sender announced; a hint for the first allocation, and a promise to be held to. */
  readonly declaredBytes: number | undefined;
  readonly signal: AbortSignal;
  /** What to throw when it goes wrong. */
  readonly fault: (reason: 'too-large' | 'silent' | 'short') => Error;
  /** Told of every buffer before it is made, and (negative) after it is given up. */
  readonly account: (bytes: number) => void;
}

export interface FetchOptions {
  readonly bytesMax: number;
  readonly param: string;
  readonly signal: AbortSignal;
  readonly account: (bytes: number) => void;
  /** Asks only whether the picture has changed, where the address leads to the one that gave these. */
  readonly validators?: Validators | undefined;
}

/** What an address gave. `hops`: what each redirect, and at last the answer, said about keeping it; `from`: SHA-256 of the last address. */
export type Fetched = ({ readonly kind: 'image' } & HashedBytes & FetchedFrom) | ({ readonly kind: 'not-modified' } & FetchedFrom);

export interface FetchedFrom {
  readonly hops: readonly OriginHeaders[];
  readonly from: string;
}

export interface ImageFetcher {
  /**
   * Fetches a public URL once, judged at every hop. At most `bytesMax` are read. `not-modified` comes only with validators.
   * @throws invalid_request, url_forbidden, image_unfetchable, image_too_large
   */
  fetchImage(url: string, options: FetchOptions): Promise<Fetched>;
}

/** What addresses gave before. Reading and writing never reject: without it a picture is fetched again. */
export interface AliasStore {
  get(key: string): Promise<UrlAlias | undefined>;
  /** Gives whether it was stored. */
  put(alias: UrlAlias, ttlSeconds: number): Promise<boolean>;
  delete(key: string): Promise<void>;
}

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
  delete(tenant: string, imageId: string): Promise<void>;
}

export interface DescriptionCache {
  get(key: string): Promise<CacheEntry | undefined>;
  /** Never rejects: a cache that cannot be written must not fail the request. Gives whether it was stored. */
  put(key: string, entry: CacheEntry, ttlSeconds: number): Promise<boolean>;
  delete(key: string): Promise<void>;
}

/**
 * What was made from each picture of a tenant, and stands somewhere. Whoever writes asks for the generation first, notes what it
 * is going to write, and settles afterwards; `false` means that the picture was deleted meanwhile.
 */
export interface ImageIndex {
  generation(tenant: string, sha256: string): Promise<number>;
  note(tenant: string, sha256: string, generation: number, items: readonly Derived[], expiresAtMs: number | undefined): Promise<boolean>;
  settle(tenant: string, sha256: string, generation: number, items: readonly Derived[]): Promise<boolean>;
  /** Begins a deletion, and gives all that may stand somewhere. */
  begin(tenant: string, sha256: string): Promise<{ readonly generation: number; readonly rows: readonly DerivedRow[] }>;
  /** Ends it, when all of that is removed. */
  finish(tenant: string, sha256: string, generation: number): Promise<void>;
}

export interface ModelReply {
  readonly message: Message;
  /** The API's own request id, for support questions. */
  readonly upstreamRequestId: string | undefined;
}

export interface ModelClient {
  /** One answered call, with retries inside the deadline where nothing was billed. */
  createMessage(request: MessageRequest, options: { readonly signal: AbortSignal }): Promise<ModelReply>;
}

/** A picture brought to its planned size. */
export interface Transcoded {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly mediaType: ImageMediaType;
  /** Measured: the most bytes that buffers and WebAssembly memories held at once, the input file not counted. */
  readonly peakBytes: number;
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
}

export interface Codec {
  /** @throws image_undecodable, image_too_large */
  transcode(bytes: Uint8Array<ArrayBuffer>, info: ImageInfo, plan: Plan & { readonly kind: 'transcode' }): Promise<Transcoded>;
}

/** Bytes that requests of this isolate hold or plan to hold at once. */
export interface MemoryLedger {
  /** Waits for room within its patience. @throws overloaded, with `retryAfterSeconds` */
  reserve(bytes: number): Promise<Reservation>;
}

export interface Reservation {
  /** Adds to what is held, or gives back (negative). @throws overloaded */
  grow(bytes: number): void;
  release(): void;
}

export interface Clock {
  nowMs(): number;
}

export interface Ports {
  readonly fetcher: ImageFetcher;
  readonly images: ImageStore;
  readonly aliases: AliasStore;
  readonly cache: DescriptionCache;
  readonly index: ImageIndex;
  readonly model: ModelClient;
  readonly codec: Codec;
  readonly ledger: MemoryLedger;
  readonly clock: Clock;
  /** Reads a whole body, and hashes it where the body itself is the image. */
  readBody(
    stream: ReadableStream<Uint8Array>,
    options: ReadOptions & { readonly isHashed: boolean },
  ): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly sha256?: string }>;
  /** SHA-256 of bytes or of UTF-8 text, 64 hex digits. */
  sha256(data: Uint8Array<ArrayBuffer> | string): Promise<string>;
}
