/** Managed keys as an operator would have made them. */
import { keyStore } from '../../src/adapter/key-store/client.ts';
import { createKey } from '../../src/core/key/edit.ts';
import { formatKeyId, formatSecret } from '../../src/core/key/secret.ts';
import { parseCreateKey } from '../../src/core/key/settings.ts';
import { hexHash } from './hash.ts';
import { bindings } from './storage.ts';

/** Writes a key into the store of the test file. `body` is that of `POST /v1/admin/keys`. */
export async function makeKey(
  body: Record<string, unknown> = {},
): Promise<{ readonly id: string; readonly secret: string; readonly header: Record<string, string> }> {
  const nowMs = Date.now();
  const secret = formatSecret(crypto.getRandomValues(new Uint8Array(20)));
  const id = formatKeyId(nowMs, crypto.getRandomValues(new Uint8Array(6)));
  const store = keyStore(bindings.DESCRIPTIONS, bindings.KEY_REGISTER);
  const { key, tenantLimits } = parseCreateKey({ tenant: 'shop', ...body }, { nowMs, parse: Date.parse });
  if (tenantLimits !== undefined) await store.limitTenant(key.tenant, tenantLimits);
  await store.create(createKey(key, { id, sha256: await hexHash(new TextEncoder().encode(secret)), nowMs }), nowMs);
  return { id, secret, header: { authorization: `Bearer ${secret}` } };
}
