/** The one call to the provider, and its answer as the API's own clients expect it. */
import { Fault } from '../../core/fault.ts';
import { responseHeaders } from '../../core/relay/header.ts';
import { requireServed } from '../../core/key/authorize.ts';
import { type Bill, billOf } from '../../core/message/bill.ts';
import { type MadeState, madeBy } from '../../core/relay/provider-state.ts';
import { redactSecrets } from '../../core/relay/redact.ts';
import { splice } from '../../core/json/splice.ts';
import { secretsOf } from '../../provider-config.ts';
import type { Context } from '../session/context.ts';
import { afterDeparture, GivenUp } from '../flight/flight.ts';
import type { FittedRequest } from './fit.ts';
import { type Lifetime, openLifetime } from './lifetime.ts';
import type { ScannedRequest } from './request.ts';
import { rememberState } from './state.ts';
import { passStream } from './stream.ts';

/** What came back. */
export interface UpstreamAnswer {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;
  /** When the last byte has come, or none comes any more. Never rejects. */
  readonly end: Promise<AnswerEnd>;
  /** Why it may not be given to the caller, though it was billed. */
  readonly refusal?: Fault;
}

export interface AnswerEnd {
  /** What was billed, where the API has said so: of an answer that broke off, up to there. */
  readonly bill: Bill | undefined;
  /** Whether that is the bill: of an answer that broke off it is less. */
  readonly isWhole: boolean;
  /** Whether it was ended here, its caller being gone for too long. */
  readonly isCut: boolean;
  /** The Message; only when it was asked for and is whole. */
  readonly message: unknown;
}

const ANSWER_BYTES_MAX = 32 * 1024 * 1024;
/** Longest silence in the middle of an answer that is not a stream of events. */
const IDLE_TIMEOUT_MS = 60_000;
/** For the body of such an answer, whose headers come when it is done. */
const TOTAL_TIMEOUT_MS = 120_000;

/**
 * Sends the request once, with no retry: the API's clients have a policy of their own.
 * `isShared`: the cache and others want its Message, so the call goes on when its caller leaves.
 * @throws upstream_error, upstream_timeout, rate_limited, overloaded for what is no answer of the API
 */
export async function callUpstream(request: ScannedRequest, fitted: FittedRequest, isShared: boolean, context: Context): Promise<UpstreamAnswer> {
  const call = openLifetime(finishes(request, isShared), context.signal());
  const answering = send(request, fitted, isShared, call, context).catch((error: unknown) => {
    throw call.signal.aborted ? new GivenUp('The caller left, and Claude had no answer in the time that was given to it then.', error) : error;
  });
  // Without this the platform would end the work with its caller.
  if (finishes(request, isShared)) context.afterResponse(answering.catch(() => undefined));
  return answering;
}

async function send(request: ScannedRequest, fitted: FittedRequest, isShared: boolean, call: Lifetime, context: Context): Promise<UpstreamAnswer> {
  const { scan, path, query, credential } = request;
  const sending = context.ports.upstream.send({
    path,
    query,
    headers: new Headers([...request.headers.map(([name, value]): [string, string] => [name, value]), ...Object.entries({ ...context.trace })]),
    body: fitted.edits.length === 0 ? request.body : bodyStream(request, fitted),
    bodyBytes: fitted.bodyBytes,
    model: scan.model,
    isStream: scan.isStream,
    ...(credential === undefined ? {} : { credential }),
    signal: call.signal,
  });
  const response = await sending.catch((error: unknown) => {
    throw afterDeparture(error);
  });
  const redact = (text: string) => redactSecrets(text, secretsOf(context.config.provider));
  const headers = responseHeaders(response.headers).map(([name, value]) => [name, redact(value)] as const);
  const upstreamRequestId = headers.find(([name]) => name === 'request-id')?.[1];
  if (upstreamRequestId !== undefined) context.record.upstreamRequestId = upstreamRequestId.replace(/[^\w-]/g, '').slice(0, 64);
  if (response.ok && isEventStream(response) && response.body !== null) {
    const { body, end } = passStream(response.body, {
      // Another good status is none that the API gives to a Message: nothing of it is kept.
      isShared: isShared && response.status === 200,
      finishes: finishes(request, isShared),
      call,
      redact,
      bill: (message) => billOf(message, request.asked, context.config.modelOverrides),
      refuse: (bill) => servedFault(bill, request, context),
      made: (made) => remember(made, request, context),
      asksDiagnosis: scan.asksDiagnosis,
    });
    context.afterResponse(end);
    return { status: response.status, headers, body, end };
  }
  const answer = await readAnswer(response, headers, request, context);
  return response.ok ? answer : { ...answer, body: changeText(answer.body, redact) };
}

/** Whether it says that it took too long, the API or (524) the network before it: the answer may have been made all the same. */
export function isTimeout(status: number): boolean {
  return status === 504 || status === 524;
}

/** Whether the call goes on for a while when its caller leaves. */
function finishes({ options }: ScannedRequest, isShared: boolean): boolean {
  return isShared || options.onDisconnect === 'finish';
}

