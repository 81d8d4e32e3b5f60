/** What every error document must be, whatever went wrong: RFC 9457 with the extension members of the contract. */
import { expect } from 'vitest';

/** The contract's table of codes and statuses, written out here and not read from the code. */
export const STATUSES: Readonly<Record<string, number>> = {
  invalid_request: 400,
  unauthorized: 401,
  budget_exceeded: 402,
  forbidden: 403,
  not_found: 404,
  idempotency_conflict: 409,
  body_too_large: 413,
  image_too_large: 413,
  unsupported_media_type: 415,
  image_undecodable: 422,
  image_unfetchable: 422,
  url_forbidden: 422,
  idempotency_mismatch: 422,
  model_refused: 422,
  model_truncated: 422,
  rate_limited: 429,
  internal: 500,
  upstream_error: 502,
  overloaded: 503,
  upstream_timeout: 504,
};

export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly param: string | null;
  readonly request_id: string;
  readonly retryable: boolean;
  readonly billed: boolean;
  readonly errors?: readonly { readonly param: string; readonly detail: string }[];
  /** The numbers of a `budget_exceeded`. */
  readonly budget?: Readonly<Record<string, unknown>>;
}

/** Checks every member of the document and the headers around it, and gives it for what is special about it. */
export async function expectProblem(response: Response, code: string): Promise<ProblemDocument> {
  const problem = (await response.json()) as ProblemDocument;
  expect(problem).toMatchObject({ code });
  expect(problem).toEqual({
    type: `https://vignette.test/docs/error/${code}`,
    title: expect.stringMatching(/^\S.*[^.]$/),
    status: STATUSES[code],
    detail: expect.stringMatching(/^\S[^]*[.!)]$/),
    code,
    param: problem.param === null ? null : expect.stringMatching(/^[^]{1,60}$/),
    request_id: expect.stringMatching(/^req_[0-9a-f]{32}$/),
    retryable: expect.any(Boolean),
    billed: expect.any(Boolean),
    ...(problem.errors === undefined ? {} : { errors: problem.errors }),
    ...(code === 'budget_exceeded' && problem.budget !== undefined ? { budget: problem.budget } : {}),
  });
  for (const fault of problem.errors ?? []) expect(fault).toEqual({ param: expect.stringMatching(/./), detail: expect.stringMatching(/^\S[^]*[.!]$/) });
  expect(response.status).toBe(STATUSES[code]);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(response.headers.get('x-request-id')).toBe(problem.request_id);
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  return problem;
}
