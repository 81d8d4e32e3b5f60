/** What each code is under `/v1/messages` and `/v1/files`: the statuses and types that Anthropic's clients know. */
import type { ErrorCode } from '../core/fault.ts';

/** The types of the Messages API ("Errors", and `ErrorType` of its TypeScript client). */
type AnthropicErrorType =
  | 'invalid_request_error'
  | 'authentication_error'
  | 'billing_error'
  | 'permission_error'
  | 'not_found_error'
  | 'conflict_error'
  | 'request_too_large'
  | 'rate_limit_error'
  | 'api_error'
  | 'timeout_error'
  | 'overloaded_error';

export interface AnthropicEntry {
  readonly status: 400 | 401 | 402 | 403 | 404 | 409 | 413 | 429 | 500 | 502 | 504 | 529;
  readonly type: AnthropicErrorType;
}

const INVALID: AnthropicEntry = { status: 400, type: 'invalid_request_error' };

/**
 * One row a code. Whatever is wrong with an image is a 400 there, a file that is not there a 404, and only a whole body is "too large". Clients try
 * 408, 409, 429 and 5xx again; 402 they do not, as is right for a budget.
 */
export const ANTHROPIC_ERRORS: Readonly<Record<ErrorCode, AnthropicEntry>> = {
  invalid_request: INVALID,
  unauthorized: { status: 401, type: 'authentication_error' },
  budget_exceeded: { status: 402, type: 'billing_error' },
  forbidden: { status: 403, type: 'permission_error' },
  not_found: { status: 404, type: 'not_found_error' },
  idempotency_conflict: { status: 409, type: 'conflict_error' },
  body_too_large: { status: 413, type: 'request_too_large' },
  image_too_large: INVALID,
  unsupported_media_type: INVALID,
  image_undecodable: INVALID,
  image_unfetchable: INVALID,
  url_forbidden: INVALID,
  idempotency_mismatch: INVALID,
  rate_limited: { status: 429, type: 'rate_limit_error' },
  model_refused: INVALID,
  model_truncated: INVALID,
  upstream_error: { status: 502, type: 'api_error' },
  overloaded: { status: 529, type: 'overloaded_error' },
  upstream_timeout: { status: 504, type: 'timeout_error' },
  internal: { status: 500, type: 'api_error' },
};
