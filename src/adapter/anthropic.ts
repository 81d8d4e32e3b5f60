/**
 * The Messages API through Anthropic's SDK, slim import: the client core and one resource, half the bundle of the whole. The
 * SDK makes requests, reads answers and names errors; the provider behind `MessagesUpstream` carries them, so that
 * address, credentials and limits are decided in one place for described and relayed requests alike.
 */
import { BaseAnthropic } from '@anthropic-ai/sdk/client';
import { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from '@anthropic-ai/sdk/core/error';
import { Messages } from '@anthropic-ai/sdk/resources/messages/messages';
import { Fault } from '../core/fault.ts';
import { messageSchema } from '../core/message/answer.ts';
import { MissingFile, saysFileIsMissing } from '../core/message/missing-file.ts';
import type { MessagesUpstream, ModelClient } from '../port/upstream.ts';

/** One call, retries included, ends within this. */
const DEADLINE_MS = 120_000;
const ATTEMPTS_MAX = 3;
/** Waiting longer for a `retry-after` is the caller's decision. */
const RETRY_AFTER_MAX_MS = 10_000;
const BACKOFF_BASE_MS = 500;

/**
 * Statuses after which nothing can have been billed: the API refused before it worked. A timeout or another 5xx
 * may hide a billed answer, so those are never repeated here.
 */
const UNBILLED_STATUSES: ReadonlySet<number> = new Set([429, 503, 529]);

/** Describes through this provider. */
export function anthropicClient(upstream: MessagesUpstream): ModelClient {
  return {
    async createMessage(request, { signal, trace }) {
      const messages = new Messages(new UpstreamClient(upstream, request.model));
      const deadline = AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]);
      const startMs = Date.now();
      for (let attempt = 1; ; attempt++) {
        try {
          const {
            data,
            request_id: upstreamRequestId,
            response,
          } = await messages
            .create(request as unknown as Parameters<typeof messages.create>[0] & { stream?: false }, { signal: deadline, headers: { ...trace } })
            .withResponse();
          if (response.status !== 200) throw new Error(`status ${response.status} with a message`);
          return { message: messageSchema.parse(data), upstreamRequestId: upstreamRequestId ?? undefined };
        } catch (error) {
          const waitMs = attempt < ATTEMPTS_MAX ? retryDelayMs(error, attempt) : undefined;
          if (waitMs === undefined || deadline.aborted || Date.now() - startMs + waitMs > DEADLINE_MS) throw toFault(error);
          // Who leaves meanwhile leaves a call that was not billed.
          await scheduler.wait(waitMs, { signal: deadline }).catch(() => {
            throw toFault(error);
          });
        }
      }
    },
  };
}

/** The SDK's client with the provider as its wire. Credentials are the provider's, so this one has none. */
class UpstreamClient extends BaseAnthropic {
  constructor(upstream: MessagesUpstream, model: string) {
    // The SDK's own retries stay off: they would repeat timeouts, which may be billed, and obey any retry-after.
    super({ apiKey: null, authToken: null, maxRetries: 0, timeout: DEADLINE_MS, fetch: (_url, init) => sendThrough(upstream, model, init) });
  }

  protected override _shouldResolveDefaultCredentials(): boolean {
    return false;
  }

  protected override validateHeaders(): void {}
}

/** What the SDK would have fetched. Only `messages.create` is used, so the body is the JSON text of a request. */
function sendThrough(upstream: MessagesUpstream, model: string, init: RequestInit | undefined): Promise<Response> {
  const body = new TextEncoder().encode(String(init?.body)) as Uint8Array<ArrayBuffer>;
  return upstream.send({
    path: 'messages',
    headers: new Headers(init?.headers),
    body,
    bodyBytes: body.length,
    model,
    isStream: false,
    signal: init?.signal ?? AbortSignal.timeout(DEADLINE_MS),
  });
}

/** How long to wait before the call may be repeated; `undefined`: not at all. */
function retryDelayMs(error: unknown, attempt: number): number | undefined {
  const backoffMs = BACKOFF_BASE_MS * 2 ** (attempt - 1) * (1 + Math.random() / 2);
  if (error instanceof APIConnectionTimeoutError || error instanceof APIUserAbortError) return undefined;
  // No connection was made, so the request is lost; one that broke while the answer was made may be billed.
  if (error instanceof APIConnectionError) return isLost(error.cause) ? backoffMs : undefined;
  if (!(error instanceof APIError) || !UNBILLED_STATUSES.has(error.status ?? 0)) return undefined;
  const retryAfterMs = retryAfterSeconds(error) === undefined ? undefined : (retryAfterSeconds(error) ?? 0) * 1000;
  // A spend limit answers 429 without retry-after and does not heal by waiting.
  if (error.status === 429 && retryAfterMs === undefined) return undefined;
  const waitMs = Math.max(backoffMs, retryAfterMs ?? 0);
  return waitMs > RETRY_AFTER_MAX_MS ? undefined : waitMs;
}

