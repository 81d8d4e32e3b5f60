import { invalidRequest } from './error.ts';
import { isObject, refuseExtraFields, requireInteger, type JsonObject } from './json.ts';
import { FAULTS_MAX, LATENCY_MS_MAX } from './limit.ts';

/**
 * What can be made to go wrong.
 *
 * Instead of an answer: `rate_limit` (429 with retry-after), `spend_cap` (429 without), `overloaded` (529), `internal`
 * (500), `unavailable` (503), `timeout` (504), `html` (a page of a proxy or a login wall, with any status),
 * `malformed_body` (200, broken JSON), `hang` (no answer for ten minutes). These are not billed.
 *
 * To the transport of a real answer, which is billed: `reset` (the connection breaks in the middle of the body),
 * `truncated` (the body or event stream ends cleanly, too early), `stall` (the stream stays open and falls silent),
 * `stream_error` (an `error` event in the stream).
 *
 * To the content of a real answer, which is billed: `refusal`, `max_tokens`, `empty`, `thinking_first`,
 * `thinking_only` (thinking used up max_tokens), `invalid_json` (structured output that does not parse),
 * `wrong_schema` (structured output that parses and breaks the schema), `wrong_usage` (tokens that do not follow
 * the formula).
 *
 * `latency` only delays; any other fault may delay as well.
 */
export const FAULT_KINDS = [
  'latency',
  'rate_limit',
  'spend_cap',
  'overloaded',
  'internal',
  'unavailable',
  'timeout',
  'html',
  'malformed_body',
  'hang',
  'reset',
  'truncated',
  'stall',
  'stream_error',
  'refusal',
  'max_tokens',
  'empty',
  'thinking_first',
  'thinking_only',
  'invalid_json',
  'wrong_schema',
  'wrong_usage',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** The routes a fault may be meant for; `batch_item` is one request inside a batch. */
export const FAULT_ROUTES = ['messages', 'count_tokens', 'files', 'batches', 'batch_item', 'models', 'any'] as const;
export type FaultRoute = (typeof FAULT_ROUTES)[number];

/** One fault as it waits for its request. */
export interface Fault {
  readonly kind: FaultKind;
  readonly route: FaultRoute;
  readonly latencyMs: number;
  /** Pause between the events of a stream. */
  readonly eventDelayMs: number;
  /** `retry-after` of an error; where none was asked for, `rate_limit` has one of a second and the others none. */
  readonly retryAfterSeconds: number | undefined;
  /** Events of a stream that still arrive before `reset`, `truncated`, `stall` or `stream_error`. */
  readonly afterEvents: number;
  /** Whether `reset`, `truncated` or `stall` cut the next event in half, and not before it. */
  readonly cutsEvent: boolean;
  /** Bytes of a stream that are sent at a time; `undefined`: an event at a time. */
  readonly chunkBytes: number | undefined;
  /** Status of an `html` page. */
  readonly status: number;
  /** Requests that it still applies to. */
  readonly times: number;
}

const FIELDS = new Set([
  'kind',
  'route',
  'times',
  'latency_ms',
  'event_delay_ms',
  'retry_after_seconds',
  'after_events',
  'cuts_event',
  'chunk_bytes',
  'status',
]);

/**
 * Reads one fault: a bare kind (`"overloaded"`) or an object `{kind, times, route, latency_ms, event_delay_ms,
 * retry_after_seconds, after_events, cuts_event, chunk_bytes, status}`. @throws 400 naming the field.
 */
export function parseFault(value: unknown, path: string): Fault {
  const fields: JsonObject = typeof value === 'string' ? { kind: value } : isObject(value) ? value : {};
  refuseExtraFields(fields, FIELDS, path);
  const times = optionalInteger(fields, 'times', 1, path);
  const latencyMs = optionalInteger(fields, 'latency_ms', 0, path);
  const eventDelayMs = optionalInteger(fields, 'event_delay_ms', 0, path);
  if (times < 1 || times > FAULTS_MAX) {
    throw invalidRequest(`${path}.times: Input should be between 1 and ${FAULTS_MAX}`);
  }
  if (Math.max(latencyMs, eventDelayMs) > LATENCY_MS_MAX) {
    throw invalidRequest(`${path}: delays should be at most ${LATENCY_MS_MAX} ms`);
  }
  const cutsEvent = fields['cuts_event'] ?? false;
  if (typeof cutsEvent !== 'boolean') throw invalidRequest(`${path}.cuts_event: Input should be a valid boolean`);
  const status = optionalInteger(fields, 'status', 502, path);
  if (status < 200 || status > 599) throw invalidRequest(`${path}.status: Input should be between 200 and 599`);
  return {
    kind: oneOf(fields['kind'], FAULT_KINDS, `${path}.kind`),
    route: oneOf(fields['route'] ?? 'messages', FAULT_ROUTES, `${path}.route`),
    times,
    latencyMs,
    eventDelayMs,
    retryAfterSeconds:
      fields['retry_after_seconds'] === undefined ? undefined : requireInteger(fields['retry_after_seconds'], `${path}.retry_after_seconds`, 0),
    afterEvents: optionalInteger(fields, 'after_events', 3, path),
    cutsEvent,
    chunkBytes: fields['chunk_bytes'] === undefined ? undefined : requireInteger(fields['chunk_bytes'], `${path}.chunk_bytes`, 1),
    status,
  };
}

/** Reads the `x-simulator-fault` header: a kind, or the object as JSON. It is meant for the request that carries it. */
export function parseFaultHeader(header: string): Fault {
  const isJson = header.trimStart().startsWith('{');
  return { ...parseFault(isJson ? parseJson(header) : header.trim(), 'x-simulator-fault'), route: 'any' };
}

/** Takes the first waiting fault that is meant for the route, and counts its application. */
export function takeFault(queue: Fault[], route: FaultRoute): Fault | undefined {
  const index = queue.findIndex((fault) => fault.route === 'any' || fault.route === route);
  const fault = queue[index];
  if (fault === undefined) return undefined;
  if (fault.times > 1) queue[index] = { ...fault, times: fault.times - 1 };
  else queue.splice(index, 1);
  return fault;
}

function optionalInteger(fields: JsonObject, name: string, fallback: number, path: string): number {
  return fields[name] === undefined ? fallback : requireInteger(fields[name], `${path}.${name}`, 0);
}

function oneOf<T extends string>(value: unknown, allowed: readonly T[], path: string): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) throw invalidRequest(`${path}: Input should be one of ${allowed.join(', ')}`);
  return found;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalidRequest('x-simulator-fault: Input should be a fault kind or a JSON object');
  }
}
