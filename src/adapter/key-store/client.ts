/**
 * Managed keys: looked up in KV, which every place reads within a minute of a write; changed by the Durable Object of the key, one
 * change after the other.
 */
import { Fault } from '../../core/fault.ts';
import { readKeyRecord, readPointer } from '../../core/key/record.ts';
import { readTenantLimits, tenantKey, tenantValue } from '../../core/key/tenant.ts';
import type { KeyStore } from '../../port/key.ts';
import { readRecord } from './entry.ts';
import type { KeyOutcome, KeyRegisterObject } from './object.ts';
import { KEY_RECORD_PREFIX, SECRET_INDEX_PREFIX } from '../../core/stored/version.ts';

const RETRY_AFTER_SECONDS = 2;
const NOT_READ = 'The API key could not be looked up just now. Try again in a moment.';
const LIMITS_NOT_READ = 'The limits of tenants could not be read just now. Try again in a moment.';
const NOT_WRITTEN = 'The change could not be written; KV takes one write a second to each entry. Repeat it in a moment.';

export function keyStore(namespace: KVNamespace, register: DurableObjectNamespace<KeyRegisterObject>): KeyStore {
  const registerOf = (id: string) => register.get(register.idFromName(id));

  /** What the object of a key says, or that it cannot be asked. */
  const ask = async (message: string, work: () => Promise<KeyOutcome>) => {
    const outcome = await reach(message, work);
    if (outcome === 'unavailable') throw unavailable(message);
    return outcome;
  };

  return {
    findBySecret: (sha256) =>
      reach(NOT_READ, async () => {
        const id = readPointer(await namespace.get(SECRET_INDEX_PREFIX + sha256, 'json'));
        const record = id === undefined ? undefined : await readRecord(namespace, id);
        return record && { record, tenantLimits: readTenantLimits(await namespace.get(tenantKey(record.tenant), 'json')) };
      }),

    async find(id) {
      const outcome = await ask(NOT_READ, async () => registerOf(id).find(id));
      return typeof outcome === 'string' ? undefined : outcome;
    },

    async list({ keysMax, cursor }) {
      const page = await listPage(namespace, keysMax, cursor);
      const names = page.keys.map(({ name }) => name);
      const values = names.length === 0 ? new Map<string, unknown>() : await namespace.get(names, 'json');
      const records = names.map((name) => readKeyRecord(values.get(name), name.slice(KEY_RECORD_PREFIX.length)));
      // What was deleted since the list was made, or is of another version, is left out.
      return { records: records.filter((record) => record !== undefined), cursor: page.list_complete ? undefined : page.cursor };
    },

    async create(change, nowMs) {
      await ask(NOT_WRITTEN, async () => registerOf(change.record.id).create(change, nowMs));
    },

    change: (id, edit, nowMs) => ask(NOT_WRITTEN, async () => registerOf(id).change(id, edit, nowMs)),

    limitTenant: (tenant, limits) => reach(NOT_WRITTEN, () => namespace.put(tenantKey(tenant), tenantValue(limits))),

    tenantLimits: (tenants) =>
      reach(LIMITS_NOT_READ, async () => {
        const names = [...new Set(tenants)];
        const values = names.length === 0 ? new Map<string, unknown>() : await namespace.get(names.map(tenantKey), 'json');
        return new Map(names.map((tenant) => [tenant, readTenantLimits(values.get(tenantKey(tenant)))]));
      }),
  };
}

async function reach<T>(message: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw unavailable(message, cause);
  }
}

function unavailable(message: string, cause?: unknown): Fault {
  return new Fault('overloaded', message, { retryAfterSeconds: RETRY_AFTER_SECONDS, cause });
}

async function listPage(namespace: KVNamespace, keysMax: number, cursor: string | undefined) {
  try {
    return await namespace.list({ prefix: KEY_RECORD_PREFIX, limit: keysMax, ...(cursor === undefined ? {} : { cursor }) });
  } catch (cause) {
    if (cursor === undefined) throw cause;
    throw new Fault('invalid_request', 'This cursor leads nowhere. Take "next_cursor" of the page before as it is, or start without one.', {
      param: 'cursor',
      cause,
    });
  }
}
