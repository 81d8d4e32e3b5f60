/** Ports: what the pipeline needs of the world, said in its own words. `src/adapter/` has one file for each. */
import type { MessageEntry } from './core/cache/message-entry.ts';
import type { OriginHeaders, Validators } from './core/cache/freshness.ts';
import type { ImageInfo } from './core/image/info.ts';
import type { ImageMediaType } from './core/image/media-type.ts';
import type { Message } from './core/message/answer.ts';
import type { MessageRequest } from './core/message/request.ts';
import type { TraceHeaders } from './core/trace/trace-context.ts';
import type { Plan } from './core/vision/plan.ts';
import type { AliasStore, CachePurger, DescriptionCache, ImageIndex, ImageStore, NearDuplicateIndex } from './port/storage.ts';
import type { FilesApi, UploadedFiles } from './port/file.ts';
import type { Door } from './port/door.ts';
import type { Accounts } from './port/account.ts';
import type { FlightControl } from './port/flight.ts';
import type { IdempotencyStore } from './port/idempotency.ts';
import type { KeyStore } from './port/key.ts';

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

/** A request or an answer, as far as its body goes. */
export type HttpMessage = Pick<Request, 'body' | 'arrayBuffer'>;

/** How the body of a request is read. The platform breaks off by itself when the caller leaves. */
export interface BodyOptions extends Omit<ReadOptions, 'signal'> {
  /** For the whole body; then the reading ends with a `TimeoutError`. */
  readonly timeoutMs: number;
  /** Whether the body itself is the image. */
  readonly isHashed: boolean;
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

export interface MessageCache {
  get(key: string): Promise<MessageEntry | undefined>;
  /** Never rejects. Gives whether it was stored. */
  put(entry: MessageEntry, ttlSeconds: number): Promise<boolean>;
}

export interface ModelReply {
  readonly message: Message;
  /** The API's own request id, for support questions. */
  readonly upstreamRequestId: string | undefined;
}

export interface ModelClient {
  /** One answered call, with retries inside the deadline where nothing was billed. */
  createMessage(request: MessageRequest, options: { readonly signal: AbortSignal; readonly trace?: TraceHeaders }): Promise<ModelReply>;
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
  /**
   * `reservation`: holds `plan.peakBytes`; it grows when the planned standby has to decode. Without one there is no standby.
   * @throws image_undecodable, image_too_large, overloaded
   */
  transcode(
    bytes: Uint8Array<ArrayBuffer>,
    info: ImageInfo,
    plan: Plan & { readonly kind: 'transcode' },
    reservation?: Pick<Reservation, 'grow'>,
  ): Promise<Transcoded>;
  /** `sidePx`² gray pixels, upright and on white, whatever the picture's shape; `undefined` where it cannot be decoded. */
  thumbnail(bytes: Uint8Array<ArrayBuffer>, info: ImageInfo, sidePx: number): Uint8Array | undefined;
}

/** Bytes that requests of this isolate hold or plan to hold at once. */
export interface MemoryLedger {
  /**
   * Waits for room within its patience. `isJob`: for work that computes, of which only a few run at once.
   * @throws overloaded, with `retryAfterSeconds`
   */
  reserve(bytes: number, options?: { readonly isJob?: boolean }): Promise<Reservation>;
}

export interface Reservation {
  /** Adds to what is held, or gives back (negative). @throws overloaded */
  grow(bytes: number): void;
  release(): void;
}

/** Sheds floods, roughly and without cost; exact limits are the accounts'. */
export interface BurstLimiter {
  /** Whether one more of this subject is fine. Never rejects: what cannot be counted is let through. */
  allows(subject: string): Promise<boolean>;
}

/** What a provider of the Messages API takes; the plan of a relayed request follows it. */
export interface UpstreamLimits {
  /** Kinds of image source. */
  readonly sources: readonly ('base64' | 'url' | 'file')[];
  /** Characters of base64 text an image may have. */
  readonly base64CharactersMax: number;
  /** Bytes of a request body. */
  readonly bodyBytesMax: number;
  /** Image blocks a request, where the provider holds fewer than the model. */
  readonly imagesMax?: number;
  /** Whether `transformations: {oversized_image: "error"}` is known there. */
  readonly supportsOversizedGuard: boolean;
}

/** A caller's own credential of the provider, passed on for one request; never stored, never logged. */
export interface CallerCredential {
  readonly kind: 'x-api-key' | 'bearer';
  readonly value: string;
}

export interface UpstreamCall {
  readonly path: 'messages' | 'messages/count_tokens';
  /** The query string to pass on, with its question mark: Anthropic's clients mark beta calls with `?beta=true`. */
  readonly query?: string;
  /** Only what is to be passed on (`anthropic-*`, some of `cf-aig-*`, `content-type`, `accept`); credentials are the adapter's. */
  readonly headers: Headers;
  readonly body: ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer>;
  /** Exact length of `body`. */
  readonly bodyBytes: number;
  /** `model` and `stream` of the body, for providers that have them in the address. */
  readonly model: string;
  readonly isStream: boolean;
  /** Takes the place of the deployment's own key. */
  readonly credential?: CallerCredential;
  readonly signal: AbortSignal;
}

/** The Messages API as raw HTTP: bodies pass through as they are. */
export interface MessagesUpstream {
  readonly limits: UpstreamLimits;
  /**
   * One request, no retry. Gives the provider's response as it is: any status, all headers, the body as a stream.
   * @throws upstream_error (no connection), upstream_timeout (no response in time)
   */
  send(call: UpstreamCall): Promise<Response>;
}

export interface Clock {
  nowMs(): number;
}

/** Opens a span under that of the request; the result ends it. */
export type StartSpan = (name: string) => () => void;

/** The platform's own traces. */
export interface Tracer {
  /** Marks the request's trace, so that it is found from a log line; `undefined` when this request is not sampled. */
  begin(attributes: Readonly<Record<string, string>>): StartSpan | undefined;
}

export interface Ports {
  readonly fetcher: ImageFetcher;
  readonly images: ImageStore;
  readonly aliases: AliasStore;
  readonly cache: DescriptionCache;
  readonly index: ImageIndex;
  readonly purge: CachePurger;
  readonly near: NearDuplicateIndex;
  readonly messages: MessageCache;
  readonly flights: FlightControl;
  readonly idempotency: IdempotencyStore;
  readonly model: ModelClient;
  readonly upstream: MessagesUpstream;
  /** Absent where the provider has no Files API. */
  readonly files?: FilesApi;
  /** Absent where `files` is. */
  readonly uploads?: UploadedFiles;
  readonly codec: Codec;
  readonly ledger: MemoryLedger;
  readonly door: Door;
  readonly keys: KeyStore;
  readonly accounts: Accounts;
  /** Floods of unknown keys, by network; floods of a limited key, by its id. */
  readonly bursts: { readonly network: BurstLimiter; readonly key: BurstLimiter };
  readonly clock: Clock;
  readonly tracer: Tracer;
  /** Reads a whole body, and hashes it where the body itself is the image. */
  readBody(message: HttpMessage, options: BodyOptions): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly sha256?: string }>;
  /** SHA-256 of bytes or of UTF-8 text, 64 hex digits. */
  sha256(data: Uint8Array<ArrayBuffer> | string): Promise<string>;
}
