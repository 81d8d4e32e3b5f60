/** API keys of all tenants, for callers with the scope `admin`. Each change leaves a line in the log. */
import { Fault } from '../core/fault.ts';
import { createKey as newKey, type KeyEdit } from '../core/key/edit.ts';
import { ID_RANDOM_BYTES, SECRET_RANDOM_BYTES } from '../core/key/limit.ts';
import type { KeyRecord, KnownKey } from '../core/key/record.ts';
import { formatKeyId, formatSecret, isKeyId } from '../core/key/secret.ts';
import { parseChangeKey, parseCreateKey, parseRotateKey } from '../core/key/settings.ts';
import type { Context } from '../stage/session/context.ts';
import { operation } from './perform.ts';

/** A key with its secret, which is shown once. */
export interface KeyWithSecret {
  readonly key: KnownKey;
  readonly secret: string;
}

/** @throws invalid_request, overloaded */
export const createKey = operation('createKey', async ({ settings }: Settings, context): Promise<KeyWithSecret> => {
  const { keys, clock, sha256 } = context.ports;
  const nowMs = clock.nowMs();
  const { key, tenantLimits } = parseCreateKey(settings, { nowMs, parse: Date.parse });
  const secret = formatSecret(randomBytes(SECRET_RANDOM_BYTES));
  const id = formatKeyId(nowMs, randomBytes(ID_RANDOM_BYTES));
  const created = newKey(key, { id, sha256: await sha256(secret), nowMs });
  // First what binds it, then the key.
  if (tenantLimits !== undefined) await keys.limitTenant(key.tenant, tenantLimits);
  await keys.create(created, nowMs);
  return { key: await noted('key_created', created.record, context), secret };
});

/** @throws invalid_request, overloaded */
export const listKeys = operation('listKeys', async (page: { readonly keysMax: number; readonly cursor: string | undefined }, context) => {
  const { records, cursor } = await context.ports.keys.list(page);
  return { keys: await withLimits(records, context), cursor };
});

/** @throws not_found, overloaded */
export const findKey = operation('getKey', async ({ id }: KeyId, context): Promise<KnownKey> => {
  return withLimitsOf(found(await context.ports.keys.find(checkedId(id))), context);
});

/** @throws not_found, invalid_request, overloaded */
export const changeKey = operation('changeKey', async ({ id, settings }: KeyId & Settings, context): Promise<KnownKey> => {
  const { keys, clock } = context.ports;
  const { key, tenantLimits } = parseChangeKey(settings, { nowMs: clock.nowMs(), parse: Date.parse });
  const record = await edited(id, { kind: 'settings', change: key }, context);
  if (tenantLimits !== undefined) await keys.limitTenant(record.tenant, tenantLimits);
  return noted('key_changed', record, context);
});

/** @throws not_found, invalid_request, overloaded */
export const revokeKey = operation('revokeKey', async ({ id }: KeyId, context): Promise<KnownKey> => {
  return noted('key_revoked', await edited(id, { kind: 'revocation' }, context), context);
});

/** @throws not_found, invalid_request, overloaded */
export const rotateKey = operation('rotateKey', async ({ id, settings }: KeyId & Settings, context): Promise<KeyWithSecret> => {
  const overlapSeconds = parseRotateKey(settings);
  const secret = formatSecret(randomBytes(SECRET_RANDOM_BYTES));
  const record = await edited(id, { kind: 'rotation', sha256: await context.ports.sha256(secret), overlapSeconds }, context);
  return { key: await noted('key_rotated', record, context), secret };
});

interface KeyId {
  readonly id: string;
}

interface Settings {
  /** As JSON, unchecked. */
  readonly settings: unknown;
}

/** A revoked key stays as it was: it could not be brought back by a change. */
async function edited(id: string, edit: KeyEdit, { ports }: Context): Promise<KeyRecord> {
  const outcome = await ports.keys.change(checkedId(id), edit, ports.clock.nowMs());
  if (outcome === 'unknown') return found<KeyRecord>(undefined);
  if (outcome !== 'revoked') return outcome;
  throw new Fault('invalid_request', 'This key is revoked and cannot be changed. Create a new one.', { param: 'id' });
}

async function noted(event: string, record: KeyRecord, context: Context): Promise<KnownKey> {
  const { id, tenant } = record;
  context.log({ event, request_id: context.requestId, key: id, tenant, by: context.caller.key });
  return withLimitsOf(record, context);
}

async function withLimitsOf(record: KeyRecord, context: Context): Promise<KnownKey> {
  const [known] = await withLimits([record], context);
  return known ?? { record, tenantLimits: {} };
}

async function withLimits(records: readonly KeyRecord[], { ports }: Context): Promise<readonly KnownKey[]> {
  const limits = await ports.keys.tenantLimits(records.map(({ tenant }) => tenant));
  return records.map((record) => ({ record, tenantLimits: limits.get(record.tenant) ?? {} }));
}

/** What is formed like no id leads to no key. */
function checkedId(id: string): string {
  return found(isKeyId(id) ? id : undefined);
}

function found<T>(record: T | undefined): T {
  if (record !== undefined) return record;
  throw new Fault('not_found', 'There is no key with this id. GET /v1/admin/keys lists all.', { param: 'id' });
}

function randomBytes(count: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(count));
}
