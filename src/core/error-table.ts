/** The error table: what each code of the union means on the wire. Pages: `src/http/error-page.ts`. */
import type { ErrorCode } from './fault.ts';

export interface ErrorEntry {
  readonly status: 400 | 401 | 402 | 403 | 404 | 409 | 413 | 415 | 422 | 429 | 500 | 502 | 503 | 504;
  readonly title: string;
  readonly retryable: boolean;
}

/** One row a code; the single place where a status is decided. */
export const ERROR_TABLE: Readonly<Record<ErrorCode, ErrorEntry>> = {
  invalid_request: { status: 400, title: 'The request is not valid', retryable: false },
  unauthorized: { status: 401, title: 'A valid API key is needed', retryable: false },
  budget_exceeded: { status: 402, title: 'The budget does not cover this call', retryable: false },
  forbidden: { status: 403, title: 'This key may not do that', retryable: false },
  not_found: { status: 404, title: 'There is no such thing here', retryable: false },
  idempotency_conflict: { status: 409, title: 'A request with this idempotency key came before, and its answer is not there', retryable: true },
  body_too_large: { status: 413, title: 'The request body is too large', retryable: false },
  image_too_large: { status: 413, title: 'The image is too large', retryable: false },
  unsupported_media_type: { status: 415, title: 'This media type is not supported', retryable: false },
  image_undecodable: { status: 422, title: 'The image cannot be decoded', retryable: false },
  image_unfetchable: { status: 422, title: 'The image could not be fetched', retryable: true },
  url_forbidden: { status: 422, title: 'This URL may not be fetched', retryable: false },
  idempotency_mismatch: { status: 422, title: 'The idempotency key was used for another request', retryable: false },
  rate_limited: { status: 429, title: 'Too many requests', retryable: true },
  model_refused: { status: 422, title: 'The model declined to answer', retryable: false },
  model_truncated: { status: 422, title: 'The model ran out of output tokens', retryable: false },
  upstream_error: { status: 502, title: 'The Claude API gave an error', retryable: true },
  overloaded: { status: 503, title: 'Overloaded', retryable: true },
  upstream_timeout: { status: 504, title: 'The Claude API did not answer in time', retryable: true },
  internal: { status: 500, title: 'Internal error', retryable: true },
};
