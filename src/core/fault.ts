/**
 * Every way in which a request can end other than well: one union, stable on the wire.
 * Status, title and retry advice stand in one table, `src/error.ts`; each code has a page at `/docs/error/<code>`, whose
 * text is in `src/http/error-page.ts`.
 */
export type ErrorCode =
  | 'invalid_request'
  | 'unauthorized'
  | 'budget_exceeded'
  | 'forbidden'
  | 'not_found'
  | 'idempotency_conflict'
  | 'body_too_large'
  | 'image_too_large'
  | 'unsupported_media_type'
  | 'image_undecodable'
  | 'image_unfetchable'
  | 'url_forbidden'
  | 'idempotency_mismatch'
  | 'rate_limited'
  | 'model_refused'
  | 'model_truncated'
  | 'upstream_error'
  | 'overloaded'
  | 'upstream_timeout'
  | 'internal';

/** One fault in one place of the request: `param` is a path such as `images.0.url`. */
export interface ParamFault {
  readonly param: string;
  readonly detail: string;
}

export interface FaultOptions {
  /** Path of the offending field, header or query parameter; absent when the whole request is meant. */
  readonly param?: string;
  /** All faults, when one request has several. */
  readonly errors?: readonly ParamFault[];
  /** Overrides the table, e.g. a rate limit that will not heal by waiting. */
  readonly retryable?: boolean;
  /** Whether Claude may have billed work for this request. Default false. */
  readonly billed?: boolean;
  /** Seconds after which a retry makes sense; becomes `Retry-After`. */
  readonly retryAfterSeconds?: number;
  /** Further members of the problem document, in wire names: numbers that a program may want to read. */
  readonly extension?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/**
 * The only error that is meant to reach a caller. `message` is public text: it names the value, the
 * bound and the remedy, and never holds secrets, stacks or bodies of others.
 */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly code: ErrorCode;
  readonly param: string | undefined;
  readonly errors: readonly ParamFault[];
  readonly retryable: boolean | undefined;
  readonly billed: boolean;
  readonly retryAfterSeconds: number | undefined;
  readonly extension: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, options: FaultOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.param = options.param;
    this.errors = options.errors ?? [];
    this.retryable = options.retryable;
    this.billed = options.billed ?? false;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.extension = options.extension ?? {};
  }

  /** The same fault, said of `param` (`image.url` → `images.3.url`); an own param stays. */
  at(param: string): Fault {
    if (this.param !== undefined) return this;
    return new Fault(this.code, this.message, {
      param,
      errors: this.errors,
      billed: this.billed,
      extension: this.extension,
      ...(this.retryable === undefined ? {} : { retryable: this.retryable }),
      ...(this.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: this.retryAfterSeconds }),
      cause: this.cause,
    });
  }
}
