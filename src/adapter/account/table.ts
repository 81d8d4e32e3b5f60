/** The tables of an account, and plain access to them. A changed shape gets a new version in the names. */
import { COUNTERS, type Counters } from '../../core/budget/counter.ts';
import type { Spending } from '../../core/budget/budget.ts';
import type { LedgerRow } from '../../core/budget/ledger-row.ts';
import type { UsageGroup, UsageQuery, UsageSum } from '../../core/budget/usage.ts';

/** Stands for all keys of the account together; no key has an empty id. */
export const ALL_KEYS = '';
/** Sums of days that are not kept one by one any more; before every real day. */
const EARLIER = '';

const columnOf = (counter: string): string => counter.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const COLUMNS = COUNTERS.map(columnOf);
const SUMS = COLUMNS.map((column) => `SUM(${column}) AS ${column}`).join(', ');

/** Makes the tables where they are not there yet. */
export function createTables(sql: SqlStorage): void {
  sql.exec(`CREATE TABLE IF NOT EXISTS spending_v1 (
    key TEXT NOT NULL, period TEXT NOT NULL,
    spent_nano_usd INTEGER NOT NULL, spent_image_tokens INTEGER NOT NULL,
    reserved_nano_usd INTEGER NOT NULL, reserved_image_tokens INTEGER NOT NULL,
    PRIMARY KEY (key, period)) STRICT, WITHOUT ROWID`);
  // By the period alone: with an amount in it, every call would rewrite it.
  sql.exec('CREATE INDEX IF NOT EXISTS spending_v1_period ON spending_v1 (period)');
  sql.exec(`CREATE TABLE IF NOT EXISTS reservation_v1 (
    request_id TEXT PRIMARY KEY NOT NULL, expires_at_ms INTEGER NOT NULL, row TEXT NOT NULL) STRICT, WITHOUT ROWID`);
  sql.exec('CREATE INDEX IF NOT EXISTS reservation_v1_expiry ON reservation_v1 (expires_at_ms)');
  sql.exec('CREATE TABLE IF NOT EXISTS release_v1 (request_id TEXT PRIMARY KEY NOT NULL, until_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID');
  sql.exec(`CREATE TABLE IF NOT EXISTS ledger_v1 (
    request_id TEXT PRIMARY KEY NOT NULL, keep_until_ms INTEGER NOT NULL, row TEXT NOT NULL) STRICT, WITHOUT ROWID`);
  sql.exec('CREATE INDEX IF NOT EXISTS ledger_v1_expiry ON ledger_v1 (keep_until_ms)');
  sql.exec(`CREATE TABLE IF NOT EXISTS usage_v1 (
    day TEXT NOT NULL, key TEXT NOT NULL, model TEXT NOT NULL, ${COLUMNS.map((column) => `${column} INTEGER NOT NULL`).join(', ')},
    PRIMARY KEY (day, key, model)) STRICT, WITHOUT ROWID`);
}

export function readSpending(sql: SqlStorage, key: string, period: string): Spending {
  const [row] = sql.exec('SELECT * FROM spending_v1 WHERE key = ? AND period = ?', key, period);
  const number = (column: string): number => Number(row?.[column] ?? 0);
  return {
    spent: { nanoUsd: number('spent_nano_usd'), imageTokens: number('spent_image_tokens') },
    reserved: { nanoUsd: number('reserved_nano_usd'), imageTokens: number('reserved_image_tokens') },
  };
}

/** Adds to what a key has spent and reserved in a period; negative amounts take away. */
export function addSpending(sql: SqlStorage, key: string, period: string, { spent, reserved }: Spending): void {
  sql.exec(
    `INSERT INTO spending_v1 VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
      spent_nano_usd = spent_nano_usd + excluded.spent_nano_usd, spent_image_tokens = spent_image_tokens + excluded.spent_image_tokens,
      reserved_nano_usd = reserved_nano_usd + excluded.reserved_nano_usd,
      reserved_image_tokens = reserved_image_tokens + excluded.reserved_image_tokens`,
    key,
    period,
    spent.nanoUsd,
    spent.imageTokens,
    reserved.nanoUsd,
    reserved.imageTokens,
  );
}

/** The keys that have spent most in a period: by money, then by image tokens. */
export function topKeys(sql: SqlStorage, period: string, keysMax: number): readonly string[] {
  const rows = sql.exec(
    'SELECT key FROM spending_v1 WHERE period = ? AND key <> ? ORDER BY spent_nano_usd DESC, spent_image_tokens DESC, key LIMIT ?',
    period,
    ALL_KEYS,
    keysMax,
  );
  return [...rows].map((row) => String(row['key']));
}

export function insertReservation(sql: SqlStorage, row: LedgerRow, expiresAtMs: number): void {
  sql.exec('INSERT INTO reservation_v1 VALUES (?, ?, ?)', row.requestId, expiresAtMs, JSON.stringify(row));
}

/** Removes a reservation; gives the row that it would have ended as, or `undefined` when there is none. */
export function takeReservation(sql: SqlStorage, requestId: string): LedgerRow | undefined {
  return firstRow(sql.exec('DELETE FROM reservation_v1 WHERE request_id = ? RETURNING row', requestId));
}

export function hasReservation(sql: SqlStorage, requestId: string): boolean {
  return sql.exec('SELECT 1 FROM reservation_v1 WHERE request_id = ?', requestId).toArray().length > 0;
}

