/** Token buckets in an account's table: the rules are in `core/key/token-bucket.ts`. */
import { type BucketState, type BucketTake, type TakeResult, takeTokens } from '../../core/key/token-bucket.ts';

/** Makes the table where it is not there yet. */
export function createBucketTable(sql: SqlStorage): void {
  sql.exec('CREATE TABLE IF NOT EXISTS bucket_v1 (bucket TEXT PRIMARY KEY NOT NULL, shares INTEGER NOT NULL, at_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID');
}

/** Takes from all buckets or from none; to be run in a transaction. */
export function takeFromBuckets(sql: SqlStorage, takes: readonly BucketTake[], nowMs: number): TakeResult {
  const { isTaken, buckets, states } = takeTokens(
    takes,
    takes.map(({ bucket }) => readBucket(sql, bucket)),
    nowMs,
  );
  // A take that was refused changes nothing: what has flowed in since is worked out again from the older state.
  if (isTaken) for (const [index, state] of states.entries()) writeBucket(sql, takes[index]?.bucket, state);
  return { isTaken, buckets };
}

/** Throws away what nobody has taken from since: such a bucket has been full for long, which is what an absent one is. */
export function pruneBuckets(sql: SqlStorage, sinceMs: number): void {
  sql.exec('DELETE FROM bucket_v1 WHERE at_ms <= ?', sinceMs);
}

function readBucket(sql: SqlStorage, bucket: string): BucketState | undefined {
  const [row] = sql.exec('SELECT shares, at_ms FROM bucket_v1 WHERE bucket = ?', bucket);
  return row === undefined ? undefined : { shares: Number(row['shares']), atMs: Number(row['at_ms']) };
}

function writeBucket(sql: SqlStorage, bucket: string | undefined, { shares, atMs }: BucketState): void {
  sql.exec('INSERT OR REPLACE INTO bucket_v1 VALUES (?, ?, ?)', bucket, shares, atMs);
}
