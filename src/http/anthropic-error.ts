/** Errors under `/v1/messages` and `/v1/files` in Anthropic's own envelope, so that its clients throw what their users already catch. */
import { ANTHROPIC_ERRORS } from '../contract/anthropic-error.ts';
import { type Fault, toProblem } from '../error.ts';
import type { AppContext } from './context.ts';

/** The response for a fault. Our own code stands where clients look for one, `error.details.error_code`, and the numbers of a budget beside it. */
export function anthropicErrorResponse(c: AppContext, fault: Fault): Response {
  const requestId = c.get('requestId');
  const problem = toProblem(fault, requestId, new URL(c.req.url).origin);
  const { status, type } = ANTHROPIC_ERRORS[fault.code];
  const error = {
    type,
    message: problem.detail,
    details: { error_code: fault.code, param: problem.param, billed: problem.billed, documentation_url: problem.type, ...fault.extension },
  };
  const headers = new Headers(c.res.headers);
  headers.set('content-type', 'application/json');
  headers.set('cache-control', 'no-store');
  headers.set('request-id', requestId);
  if (fault.retryAfterSeconds !== undefined) headers.set('retry-after', String(fault.retryAfterSeconds));
  if (fault.retryable !== undefined) headers.set('x-should-retry', String(fault.retryable));
  return new Response(JSON.stringify({ type: 'error', error, request_id: requestId }), { status, headers });
}
