/** Files that others take for one another: same MD5, or same SHA-1. Here they share nothing. */
import { beforeEach, describe, expect, it } from 'vitest';
import { inspectImage } from '../../../src/core/image/info.ts';
import { md5Pictures, sha1Documents } from '../../support/collision.ts';
import { hexHash } from '../../support/hash.ts';
import { startService } from '../../support/service.ts';
import { bindings, cachedNames, emptyStorage } from '../../support/storage.ts';

const [RED, BLUE] = md5Pictures();

const digest = async (algorithm: string, bytes: BufferSource) => new Uint8Array(await crypto.subtle.digest(algorithm, bytes)).toHex();

describe('the pairs of this test', () => {
  it('are two pictures of one size and one MD5 that show different colours', async () => {
    expect(await digest('MD5', RED)).toBe(await digest('MD5', BLUE));
    expect(RED).not.toEqual(BLUE);
    expect(RED.length).toBe(BLUE.length);
    for (const file of [RED, BLUE]) expect(inspectImage(file)).toMatchObject({ mediaType: 'image/gif', width: 64, height: 64, frames: 1 });
  });

  it('are two beginnings of documents of one SHA-1', async () => {
    const [one, other] = sha1Documents();
    expect(await digest('SHA-1', one)).toBe('f92d74e3874587aaf443d1db961d4e26dde13e9c');
    expect(await digest('SHA-1', other)).toBe('f92d74e3874587aaf443d1db961d4e26dde13e9c');
    expect(one).not.toEqual(other);
  });
});

describe('two pictures with one MD5', () => {
  beforeEach(emptyStorage);

  it('have two entries and two answers, each its own again', async () => {
    const service = startService();
    const describeAll = async () => {
      const answers: any[] = [];
      for (const file of [RED, BLUE]) answers.push(await (await service.upload('/v1/describe', file, 'image/gif')).json());
      return answers;
    };
    const first = await describeAll();
    expect(first.map(({ cache }) => cache.status)).toEqual(['miss', 'miss']);
    const hashes = await Promise.all([RED, BLUE].map(hexHash));
    expect(first.map(({ images }) => images[0].image_id)).toEqual(hashes.map((hash) => `sha256:${hash}`));
    const [red, blue] = first.map(({ descriptions }) => descriptions);
    expect(red).not.toEqual(blue);
    expect(await cachedNames()).toHaveLength(2);
    const second = await describeAll();
    expect(second.map(({ cache }) => cache.status)).toEqual(['hit', 'hit']);
    expect(second.map(({ descriptions }) => descriptions)).toEqual([red, blue]);
    expect(await service.calls()).toHaveLength(2);
  });

  it('share no flight', async () => {
    const service = startService();
    const answers = await Promise.all([RED, BLUE].map((file) => service.upload('/v1/describe', file, 'image/gif')));
    for (const answer of answers) expect(await answer.json()).toMatchObject({ cache: { status: 'miss' } });
    expect(await service.calls()).toHaveLength(2);
  });

  it('are stored as two images, and one outlives the other', async () => {
    const service = startService();
    const ids: string[] = [];
    for (const file of [RED, BLUE]) ids.push(((await (await service.upload('/v1/images', file, 'image/gif')).json()) as any).image_id);
    expect(new Set(ids).size).toBe(2);
    expect((await bindings.IMAGES.list()).objects).toHaveLength(2);
    const [red, blue] = ids;
    expect((await service.send(`/v1/images/${red}`, { method: 'DELETE' })).status).toBe(200);
    expect((await service.send(`/v1/images/${red}`)).status).toBe(404);
    expect(await (await service.send(`/v1/images/${blue}`)).bytes()).toEqual(BLUE);
  });

  it('are two bodies for one Idempotency-Key', async () => {
    const service = startService();
    const headers = { 'content-type': 'image/gif', 'idempotency-key': crypto.randomUUID() };
    const statuses: number[] = [];
    for (const body of [RED, BLUE, RED]) statuses.push((await service.send('/v1/describe', { method: 'POST', headers, body })).status);
    expect(statuses).toEqual([200, 422, 200]);
  });
});
