import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import type { NearDuplicates } from '../../src/adapter/near-duplicate/object.ts';

const namespace = (env as unknown as { NEAR_DUPLICATES: DurableObjectNamespace<NearDuplicates> }).NEAR_DUPLICATES;

describe('what pictures look like', () => {
  it('is forgotten when its time is over, also in a group that never rests', async () => {
    const group = namespace.get(namespace.idFromName(crypto.randomUUID()));
    const row = (sha256: string, expiresAtMs: number) => ({ sha256, hash: '0123456789abcdef', aspect: 1, key: 'description:v2:acme:0', expiresAtMs });
    await group.add(row('old', Date.now() - 1));
    await group.add(row('new', Date.now() + 3_600_000));
    const kept = await runInDurableObject(group, (_, state) => state.storage.sql.exec('SELECT sha256 FROM near_v1').toArray());
    expect(kept).toEqual([{ sha256: 'new' }]);
  });
});
