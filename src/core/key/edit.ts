/** How a managed key changes: from one record to the next, and from a wish to a change of the record that is there then. */
import type { KeyRecord } from './record.ts';

/** What the owner decides about a key. */
export type KeySettings = Omit<KeyRecord, 'id' | 'version' | 'createdAtMs' | 'revokedAtMs' | 'secrets'>;

/** What is to be different: `null` takes a setting back, what is absent stays. The tenant stays: what is stored belongs to it. */
export interface SettingsChange extends Partial<Omit<KeySettings, 'tenant' | 'models' | 'retentionDays' | 'expiresAtMs'>> {
  readonly models?: KeyRecord['models'] | null;
  readonly retentionDays?: number | null;
  readonly expiresAtMs?: number | null;
}

/** A change as it is asked for, before it is known upon which state of the key it comes. */
export type KeyEdit =
  | { readonly kind: 'settings'; readonly change: SettingsChange }
  | { readonly kind: 'rotation'; readonly sha256: string; readonly overlapSeconds: number }
  | { readonly kind: 'revocation' };

type Secret = KeyRecord['secrets'][number];

/** A record to be written, the secrets that are to lead to it from now on, and those that no longer do. */
export interface KeyChange {
  readonly record: KeyRecord;
  readonly added: readonly Secret[];
  readonly dropped: readonly Secret[];
}

/** The record of a new key. */
export function createKey(settings: KeySettings, { id, sha256, nowMs }: { readonly id: string; readonly sha256: string; readonly nowMs: number }): KeyChange {
  const secret = { sha256, createdAtMs: nowMs };
  return { record: { ...settings, id, version: 1, createdAtMs: nowMs, secrets: [secret] }, added: [secret], dropped: [] };
}

/** What a change makes of a key; `undefined` where it is revoked, since no change can bring it back. */
export function editKey(record: KeyRecord, edit: KeyEdit, nowMs: number): KeyChange | undefined {
  if (edit.kind === 'revocation') return revokeKey(record, nowMs);
  if (record.revokedAtMs !== undefined) return undefined;
  if (edit.kind === 'rotation') return rotateKey(record, edit.sha256, edit.overlapSeconds, nowMs);
  return { record: next(changeSettings(record, edit.change)), added: [], dropped: [] };
}

/** Of two copies of a record the later one. */
export function newestOf(one: KeyRecord | undefined, other: KeyRecord | undefined): KeyRecord | undefined {
  return one === undefined || (other !== undefined && other.version > one.version) ? other : one;
}

/** The record with other settings; limits are replaced as a whole. */
export function changeSettings(record: KeyRecord, change: SettingsChange): KeyRecord {
  const { models, retentionDays, expiresAtMs, ...rest } = record;
  const kept = <T>(value: T | null | undefined, present: T | undefined): T | undefined => (value === null ? undefined : (value ?? present));
  const optional = {
    models: kept(change.models, models),
    retentionDays: kept(change.retentionDays, retentionDays),
    expiresAtMs: kept(change.expiresAtMs, expiresAtMs),
  };
  return {
    ...rest,
    name: change.name ?? rest.name,
    scopes: change.scopes ?? rest.scopes,
    limits: change.limits ?? rest.limits,
    store: change.store ?? rest.store,
    ...(optional.models === undefined ? {} : { models: optional.models }),
    ...(optional.retentionDays === undefined ? {} : { retentionDays: optional.retentionDays }),
    ...(optional.expiresAtMs === undefined ? {} : { expiresAtMs: optional.expiresAtMs }),
  };
}

/** A further secret; the present one works for the overlap, and one that was on its way out ends at once. */
export function rotateKey(record: KeyRecord, sha256: string, overlapSeconds: number, nowMs: number): KeyChange {
  const [present, ...older] = record.secrets;
  const secret = { sha256, createdAtMs: nowMs };
  if (present === undefined || overlapSeconds === 0) return { record: next({ ...record, secrets: [secret] }), added: [secret], dropped: record.secrets };
  const secrets = [secret, { ...present, endsAtMs: nowMs + overlapSeconds * 1000 }];
  return { record: next({ ...record, secrets }), added: secrets, dropped: older };
}

/** The same key, never to work again. One that is revoked already keeps its time. */
export function revokeKey(record: KeyRecord, nowMs: number): KeyChange {
  return { record: next({ ...record, revokedAtMs: record.revokedAtMs ?? nowMs }), added: [], dropped: record.secrets };
}

function next(record: KeyRecord): KeyRecord {
  return { ...record, version: record.version + 1 };
}
