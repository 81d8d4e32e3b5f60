import { ApiError } from './error.ts';
import type { Fault } from './fault.ts';
import { FLUSH_MS } from './limit.ts';

const HTML = '<!doctype html><html><head><title>Not the API</title></head><body><h1>Not the API</h1><p>Simulated page of a proxy.</p></body></html>';

/** The API error that a fault stands for; `undefined` for faults of another kind. */
export function faultError(fault: Fault): ApiError | undefined {
  const headers = retryAfter(fault.retryAfterSeconds);
  switch (fault.kind) {
    case 'rate_limit':
      return new ApiError('rate_limit_error', "This request would exceed your account's rate limit. Please try again later.", {
        headers: retryAfter(fault.retryAfterSeconds ?? 1),
      });
    case 'spend_cap':
      return new ApiError('rate_limit_error', 'You have reached your specified API usage limits.');
    case 'overloaded':
      return new ApiError('overloaded_error', 'Overloaded', { headers });
    case 'internal':
      return new ApiError('api_error', 'Internal server error', { headers });
    case 'unavailable':
      return new ApiError('api_error', 'Service unavailable', { status: 503, headers });
    case 'timeout':
      return new ApiError('timeout_error', 'Request timed out', { headers });
    default:
      return undefined;
  }
}

function retryAfter(seconds: number | undefined): Record<string, string> {
  return seconds === undefined ? {} : { 'retry-after': String(seconds) };
}

/** The response that a fault gives in place of the API's own; `undefined` for faults of another kind. */
export function faultResponse(fault: Fault): Response | undefined {
  switch (fault.kind) {
    case 'html':
      return new Response(HTML, { status: fault.status, headers: { 'content-type': 'text/html; charset=utf-8' } });
    case 'malformed_body':
      return new Response('{"type": "message", "content": [', {
        headers: { 'content-type': 'application/json' },
      });
    default:
      return undefined;
  }
}

/** Breaks a JSON answer halfway: `reset` with a broken connection, `truncated` with a clean end. */
export function breakBody(body: string, kind: 'reset' | 'truncated', sleep: (ms: number) => Promise<void>): ReadableStream<Uint8Array> {
  const half = new TextEncoder().encode(body).subarray(0, Math.ceil(body.length / 2));
  let isSent = false;
  return new ReadableStream({
    async pull(controller) {
      if (!isSent) {
        isSent = true;
        controller.enqueue(half);
        return;
      }
      if (kind === 'truncated') {
        controller.close();
        return;
      }
      await sleep(FLUSH_MS);
      controller.error(new Error('simulated connection reset'));
    },
  });
}
