/** Bounds of a flight: one piece of work that may be billed, and everybody who waits for it. Times in milliseconds. */

/** How long a leader is trusted that gives no sign: longer than a call with its retries (120 s) and the sizing before it. */
export const LEASE_MS = 150_000;

/**
 * How long a leader is still trusted after its object has restarted, which cuts the line that tells whether it lives.
 * Nearly every call ends within this, and its leader can still hand in the result.
 */
export const RESTART_GRACE_MS = 30_000;

/** Longest wait of a follower: a leader that began just before it is done or given up by then. */
export const WAIT_MS_MAX = 130_000;

/** Followers of one flight; each holds a connection and perhaps an upload. */
export const WAITERS_MAX = 1_000;

/** How long a result is kept: KV may take a key that was looked up and missed as absent for a minute. */
export const KEEP_RESULT_MS = 75_000;

/** How long a billed failure that would repeat itself is kept: enough for retries that come at once. */
export const KEEP_FAULT_MS = 5_000;

/** Characters of an outcome as JSON that are written down (a row holds 2 MB); a longer one lives in memory alone. */
export const OUTCOME_CHARACTERS_MAX = 1_000_000;