/** Chunks are made as the provider takes them, so that the outgoing body is never held as a whole. */
function bodyStream({ body }: ScannedRequest, { edits }: FittedRequest): ReadableStream<Uint8Array> {
  const chunks = splice(body, edits);
  return new ReadableStream({
    pull(controller) {
      const { done, value } = chunks.next();
      if (done === true) controller.close();
      else controller.enqueue(value);
    },
  });
}

/** Anything but a stream is read to its end first: half an answer must not go out under a good status. */
async function readAnswer(
  response: Response,
  headers: UpstreamAnswer['headers'],
  request: ScannedRequest,
  context: Context,
): Promise<UpstreamAnswer & { readonly body: Uint8Array<ArrayBuffer> }> {
  const body = await readAll(response, request, context.ports);
  const value = parse(body);
  if (value === undefined) throw noAnswer(response, request);
  if (request.credential === undefined && (response.status === 401 || response.status === 403)) throw keyRefused(response);
  const isMessage = response.ok && request.path === 'messages';
  const bill = isMessage ? billOf(value, request.asked, context.config.modelOverrides) : undefined;
  const refusal = bill === undefined ? undefined : servedFault(bill, request, context);
  if (isMessage) await remember(madeBy(value, request.scan.asksDiagnosis), request, context);
  return {
    status: response.status,
    headers,
    body,
    end: Promise.resolve({
      bill,
      isWhole: isMessage,
      isCut: false,
      message: isMessage && response.status === 200 && refusal === undefined ? value : undefined,
    }),
    ...(refusal === undefined ? {} : { refusal }),
  };
}

/** What was made with a key of the caller's own is theirs to name, with that key. */
async function remember(made: readonly MadeState[], { credential }: ScannedRequest, context: Context): Promise<void> {
  if (credential === undefined && made.length > 0) await rememberState(made, context);
}

/** A list of models holds for those that answer, too, whatever the request said. */
function servedFault({ served }: Bill, { asked }: ScannedRequest, { caller }: Context): Fault | undefined {
  try {
    requireServed(caller, served, asked);
    return undefined;
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
}

/** The very bytes where nothing changes. */
function changeText(body: Uint8Array<ArrayBuffer>, change: (text: string) => string): Uint8Array<ArrayBuffer> {
  const text = new TextDecoder().decode(body);
  const changed = change(text);
  return changed === text ? body : (new TextEncoder().encode(changed) as Uint8Array<ArrayBuffer>);
}

async function readAll(response: Response, { reservation }: ScannedRequest, ports: Context['ports']): Promise<Uint8Array<ArrayBuffer>> {
  const broken = (cause?: unknown) =>
    new Fault('upstream_error', "Claude's answer broke off. The call may have been billed. Try again.", { cause, billed: true });
  try {
    const options = { bytesMax: ANSWER_BYTES_MAX, idleTimeoutMs: IDLE_TIMEOUT_MS, declaredBytes: undefined, isHashed: false, timeoutMs: TOTAL_TIMEOUT_MS };
    return (await ports.readBody(response, { ...options, fault: () => broken(), account: (bytes) => reservation.grow(bytes) })).bytes;
  } catch (cause) {
    throw cause instanceof Fault ? cause : broken(cause);
  }
}

/** A JSON object; every answer of the API is one. */
function parse(body: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(body));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** A page of some proxy, or half an answer: what can still be said of it in the API's terms. */
function noAnswer(response: Response, { credential }: ScannedRequest): Fault {
  const after = retryAfter(response);
  const waiting = after === undefined ? {} : { retryAfterSeconds: after };
  switch (response.status) {
    case 401:
    case 403:
      if (credential === undefined) return keyRefused(response);
      break;
    case 429:
      return new Fault('rate_limited', 'The provider limits the rate of requests. Try again later.', waiting);
    case 503:
    case 529:
      return new Fault('overloaded', 'The provider is overloaded. Try again later.', waiting);
    case 504:
    case 524:
      return new Fault('upstream_timeout', 'The provider timed out. The call may have been billed.', { billed: true });
  }
  const detail = response.ok ? 'something that is not an answer' : `status ${response.status} without an error of the API`;
  return new Fault('upstream_error', `The provider sent ${detail}. Try again.`, { billed: response.ok, ...waiting });
}

/** A 401 would tell the caller that his own key is wrong. */
function keyRefused({ status }: Response): Fault {
  return new Fault(
    'upstream_error',
    `The Claude API refused this deployment's key or region (${status}). The operator must check ANTHROPIC_API_KEY and [placement].`,
    {
      retryable: false,
    },
  );
}

function retryAfter(response: Response): number | undefined {
  const text = response.headers.get('retry-after');
  return text !== null && /^\d{1,6}$/.test(text) ? Number(text) : undefined;
}

function isEventStream(response: Response): boolean {
  return (response.headers.get('content-type') ?? '').toLowerCase().startsWith('text/event-stream');
}
