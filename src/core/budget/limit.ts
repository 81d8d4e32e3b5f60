/** Limits of accounts: how long what is kept. */

const DAY_MS = 86_400_000;

/**
 * A reservation whose holder was not heard of for so long counts as spent, at its maximum. Longer than any call lasts:
 * the deadline of a call is two minutes.
 */
export const RESERVATION_MS = 300_000;

/** The same for a stream, which ends when the model has written all its tokens. */
export const STREAM_RESERVATION_MS = 1_800_000;

/** Days for which sums by day are kept: a year, and the month to compare it with. */
export const USAGE_DAYS = 400;

/** Days for which a row of the ledger is kept unless configured: a month, and some to settle a dispute about it. */
export const LEDGER_DAYS_DEFAULT = 35;

/** Between two rounds of throwing away what is too old. */
export const PRUNE_EVERY_MS = DAY_MS;

/** Groups in one answer about usage; beyond, it is asked for in parts. */
export const USAGE_GROUPS_MAX = 5_000;

/** Tenants whose budgets the metrics show: KV reads the limits of so many at once, and each is a handful of series. */
export const SPENDERS_MAX = 100;
