/** `/v1/admin/keys`: API keys of all tenants, for callers with the scope `admin`. */
import { Hono } from 'hono';
import { ID_RANDOM_BYTES, PAGE_KEYS_DEFAULT, PAGE_KEYS_MAX, SECRET_RANDOM_BYTES } from '../../core/key/limit.ts';
import { createKey, type KeyChange, type KeyRecord, revokeKey, rotateKey } from '../../core/key/record.ts';
import { formatKeyId, formatSecret, isKeyId } from '../../core/key/secret.ts';
import { keyResponse, parseChangeKey, parseCreateKey, parseRotateKey } from '../../core/key/settings.ts';
import { Fault } from '../../error.ts';
import { withBody } from '../body.ts';
import type { AppContext, AppEnv, AppOptions } from '../context.ts';

export function adminKeyRoute(options: AppOptions): Hono<AppEnv> {
  const { keys, clock, sha256 } = options.ports;

  /** Writes a change, leaves a line about it in the log, and gives the key as it is shown. */
  async function write(c: AppContext, event: string, change: KeyChange) {
    await keys.write(change, clock.nowMs());
    const { id, tenant } = change.record;
    options.log({ event, request_id: c.get('requestId'), key: id, tenant, by: c.get('caller').key });
    return shown(change.record);
  }

  return new Hono<AppEnv>()
    .post('/', (c) =>
      withJson(c, options, async (body) => {
        const nowMs = clock.nowMs();
        const settings = parseCreateKey(body, { nowMs, parse: Date.parse });
        const secret = formatSecret(randomBytes(SECRET_RANDOM_BYTES));
        const id = formatKeyId(nowMs, randomBytes(ID_RANDOM_BYTES));
        const key = await write(c, 'key_created', createKey(settings, { id, sha256: await sha256(secret), nowMs }));
        c.header('location', `/v1/admin/keys/${id}`);
        return c.json({ ...key, secret }, 201);
      }),
    )
    .get('/', async (c) => {
      const { records, cursor } = await keys.list(pageOf(c));
      return c.json({ type: 'list', data: records.map(shown), next_cursor: cursor ?? null });
    })
    .get('/:id', async (c) => c.json(shown(await findKey(c, options))))
    .patch('/:id', (c) =>
      withJson(c, options, async (body) => {
        const record = parseChangeKey(body, await findActiveKey(c, options), { nowMs: clock.nowMs(), parse: Date.parse });
        return c.json(await write(c, 'key_changed', { record, added: [], dropped: [] }));
      }),
    )
    .delete('/:id', async (c) => {
      await write(c, 'key_revoked', revokeKey(await findKey(c, options), clock.nowMs()));
      return c.body(null, 204);
    })
    .post('/:id/rotate', (c) =>
      withJson(c, options, async (body) => {
        const overlapSeconds = parseRotateKey(body);
        const record = await findActiveKey(c, options);
        const secret = formatSecret(randomBytes(SECRET_RANDOM_BYTES));
        return c.json({ ...(await write(c, 'key_rotated', rotateKey(record, await sha256(secret), overlapSeconds, clock.nowMs()))), secret });
      }),
    );
}

function shown(record: KeyRecord) {
  return keyResponse(record, (ms) => new Date(ms).toISOString());
}

/** The body may be left out where all of it may. */
function withJson(c: AppContext, options: AppOptions, use: (body: unknown) => Promise<Response>): Promise<Response> {
  if (c.req.raw.body === null) return use({});
  return withBody(c, options, ({ json, uploads }) => {
    if (uploads.length > 0) throw new Fault('unsupported_media_type', 'Keys are described in JSON. Send application/json.', { param: 'content-type' });
    return use(json);
  });
}

async function findKey(c: AppContext, { ports }: AppOptions): Promise<KeyRecord> {
  const id = c.req.param('id') ?? '';
  const record = isKeyId(id) ? await ports.keys.find(id) : undefined;
  if (record !== undefined) return record;
  throw new Fault('not_found', 'There is no key with this id. GET /v1/admin/keys lists all; a new one may take a minute to show.', { param: 'id' });
}

/** A revoked key stays as it was: it could not be brought back by a change. */
async function findActiveKey(c: AppContext, options: AppOptions): Promise<KeyRecord> {
  const record = await findKey(c, options);
  if (record.revokedAtMs === undefined) return record;
  throw new Fault('invalid_request', 'This key is revoked and cannot be changed. Create a new one.', { param: 'id' });
}

function pageOf(c: AppContext): { readonly keysMax: number; readonly cursor: string | undefined } {
  const asked = c.req.query('limit') ?? String(PAGE_KEYS_DEFAULT);
  const keysMax = /^\d{1,4}$/.test(asked) ? Number(asked) : 0;
  if (keysMax < 1 || keysMax > PAGE_KEYS_MAX)
    throw new Fault('invalid_request', `The limit must be a whole number from 1 to ${PAGE_KEYS_MAX}.`, { param: 'limit' });
  const cursor = c.req.query('cursor');
  return { keysMax, cursor: cursor === '' ? undefined : cursor };
}

function randomBytes(count: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(count));
}