export function expiredReservations(sql: SqlStorage, nowMs: number): readonly string[] {
  return [...sql.exec('SELECT request_id FROM reservation_v1 WHERE expires_at_ms <= ?', nowMs)].map((row) => String(row['request_id']));
}

/** Remembers that a request will make no call. */
export function insertRelease(sql: SqlStorage, requestId: string, untilMs: number): void {
  sql.exec('INSERT OR IGNORE INTO release_v1 VALUES (?, ?)', requestId, untilMs);
}

export function isReleased(sql: SqlStorage, requestId: string): boolean {
  return sql.exec('SELECT 1 FROM release_v1 WHERE request_id = ?', requestId).toArray().length > 0;
}

export function readLedger(sql: SqlStorage, requestId: string): LedgerRow | undefined {
  return firstRow(sql.exec('SELECT row FROM ledger_v1 WHERE request_id = ?', requestId));
}

export function writeLedger(sql: SqlStorage, row: LedgerRow): void {
  sql.exec('INSERT OR REPLACE INTO ledger_v1 VALUES (?, ?, ?)', row.requestId, row.keepUntilMs, JSON.stringify(row));
}

/**
 * Writes the rows whose requests are not known yet, in one statement however many they are, and gives those; of two rows
 * about one request the first counts.
 */
export function insertLedger(sql: SqlStorage, rows: readonly LedgerRow[]): readonly LedgerRow[] {
  const written = sql.exec(
    `INSERT OR IGNORE INTO ledger_v1 SELECT value ->> 'requestId', value ->> 'keepUntilMs', value FROM json_each(?) RETURNING request_id`,
    JSON.stringify(rows),
  );
  const added = new Set([...written].map((row) => String(row['request_id'])));
  return rows.filter(({ requestId }) => added.delete(requestId));
}

export function deleteLedger(sql: SqlStorage, requestId: string): void {
  sql.exec('DELETE FROM ledger_v1 WHERE request_id = ?', requestId);
}

/** Adds counters to the sums of a day, or with `sign` −1 takes them away. */
export function addUsage(sql: SqlStorage, { day, key, model }: { day: string; key: string; model: string }, counters: Counters, sign: 1 | -1): void {
  sql.exec(
    `INSERT INTO usage_v1 VALUES (?, ?, ?, ${COLUMNS.map(() => '?').join(', ')})
      ON CONFLICT DO UPDATE SET ${COLUMNS.map((column) => `${column} = ${column} + excluded.${column}`).join(', ')}`,
    day,
    key,
    model,
    ...COUNTERS.map((counter) => sign * counters[counter]),
  );
}

/** Sums of a range of days; at most `groupsMax`, and one more when there are more. */
export function sumUsage(sql: SqlStorage, { from, to, groupBy }: UsageQuery, groupsMax: number): readonly UsageSum[] {
  const groups = groupBy.join(', ');
  const grouping = groups === '' ? '' : `GROUP BY ${groups} ORDER BY ${groups}`;
  const selected = [...groupBy, SUMS].join(', ');
  const rows = sql.exec(`SELECT ${selected} FROM usage_v1 WHERE day >= ? AND day <= ? ${grouping} LIMIT ?`, from, to, groupsMax + 1);
  return [...rows].map((row) => toSum(row, groupBy));
}

/** Sums since the account exists, by key and model. */
export function sumEver(sql: SqlStorage): readonly UsageSum[] {
  const rows = sql.exec(`SELECT key, model, ${SUMS} FROM usage_v1 GROUP BY key, model ORDER BY key, model`);
  return [...rows].map((row) => toSum(row, ['key', 'model']));
}

/**
 * Throws away rows of the ledger and releases whose time is over and spending of days before `firstDay`, and folds older sums into one,
 * so that those since the beginning never sink.
 */
export function prune(sql: SqlStorage, nowMs: number, firstDay: string): void {
  sql.exec('DELETE FROM ledger_v1 WHERE keep_until_ms <= ?', nowMs);
  sql.exec('DELETE FROM release_v1 WHERE until_ms <= ?', nowMs);
  // A month sorts before its days, so that of the first day goes a little early: nothing binds it any more.
  sql.exec('DELETE FROM spending_v1 WHERE period < ?', firstDay);
  sql.exec(
    `INSERT INTO usage_v1 SELECT '${EARLIER}', key, model, ${SUMS} FROM usage_v1 WHERE day <> '${EARLIER}' AND day < ? GROUP BY key, model
      ON CONFLICT DO UPDATE SET ${COLUMNS.map((column) => `${column} = ${column} + excluded.${column}`).join(', ')}`,
    firstDay,
  );
  sql.exec(`DELETE FROM usage_v1 WHERE day <> '${EARLIER}' AND day < ?`, firstDay);
}

function toSum(row: Record<string, SqlStorageValue>, groupBy: readonly UsageGroup[]): UsageSum {
  const counters = Object.fromEntries(COUNTERS.map((counter, index) => [counter, Number(row[COLUMNS[index] ?? ''] ?? 0)])) as Counters;
  return { ...Object.fromEntries(groupBy.map((group) => [group, String(row[group])])), counters };
}

/** Rows are written by this class alone, so their shape is known. */
function firstRow(cursor: Iterable<Record<string, SqlStorageValue>>): LedgerRow | undefined {
  const [found] = cursor;
  return found === undefined ? undefined : (JSON.parse(String(found['row'])) as LedgerRow);
}
