/** `/v1/admin/keys`: API keys of all tenants, for callers with the scope `admin`. */
import { Hono } from 'hono';
import { writeCursor } from '../../core/key/cursor.ts';
import type { KnownKey } from '../../core/key/record.ts';
import { keyResponse, parseKeyPage } from '../../core/key/settings.ts';
import { changeKey, createKey, findKey, listKeys, revokeKey, rotateKey } from '../../operation/admin-key.ts';
import { readSettings } from '../body.ts';
import type { AppEnv, AppOptions } from '../context.ts';
import { parametersOf } from '../query.ts';
import { respond } from '../respond.ts';

export function adminKeyRoute(options: AppOptions): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .post('/', (c) =>
      respond(c, options, createKey, {
        read: async (hold) => ({ settings: await readSettings(c, options, hold) }),
        write: ({ key, secret }) => {
          c.header('location', `/v1/admin/keys/${key.record.id}`);
          return c.json({ ...shown(key), secret }, 201);
        },
      }),
    )
    .get('/', (c) =>
      respond(c, options, listKeys, {
        read: () => parseKeyPage(parametersOf(c, ['limit', 'cursor'])),
        write: ({ keys, cursor }) => c.json({ type: 'list', data: keys.map(shown), next_cursor: writeCursor(cursor) ?? null }),
      }),
    )
    .get('/:id', (c) => respond(c, options, findKey, { read: () => ({ id: c.req.param('id') }), write: (key) => c.json(shown(key)) }))
    .patch('/:id', (c) =>
      respond(c, options, changeKey, {
        read: async (hold) => ({ id: c.req.param('id'), settings: await readSettings(c, options, hold) }),
        write: (key) => c.json(shown(key)),
      }),
    )
    .delete('/:id', (c) => respond(c, options, revokeKey, { read: () => ({ id: c.req.param('id') }), write: () => c.body(null, 204) }))
    .post('/:id/rotate', (c) =>
      respond(c, options, rotateKey, {
        read: async (hold) => ({ id: c.req.param('id'), settings: await readSettings(c, options, hold) }),
        write: ({ key, secret }) => c.json({ ...shown(key), secret }),
      }),
    );
}

function shown(key: KnownKey) {
  return keyResponse(key, (ms) => new Date(ms).toISOString());
}
