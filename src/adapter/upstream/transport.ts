/** One HTTP request to a provider, with the ways in which it can fail said in our codes. */
import { Fault } from '../../core/fault.ts';

/** The API itself answers a request within ten minutes or not at all ("Errors", 504 `timeout_error`). */
const RESPONSE_TIMEOUT_MS = 600_000;

/** An outgoing request. A stream has its exact length beside it, so that the provider is told. */
export interface Outgoing {
  readonly url: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly headers: Headers;
  readonly body: ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer> | FormData | undefined;
  /** Bytes of `body` where it is a stream. */
  readonly bodyBytes?: number;
  readonly signal: AbortSignal;
}

/**
 * Failures before anything can have been sent. Every other one ("Network connection lost.", a reset) may come after Claude has
 * begun to work: the headers of an answer come when it is made.
 */
const NEVER_CONNECTED = /refused|unreachable|not resolve|resolv(e|ing) (failed|error)|getaddrinfo|ENOTFOUND|EAI_AGAIN|DNS|certificate|handshake/i;

/**
 * Sends a request once, and gives the response when its headers are there. Redirects are not followed: nobody but
 * the configured address is to see credentials.
 * @throws upstream_error (no connection, or a redirect), upstream_timeout (no response in time, or the caller left)
 */
export async function transport(request: Outgoing, fetch: typeof globalThis.fetch): Promise<Response> {
  const { url, method, headers, signal } = request;
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), RESPONSE_TIMEOUT_MS);
  try {
    const init = { method, headers, redirect: 'manual', signal: AbortSignal.any([signal, late.signal]) } as const;
    const response = await fetch(url, request.body === undefined ? init : { ...init, body: sized(request) });
    if (response.status >= 300 && response.status < 400)
      throw new Fault(
        'upstream_error',
        `The provider's address answered with a redirect (${response.status}), which is not followed. The operator must mend it.`,
        {
          retryable: false,
        },
      );
    return response;
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    if (signal.aborted || late.signal.aborted)
      throw new Fault('upstream_timeout', 'Claude did not answer in time, or the caller left. The call may have been billed.', { cause, billed: true });
    if (cause instanceof Error && NEVER_CONNECTED.test(cause.message))
      throw new Fault('upstream_error', 'The Claude API could not be reached. Try again; see the address of the provider if it persists.', { cause });
    throw new Fault('upstream_error', 'The connection to the Claude API could not be held until the answer came. The call may have been billed. Try again.', {
      cause,
      billed: true,
    });
  } finally {
    clearTimeout(timer);
  }
}

function sized({ body, bodyBytes }: Outgoing): BodyInit {
  if (body instanceof ReadableStream) return bodyBytes === undefined ? body : body.pipeThrough(new FixedLengthStream(bodyBytes));
  return body ?? '';
}
