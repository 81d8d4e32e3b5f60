/**
 * The Durable Object that finds pictures by their looks: one for each tenant and question, with the perceptual hashes of the pictures
 * to which it was put. All are compared, which is quick for as many as are kept.
 */
import { DurableObject } from 'cloudflare:workers';
import { findNearest, type Looks, NEAR_ROWS_MAX, type NearRow, type Nearest } from '../../core/cache/near-duplicate.ts';

/** Stored: table `near_v1`, a {@link NearRow} each. */
export class NearDuplicates extends DurableObject {
  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    super(ctx, env);
    ctx.storage.sql.exec(
      'CREATE TABLE IF NOT EXISTS near_v1 (sha256 TEXT PRIMARY KEY, hash TEXT NOT NULL, aspect REAL NOT NULL, key TEXT NOT NULL, expiresAtMs INTEGER NOT NULL)',
    );
  }

  find(looks: Looks, distanceMax: number): Nearest | undefined {
    return findNearest(this.#rows(), looks, distanceMax, Date.now());
  }

  async add(row: NearRow): Promise<void> {
    const { sql } = this.ctx.storage;
    sql.exec('INSERT OR REPLACE INTO near_v1 VALUES (?, ?, ?, ?, ?)', row.sha256, row.hash, row.aspect, row.key, row.expiresAtMs);
    sql.exec('DELETE FROM near_v1 WHERE sha256 NOT IN (SELECT sha256 FROM near_v1 ORDER BY expiresAtMs DESC LIMIT ?)', NEAR_ROWS_MAX);
    // One alarm, at the end of what came last; what ends before goes with the next that comes, or then.
    sql.exec('DELETE FROM near_v1 WHERE expiresAtMs <= ?', Date.now());
    await this.ctx.storage.setAlarm(row.expiresAtMs);
  }

  remove(sha256: string): void {
    this.ctx.storage.sql.exec('DELETE FROM near_v1 WHERE sha256 = ?', sha256);
  }

  override async alarm(): Promise<void> {
    const { sql } = this.ctx.storage;
    sql.exec('DELETE FROM near_v1 WHERE expiresAtMs <= ?', Date.now());
    const [next] = sql.exec<{ atMs: number | null }>('SELECT MIN(expiresAtMs) AS atMs FROM near_v1').toArray();
    if (typeof next?.atMs === 'number') await this.ctx.storage.setAlarm(next.atMs);
  }

  #rows(): readonly NearRow[] {
    return this.ctx.storage.sql.exec<NearRow & Record<string, SqlStorageValue>>('SELECT sha256, hash, aspect, key, expiresAtMs FROM near_v1').toArray();
  }
}
