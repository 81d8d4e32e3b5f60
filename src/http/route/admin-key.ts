/** `/v1/admin/keys`: API keys of all tenants, for callers with the scope `admin`. */
import { Hono } from 'hono';
import { ID_RANDOM_BYTES, SECRET_RANDOM_BYTES } from '../../core/key/limit.ts';
import { writeCursor } from '../../core/key/cursor.ts';
import { createKey, type KeyEdit } from '../../core/key/edit.ts';
import type { KeyRecord } from '../../core/key/record.ts';
import { formatKeyId, formatSecret, isKeyId } from '../../core/key/secret.ts';
import { keyResponse, parseChangeKey, parseCreateKey, parseKeyPage, parseRotateKey } from '../../core/key/settings.ts';
import { Fault } from '../../error.ts';
import { withJson } from '../body.ts';
import type { AppContext, AppEnv, AppOptions } from '../context.ts';
import { parametersOf } from '../query.ts';

export function adminKeyRoute(options: AppOptions): Hono<AppEnv> {
  const { keys, clock, sha256 } = options.ports;

  /** Leaves a line about a change in the log, and gives the key as it is shown. */
  async function changed(c: AppContext, event: string, record: KeyRecord) {
    const { id, tenant } = record;
    options.log({ event, request_id: c.get('requestId'), key: id, tenant, by: c.get('caller').key });
    return shownOne(record);
  }

  async function change(c: AppContext, event: string, edit: KeyEdit) {
    return changed(c, event, changeable(await keys.change(idOf(c), edit, clock.nowMs())));
  }

  async function shownOne(record: KeyRecord) {
    const [key] = await shown([record]);
    return key;
  }

  async function shown(records: readonly KeyRecord[]) {
    const limits = await keys.tenantLimits(records.map(({ tenant }) => tenant));
    return records.map((record) => keyResponse({ record, tenantLimits: limits.get(record.tenant) ?? {} }, (ms) => new Date(ms).toISOString()));
  }

  return new Hono<AppEnv>()
    .post('/', (c) =>
      withJson(c, options, async (body) => {
        const nowMs = clock.nowMs();
        const { key, tenantLimits } = parseCreateKey(body, { nowMs, parse: Date.parse });
        const secret = formatSecret(randomBytes(SECRET_RANDOM_BYTES));
        const id = formatKeyId(nowMs, randomBytes(ID_RANDOM_BYTES));
        const created = createKey(key, { id, sha256: await sha256(secret), nowMs });
        // First what binds it, then the key.
        if (tenantLimits !== undefined) await keys.limitTenant(key.tenant, tenantLimits);
        await keys.create(created, nowMs);
        c.header('location', `/v1/admin/keys/${id}`);
        return c.json({ ...(await changed(c, 'key_created', created.record)), secret }, 201);
      }),
    )
    .get('/', async (c) => {
      const { records, cursor } = await keys.list(parseKeyPage(parametersOf(c, ['limit', 'cursor'])));
      return c.json({ type: 'list', data: await shown(records), next_cursor: writeCursor(cursor) ?? null });
    })
    .get('/:id', async (c) => c.json(await shownOne(found(await keys.find(idOf(c))))))
    .patch('/:id', (c) =>
      withJson(c, options, async (body) => {
        const { key, tenantLimits } = parseChangeKey(body, { nowMs: clock.nowMs(), parse: Date.parse });
        const record = changeable(await keys.change(idOf(c), { kind: 'settings', change: key }, clock.nowMs()));
        if (tenantLimits !== undefined) await keys.limitTenant(record.tenant, tenantLimits);
        return c.json(await changed(c, 'key_changed', record));
      }),
    )
    .delete('/:id', async (c) => {
      await change(c, 'key_revoked', { kind: 'revocation' });
      return c.body(null, 204);
    })
    .post('/:id/rotate', (c) =>
      withJson(c, options, async (body) => {
        const overlapSeconds = parseRotateKey(body);
        const secret = formatSecret(randomBytes(SECRET_RANDOM_BYTES));
        return c.json({ ...(await change(c, 'key_rotated', { kind: 'rotation', sha256: await sha256(secret), overlapSeconds })), secret });
      }),
    );
}

/** The id in the path; what is formed like none leads to no key. */
function idOf(c: AppContext): string {
  const id = c.req.param('id') ?? '';
  return found(isKeyId(id) ? id : undefined);
}

function found<T>(record: T | undefined): T {
  if (record !== undefined) return record;
  throw new Fault('not_found', 'There is no key with this id. GET /v1/admin/keys lists all.', { param: 'id' });
}

/** A revoked key stays as it was: it could not be brought back by a change. */
function changeable(outcome: KeyRecord | 'unknown' | 'revoked'): KeyRecord {
  if (outcome === 'unknown') return found<KeyRecord>(undefined);
  if (outcome !== 'revoked') return outcome;
  throw new Fault('invalid_request', 'This key is revoked and cannot be changed. Create a new one.', { param: 'id' });
}

function randomBytes(count: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(count));
}
