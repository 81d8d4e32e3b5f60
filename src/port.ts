/** Ports: what the pipeline needs of the world, said in its own words. `src/adapter/` has one file for each. */
import type { BudgetReservation, UsageRequest } from './core/budget/account.ts';
import type { Refusal } from './core/budget/budget.ts';
import type { LedgerRow } from './core/budget/ledger-row.ts';
import type { UsageReport, UsageSum } from './core/budget/usage.ts';
import type { CacheEntry } from './core/cache/entry.ts';
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

export interface ImageFetcher {
  /**
   * Fetches a public URL once, judged at every hop. At most `bytesMax` are read.
   * @throws invalid_request, url_forbidden, image_unfetchable, image_too_large
   */
  fetchImage(
    url: string,
    options: { readonly bytesMax: number; readonly param: string; readonly signal: AbortSignal; readonly account: (bytes: number) => void },
  ): Promise<HashedBytes>;
}

/** What the store knows of an original without reading it. */
export interface StoredImage {
  readonly imageId: string;
  readonly mediaType: ImageMediaType;
  readonly bytes: number;
  readonly width: number;
  readonly height: number;
  readonly orientation: number;
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
  /**
   * Stores an entry made from these pictures (SHA-256, hex, of the files). Never rejects: a cache that cannot be
   * written must not fail the request. Gives whether it was stored.
   */
  put(key: string, entry: CacheEntry, made: { readonly tenant: string; readonly from: readonly string[] }): Promise<boolean>;
  /** Removes every entry that was made from a picture. Gives how many there were. */
  purge(tenant: string, sha256: string): Promise<number>;
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

/** Money and image tokens: what each tenant may spend and has spent, and a line for each request. */
export interface Accounts {
  /**
   * Sets aside the most that a call may use, in the account of a tenant or of the deployment; gives what stands in the way.
   * @throws overloaded when the account cannot be asked
   */
  reserve(account: string, reservation: BudgetReservation): Promise<Refusal | undefined>;
  /**
   * Writes the row of a call, which gives back what was set aside for it. Never rejects. `isCapped`: the deployment's account has
   * set something aside, too.
   */
  settle(row: LedgerRow, options: { readonly isCapped: boolean }): Promise<void>;
  /** Writes the row of a request without a call, together with others, some time soon. Never rejects. */
  record(row: LedgerRow): Promise<void>;
  /** Writes at once what `record` has gathered. */
  flush(): Promise<void>;
  /** Sums and budgets of an account; `too-many` when they make more than `USAGE_GROUPS_MAX` groups. */
  usage(account: string, request: UsageRequest): Promise<UsageReport | 'too-many'>;
  /** The row of a request, while it is kept. */
  find(account: string, requestId: string): Promise<LedgerRow | undefined>;
  /** Sums over all tenants since the deployment exists, by tenant (as `key`) and model: for metrics. */
  totals(nowMs: number): Promise<readonly UsageSum[]>;
}

export interface Clock {
  nowMs(): number;
}

export interface Ports {
  readonly fetcher: ImageFetcher;
  readonly images: ImageStore;
  readonly cache: DescriptionCache;
  readonly model: ModelClient;
  readonly codec: Codec;
  readonly ledger: MemoryLedger;
  readonly accounts: Accounts;
  readonly clock: Clock;
  /** Reads a whole body, and hashes it where the body itself is the image. */
  readBody(
    stream: ReadableStream<Uint8Array>,
    options: ReadOptions & { readonly isHashed: boolean },
  ): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly sha256?: string }>;
  /** SHA-256 of bytes or of UTF-8 text, 64 hex digits. */
  sha256(data: Uint8Array<ArrayBuffer> | string): Promise<string>;
}
