/** The first answer to a key, as it is kept and given again. */

/** Characters or bytes of a body that is kept: a row holds 2 MB, and no answer about pictures comes near this. */
export const ANSWER_BYTES_MAX = 1_048_576;

/** How long a key is known (the draft's §2.6 leaves it to the server). */
export const KEEP_MS = 24 * 60 * 60 * 1000;

/** How long a request that gives no sign is taken to be at work: longer than downloads, waiting and the call together. */
export const LEASE_MS = 660_000;

/** The same after the object that knows it has restarted, and can no longer see whether it lives. */
export const RESTART_GRACE_MS = 30_000;

export interface KeptAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Absent where it may not be kept, is too large, or its picture was deleted: then a repeat learns that there was an answer, and no more. */
  readonly body?: Uint8Array<ArrayBuffer>;
}

/** That there was an answer, and no more: its headers, too, tell of pictures. */
export function withoutBody({ status }: KeptAnswer): KeptAnswer {
  return { status, headers: {} };
}

/** How a request ended, as far as its key is concerned. */
export interface Ending {
  readonly status: number;
  /** Whether Claude may have billed it. */
  readonly isBilled: boolean;
  readonly isRetryable: boolean;
}

/** Statuses of 4xx that say "not now" or "not yet", whatever the fault says. */
const PASSING_STATUSES: ReadonlySet<number> = new Set([402, 408, 409, 425, 429]);

/**
 * Whether this is the answer for good. What failed unbilled, and may do better next time, is not: its key is released. What
 * was billed is, whatever came of it: one key is billed once.
 */
export function isFinal({ status, isBilled, isRetryable }: Ending): boolean {
  if (isBilled || status < 300) return true;
  return status >= 400 && status < 500 && !isRetryable && !PASSING_STATUSES.has(status);
}

/** Headers that belong to the answer; all others belong to the one exchange in which it was first given. */
const HEADERS: readonly string[] = ['anthropic-organization-id', 'cache-status', 'content-type', 'etag', 'location', 'request-id', 'x-upstream-request-id'];
const HEADER_PREFIX = 'x-vignette-';

/** Those of an answer that are kept with it. */
export function keptHeaders(headers: Iterable<readonly [string, string]>): KeptAnswer['headers'] {
  return Object.fromEntries([...headers].filter(([name]) => HEADERS.includes(name) || name.startsWith(HEADER_PREFIX)));
}
