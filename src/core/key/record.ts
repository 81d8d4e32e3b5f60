/**
 * What is kept of a managed key. Two kinds of entries: `key:v1:<sha256 of a secret>` leads to the
 * id, `key-id:v2:<id>` holds this record. A secret works only while both say so: a record that was read too old and
 * written back cannot bring a revoked secret to life again, because nothing leads to it any more.
 */
import * as z from 'zod';
import { type Caller, type CallerLimits, SCOPES, STORE_MODES } from './caller.ts';
import * as limit from './limit.ts';
import type { KeyChange } from './edit.ts';
import { isKeyId } from './secret.ts';
import { KEY_RECORD_PREFIX, SECRET_INDEX_PREFIX } from '../stored/version.ts';

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);
const timeMs = z.int().min(0);

export const limitsSchema = z.strictObject({
  usdDay: z.number().min(0).max(limit.USD_MAX).exactOptional(),
  usdMonth: z.number().min(0).max(limit.USD_MAX).exactOptional(),
  imageTokensDay: z.int().min(0).max(limit.TOKENS_MAX).exactOptional(),
  imageTokensMonth: z.int().min(0).max(limit.TOKENS_MAX).exactOptional(),
  requestsMinute: z.int().min(1).max(limit.REQUESTS_MAX).exactOptional(),
  imageTokensMinute: z.int().min(1).max(limit.TOKENS_MAX).exactOptional(),
});

const pointerSchema = z.strictObject({ id: z.string().refine(isKeyId) });

export const keyRecordSchema = z.strictObject({
  id: z.string().refine(isKeyId),
  /** Grows with each change, so that of two copies the later one is known. */
  version: z.int().min(1),
  name: z.string().min(1).max(limit.NAME_CHARACTERS_MAX),
  tenant: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  scopes: z.array(z.enum(SCOPES)).min(1),
  /** Absent: all models. */
  models: z.array(z.string().min(1).max(limit.MODEL_CHARACTERS_MAX)).min(1).max(limit.MODELS_MAX).exactOptional(),
  limits: limitsSchema,
  store: z.enum(STORE_MODES),
  retentionDays: z.int().min(1).max(limit.RETENTION_DAYS_MAX).exactOptional(),
  createdAtMs: timeMs,
  expiresAtMs: timeMs.exactOptional(),
  revokedAtMs: timeMs.exactOptional(),
  /** Newest first. All but the first have an end. */
  secrets: z
    .array(z.strictObject({ sha256: sha256Schema, createdAtMs: timeMs, endsAtMs: timeMs.exactOptional() }))
    .min(1)
    .max(limit.SECRETS_MAX),
});
export type KeyRecord = z.infer<typeof keyRecordSchema>;

/** A key with what is kept of its tenant. */
export interface KnownKey {
  readonly record: KeyRecord;
  readonly tenantLimits: CallerLimits;
}

/** What a change means for the store: entries to put, with the time (seconds since 1970) at which they go, and keys to delete. */
export interface KeyEntries {
  readonly puts: readonly { readonly key: string; readonly value: string; readonly expiration?: number }[];
  readonly deletes: readonly string[];
}

/** The record in a stored value, or `undefined` when it is not a valid one of this id. */
export function readKeyRecord(value: unknown, id: string): KeyRecord | undefined {
  const parsed = keyRecordSchema.safeParse(value);
  return parsed.success && parsed.data.id === id ? parsed.data : undefined;
}

/** The caller behind a secret with this hash at this time; `undefined` once it is revoked, expired or rotated away. */
export function callerOf({ record, tenantLimits }: KnownKey, sha256: string, nowMs: number): Caller | undefined {
  if (record.revokedAtMs !== undefined || hasPassed(record.expiresAtMs, nowMs)) return undefined;
  const secret = record.secrets.find((known) => known.sha256 === sha256);
  if (secret === undefined || hasPassed(secret.endsAtMs, nowMs)) return undefined;
  const { id, tenant, scopes, models, limits, store, retentionDays } = record;
  return {
    tenant,
    key: id,
    scopes,
    limits,
    tenantLimits,
    store,
    ...(models === undefined ? {} : { models }),
    ...(retentionDays === undefined ? {} : { retentionDays }),
  };
}

/** When a secret stops working by itself, in milliseconds since 1970, as far as it is known now. */
export function endOf(record: KeyRecord, sha256: string): number | undefined {
  const ends = [record.expiresAtMs, record.secrets.find((secret) => secret.sha256 === sha256)?.endsAtMs].filter((end) => end !== undefined);
  return ends.length === 0 ? undefined : Math.min(...ends);
}

/** Until when a record is kept, milliseconds since 1970; `undefined`: for good. */
export function recordEndMs({ revokedAtMs }: KeyRecord): number | undefined {
  return revokedAtMs === undefined ? undefined : revokedAtMs + limit.REVOKED_KEPT_SECONDS * 1000;
}

/** KV takes no expiration closer than 60 s; half a minute more for a change that has to wait for its turn. */
const EXPIRATION_SECONDS_MIN = 90;

/** The entries that a change writes. What leads to a secret with an end goes by itself; so, after a while, does a revoked record. */
export function entriesOf({ record, added, dropped }: KeyChange, nowMs: number): KeyEntries {
  const soonest = Math.ceil(nowMs / 1000) + EXPIRATION_SECONDS_MIN;
  const expiring = (atMs: number | undefined) => (atMs === undefined ? {} : { expiration: Math.max(soonest, Math.ceil(atMs / 1000)) });
  const pointer = JSON.stringify({ id: record.id });
  return {
    puts: [
      ...added.map(({ sha256, endsAtMs }) => ({ key: SECRET_INDEX_PREFIX + sha256, value: pointer, ...expiring(endsAtMs) })),
      { key: KEY_RECORD_PREFIX + record.id, value: JSON.stringify(record), ...expiring(recordEndMs(record)) },
    ],
    deletes: dropped.map(({ sha256 }) => SECRET_INDEX_PREFIX + sha256),
  };
}

/** The id in the value under a secret's hash. */
export function readPointer(value: unknown): string | undefined {
  const parsed = pointerSchema.safeParse(value);
  return parsed.success ? parsed.data.id : undefined;
}

function hasPassed(endMs: number | undefined, nowMs: number): boolean {
  return endMs !== undefined && endMs <= nowMs;
}
