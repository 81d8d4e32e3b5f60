/** What can be done to keys from the command line, by the same rules as over HTTP. */
import { createHash, randomBytes } from 'node:crypto';
import { ID_RANDOM_BYTES, SECRET_RANDOM_BYTES } from '../../src/core/key/limit.ts';
import { createKey, revokeKey, rotateKey } from '../../src/core/key/edit.ts';
import { entriesOf, readKeyRecord } from '../../src/core/key/record.ts';
import { KEY_RECORD_PREFIX } from '../../src/core/stored/version.ts';
import { readTenantLimits, tenantKey, tenantValue } from '../../src/core/key/tenant.ts';
import { formatKeyId, formatSecret, isKeyId } from '../../src/core/key/secret.ts';
import { keyResponse, parseCreateKey, parseRotateKey } from '../../src/core/key/settings.ts';

/** Creates a key as the body of `POST /v1/admin/keys` says. Gives it with its secret. */
export async function create(namespace, body) {
  const nowMs = Date.now();
  const { key, tenantLimits } = parseCreateKey(body, { nowMs, parse: Date.parse });
  const secret = formatSecret(randomBytes(SECRET_RANDOM_BYTES));
  const id = formatKeyId(nowMs, randomBytes(ID_RANDOM_BYTES));
  // First what binds it, then the key.
  if (tenantLimits !== undefined) await namespace.put([{ key: tenantKey(key.tenant), value: tenantValue(tenantLimits) }]);
  return { ...(await write(namespace, createKey(key, { id, sha256: sha256(secret), nowMs }), nowMs)), secret };
}

/** All keys, the oldest first. */
export async function list(namespace) {
  const names = (await namespace.list(KEY_RECORD_PREFIX)).toSorted();
  const values = await namespace.read(names);
  const records = names.map((name, index) => recordIn(values[index], name.slice(KEY_RECORD_PREFIX.length)));
  return shown(
    namespace,
    records.filter((record) => record !== undefined),
  );
}

/** Gives a key a new secret; the present one works for the overlap. */
export async function rotate(namespace, id, body) {
  const overlapSeconds = parseRotateKey(body);
  const record = await find(namespace, id);
  if (record.revokedAtMs !== undefined) throw new Error(`${id} is revoked and cannot be changed. Create a new key.`);
  const secret = formatSecret(randomBytes(SECRET_RANDOM_BYTES));
  const nowMs = Date.now();
  return { ...(await write(namespace, rotateKey(record, sha256(secret), overlapSeconds, nowMs), nowMs)), secret };
}

/** Revokes a key for good. */
export async function revoke(namespace, id) {
  const nowMs = Date.now();
  return write(namespace, revokeKey(await find(namespace, id), nowMs), nowMs);
}

async function find(namespace, id) {
  const [value] = isKeyId(id) ? await namespace.read([KEY_RECORD_PREFIX + id]) : [];
  const record = recordIn(value, id);
  if (record === undefined) throw new Error(`There is no key ${id} here. "npm run keys -- list" shows all.`);
  return record;
}

async function write(namespace, change, nowMs) {
  const { puts, deletes } = entriesOf(change, nowMs);
  // What is to stop working goes first, should the second step fail.
  if (deletes.length > 0) await namespace.remove(deletes);
  await namespace.put(puts);
  const [key] = await shown(namespace, [change.record]);
  return key;
}

function recordIn(value, id) {
  return value === undefined ? undefined : readKeyRecord(JSON.parse(value), id);
}

async function shown(namespace, records) {
  const tenants = [...new Set(records.map(({ tenant }) => tenant))];
  const values = await namespace.read(tenants.map(tenantKey));
  const limits = new Map(tenants.map((tenant, index) => [tenant, readTenantLimits(values[index] && JSON.parse(values[index]))]));
  return records.map((record) => keyResponse({ record, tenantLimits: limits.get(record.tenant) }, (ms) => new Date(ms).toISOString()));
}

function sha256(text) {
  return createHash('sha256').update(text).digest('hex');
}
