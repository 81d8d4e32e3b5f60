/** Ports for bytes that come in: bodies of requests and answers, and pictures at public addresses. */
import type { OriginHeaders, Validators } from '../core/keep/freshness.ts';

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
