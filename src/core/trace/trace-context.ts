/**
 * W3C Trace Context: which trace a request belongs to, read strictly and passed on under a span id of ours.
 * A header that is not exactly right is as good as none (W3C Trace Context §4.3, "Processing Model for Working with Trace Context").
 */

/** Where a request stands in a trace. */
export interface TraceContext {
  /** 32 lower-case hex digits, not all zero. */
  readonly traceId: string;
  /** 16 lower-case hex digits, not all zero: our own work on the request. */
  readonly spanId: string;
  /** Bits: 1 sampled, 2 the trace id is random. */
  readonly flags: number;
  /** Members of other vendors, checked; absent where there are none. */
  readonly state?: string;
}

/** Request headers that carry a trace on. */
export interface TraceHeaders {
  readonly traceparent: string;
  readonly tracestate?: string;
}

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const ZEROS = /^0+$/;
/** §3.2.2.5, and Level 2's bit for random ids; other bits are reserved and are not to be repeated. */
const KNOWN_FLAGS = 0b11;
const SAMPLED = 0b01;

/** §3.3.1.3: a key, "=", a value without comma, "=" or trailing space. */
const MEMBER = /^([a-z0-9][a-z0-9_\-*/@]{0,255})=([\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e])$/;
const MEMBERS_MAX = 32;
/** §3.3.1.5: at least so much has to be passed on; what is beyond may be dropped, long members first. */
const STATE_CHARACTERS_MAX = 512;
const LONG_MEMBER_CHARACTERS = 128;

/**
 * Goes on with the caller's trace, or begins one with `ownTraceId` when there is none or its header is faulty.
 * `ownTraceId` (32 hex digits) and `spanId` (16) are random ids of ours.
 */
export function continueTrace(
  traceparent: string | undefined,
  tracestate: string | undefined,
  own: { readonly traceId: string; readonly spanId: string },
): TraceContext {
  const caller = traceparent === undefined ? undefined : readTraceparent(traceparent);
  if (caller === undefined) return { ...own, flags: SAMPLED };
  const state = tracestate === undefined ? undefined : readTracestate(tracestate);
  return { ...caller, spanId: own.spanId, ...(state === undefined ? {} : { state }) };
}

/** The headers of a request that is made for this one. Always version 00, whatever the caller's was (§4.3). */
export function traceHeaders({ traceId, spanId, flags, state }: TraceContext): TraceHeaders {
  const traceparent = `00-${traceId}-${spanId}-${flags.toString(16).padStart(2, '0')}`;
  return state === undefined ? { traceparent } : { traceparent, tracestate: state };
}

/** §3.2: version 00 has nothing after the flags; a later one may, ff is forbidden, and ids of zeros are invalid. */
function readTraceparent(text: string): { readonly traceId: string; readonly flags: number } | undefined {
  const [, version, traceId = '', parentId = '', flags = '', rest] = TRACEPARENT.exec(text) ?? [];
  if (version === undefined || version === 'ff' || (version === '00' && rest !== undefined)) return undefined;
  if (ZEROS.test(traceId) || ZEROS.test(parentId)) return undefined;
  return { traceId, flags: Number.parseInt(flags, 16) & KNOWN_FLAGS };
}

/** One faulty member or a key that stands twice makes the whole list void (§3.3.1). */
function readTracestate(text: string): string | undefined {
  const members = text
    .split(',')
    .map((member) => member.replace(/^[ \t]+|[ \t]+$/g, ''))
    .filter((member) => member !== '');
  const keys = new Set(members.map((member) => MEMBER.exec(member)?.[1]));
  if (members.length === 0 || members.length > MEMBERS_MAX || keys.has(undefined) || keys.size !== members.length) return undefined;
  return withinBound(members);
}

function withinBound(members: readonly string[]): string | undefined {
  const all = members.join(',');
  if (all.length <= STATE_CHARACTERS_MAX) return all;
  const kept = members.filter((member) => member.length <= LONG_MEMBER_CHARACTERS);
  while (kept.join(',').length > STATE_CHARACTERS_MAX) kept.pop();
  return kept.length === 0 ? undefined : kept.join(',');
}