function isLost(cause: unknown): boolean {
  return cause instanceof Fault && cause.code === 'upstream_error' && cause.retryable !== false && !cause.billed;
}

/** The API's errors in our codes. Their types are stable, their wording is not, and it is never passed on unchecked. */
function toFault(cause: unknown): Fault {
  if (cause instanceof APIUserAbortError)
    return new Fault('upstream_timeout', `Claude did not answer within ${DEADLINE_MS / 1000} s, or the caller left.`, { cause, billed: true, retryable: true });
  if (cause instanceof APIConnectionTimeoutError)
    return new Fault('upstream_timeout', `Claude did not answer within ${DEADLINE_MS / 1000} s. The call may have been billed.`, { cause, billed: true });
  if (cause instanceof APIConnectionError && cause.cause instanceof Fault) return cause.cause;
  if (cause instanceof APIConnectionError)
    return new Fault('upstream_error', 'The connection to the Claude API broke. The call may have been billed. Try again.', { cause, billed: true });
  if (cause instanceof APIError) return fromStatus(cause);
  return new Fault('upstream_error', 'The Claude API sent something that is not an answer. Try again.', { cause, billed: true });
}

function fromStatus(error: InstanceType<typeof APIError>): Fault {
  const upstream = error.requestID == null ? '' : ` (upstream request ${error.requestID.replace(/[^\w-]/g, '').slice(0, 64)})`;
  const seconds = retryAfterSeconds(error);
  const after = seconds === undefined ? {} : { retryAfterSeconds: seconds };
  switch (error.status) {
    case 400:
      return fromInvalidRequest(error, upstream);
    case 401:
    case 403:
      return new Fault(
        'upstream_error',
        `The Claude API refused this deployment's key or region (${error.status})${upstream}. The operator must check ANTHROPIC_API_KEY and [placement].`,
        { cause: error, retryable: false },
      );
    case 404:
      if (saysFileIsMissing(error.message)) return new MissingFile({ cause: error });
      return new Fault('invalid_request', `The Claude API does not know this model${upstream}. See GET /v1/models.`, { cause: error, param: 'model' });
    case 413:
      return new Fault('image_too_large', `The request is too large for the Claude API${upstream}. Send fewer images at once.`, {
        cause: error,
        param: 'images',
      });
    case 429:
      return new Fault(
        'rate_limited',
        `The Claude API limits this deployment's rate or spend${upstream}.${seconds === undefined ? ' It gave no time to wait: a spend limit does not heal by retrying.' : ''}`,
        { cause: error, retryable: seconds !== undefined, ...after },
      );
    case 529:
    case 503:
      return new Fault('overloaded', `The Claude API is overloaded${upstream}. Try again later.`, { cause: error, retryAfterSeconds: seconds ?? 5 });
    case 504:
    // Of the network before the API: nothing came in its time, but the API worked on.
    case 524:
      return new Fault('upstream_timeout', `The Claude API timed out${upstream}. The call may have been billed.`, { cause: error, billed: true });
    default:
      return new Fault('upstream_error', `The Claude API failed with status ${error.status ?? 'unknown'}${upstream}. Try again.`, { cause: error });
  }
}

/** A 400 that speaks of one picture is the caller's; its position stands in the API's text. */
function fromInvalidRequest(error: InstanceType<typeof APIError>, upstream: string): Fault {
  const text = error.message;
  if (saysFileIsMissing(text)) return new MissingFile({ cause: error });
  if (/could not process image|image cannot be empty/i.test(text))
    return new Fault('image_undecodable', `Claude could not read an image${upstream}. Check that the file opens elsewhere, or save it again.`, {
      cause: error,
    });
  if (/robots\.txt|unable to download/i.test(text))
    return new Fault('image_unfetchable', `Claude could not fetch the URL itself${upstream}. Leave out "source": "url", so that it is fetched here.`, {
      cause: error,
      retryable: false,
    });
  if (/image (dimensions )?exceed|dimensions exceed|maximum image size|too much media/i.test(text))
    return new Fault('image_too_large', `Claude refused the size or number of the images${upstream}. Send smaller or fewer ones.`, { cause: error });
  return new Fault('upstream_error', `The Claude API refused the request as invalid${upstream}. Check "model", "max_tokens" and "system".`, {
    cause: error,
    retryable: false,
  });
}

function retryAfterSeconds(error: InstanceType<typeof APIError>): number | undefined {
  const text = error.headers?.get('retry-after');
  return text != null && /^\d{1,6}$/.test(text) ? Number(text) : undefined;
}
