/** Every error leaves here: one form, from one table (RFC 9457), but Anthropic's where its API is spoken. */
import { envelopeAt } from '../contract/route.ts';
import { anthropicErrorResponse } from './anthropic-error.ts';
import type { AppContext, AppOptions } from './context.ts';
import { Fault, toProblem } from '../error.ts';

/** `onError` of the app: faults as they are; anything else is ours, logged by name and shown as a 500. */
export function problemHandler({ log }: AppOptions) {
  return (error: Error, c: AppContext): Response => {
    const fault = error instanceof Fault ? error : new Fault('internal', 'unexpected', { cause: error });
    const problem = toProblem(fault, c.get('requestId'), new URL(c.req.url).origin);
    const record = c.get('record');
    if (record !== undefined) record.code = fault.code;
    if (problem.status >= 500) {
      const cause = fault.cause instanceof Error ? fault.cause : undefined;
      // Name and stack hold code places, never request data.
      log({
        event: 'fault',
        level: 'error',
        request_id: c.get('requestId'),
        code: fault.code,
        cause: cause?.name,
        stack: fault.code === 'internal' ? cause?.stack?.split('\n').slice(1, 6).join(' ').slice(0, 800) : undefined,
      });
    }
    return envelopeAt(c.req.path) === 'anthropic' ? anthropicErrorResponse(c, fault) : problemResponse(c, problem, fault);
  };
}

/** The response for a problem, with `Retry-After` where waiting helps. */
export function problemResponse(c: AppContext, problem: { readonly status: number }, fault?: Fault): Response {
  const headers = new Headers(c.res.headers);
  headers.set('content-type', 'application/problem+json');
  headers.set('cache-control', 'no-store');
  if (fault?.retryAfterSeconds !== undefined) headers.set('retry-after', String(fault.retryAfterSeconds));
  return new Response(JSON.stringify(problem), { status: problem.status, headers });
}
