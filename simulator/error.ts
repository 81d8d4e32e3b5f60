/** The error types of the Messages API. Stable, unlike the wording of messages. */
export type ErrorType =
  | 'invalid_request_error'
  | 'authentication_error'
  | 'not_found_error'
  | 'request_too_large'
  | 'rate_limit_error'
  | 'api_error'
  | 'timeout_error'
  | 'overloaded_error';

const STATUS: Record<ErrorType, number> = {
  invalid_request_error: 400,
  authentication_error: 401,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  api_error: 500,
  timeout_error: 504,
  overloaded_error: 529,
};

/** What an error may carry beside its type and message. */
export interface ApiErrorExtras {
  /** Overrides the usual status of the type, for a 503 `api_error`. */
  readonly status?: number;
  /** `error.details`, where clients look for `error_code`. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** Response headers such as `retry-after`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer of the API that is an error; thrown anywhere, rendered once in the app. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly type: ErrorType;
  readonly status: number;
  readonly details: Readonly<Record<string, unknown>> | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(type: ErrorType, message: string, extras: ApiErrorExtras = {}) {
    super(message);
    this.type = type;
    this.status = extras.status ?? STATUS[type];
    this.details = extras.details;
    this.headers = { 'x-should-retry': String(heals(this.status, extras.headers)), ...extras.headers };
  }
}

/** Whether the same request may be answered later: a 429 without a time to wait is a spend cap, which waiting does not lift. */
function heals(status: number, headers: ApiErrorExtras['headers']): boolean {
  return status === 429 ? headers?.['retry-after'] !== undefined : status >= 500;
}

/** A 400 `invalid_request_error`. */
export function invalidRequest(message: string): ApiError {
  return new ApiError('invalid_request_error', message);
}

/** The error body that every failing route answers with, and that errored batch results hold. */
export function errorEnvelope(error: ApiError, requestId: string): Record<string, unknown> {
  const inner: Record<string, unknown> = { type: error.type, message: error.message };
  if (error.details !== undefined) inner['details'] = error.details;
  return { type: 'error', error: inner, request_id: requestId };
}
