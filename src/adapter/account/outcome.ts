/** How requests ended, by route, status and part of the cache, since the account exists. */
import type { OutcomeSum } from '../../core/budget/counter.ts';

/** Makes the table where it is not there yet. */
export function createOutcomeTable(sql: SqlStorage): void {
  sql.exec(`CREATE TABLE IF NOT EXISTS outcome_v1 (
    route TEXT NOT NULL, status INTEGER NOT NULL, cache TEXT NOT NULL, requests INTEGER NOT NULL,
    PRIMARY KEY (route, status, cache)) STRICT, WITHOUT ROWID`);
}

/** Counts requests that ended so, or takes them back before they are counted anew. */
export function addOutcomes(sql: SqlStorage, outcomes: readonly OutcomeSum[], sign: 1 | -1): void {
  for (const { route, status, cache, requests } of outcomes) {
    sql.exec(
      'INSERT INTO outcome_v1 VALUES (?, ?, ?, ?) ON CONFLICT (route, status, cache) DO UPDATE SET requests = requests + excluded.requests',
      route,
      status,
      cache,
      sign * requests,
    );
  }
}

/** All sums. There are as many as routes, statuses and parts of the cache meet: some dozens. */
export function sumOutcomes(sql: SqlStorage): readonly OutcomeSum[] {
  return sql
    .exec('SELECT * FROM outcome_v1 ORDER BY route, status, cache')
    .toArray()
    .map((row) => ({ route: String(row['route']), status: Number(row['status']), cache: String(row['cache']), requests: Number(row['requests']) }));
}
