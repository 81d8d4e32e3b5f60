/** The Durable Object of an account: what is counted for a tenant. It handles one call after the other, and its methods never wait. */
import { DurableObject } from 'cloudflare:workers';
import type { BucketTake, TakeResult } from '../../core/key/token-bucket.ts';
import { createBucketTable, takeFromBuckets } from './bucket.ts';

export class Account extends DurableObject {
  readonly #sql: SqlStorage;

  constructor(state: DurableObjectState, environment: unknown) {
    super(state, environment as never);
    this.#sql = state.storage.sql;
    createBucketTable(this.#sql);
  }

  /** Takes from all buckets or from none. */
  take(takes: readonly BucketTake[], nowMs: number): TakeResult {
    return this.ctx.storage.transactionSync(() => takeFromBuckets(this.#sql, takes, nowMs));
  }
}
