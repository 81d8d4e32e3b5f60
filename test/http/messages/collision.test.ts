/** Requests whose files have one MD5, or one SHA-1, under the cache of `/v1/messages`. */
import { beforeEach, describe, expect, it } from 'vitest';
import { md5Pictures, sha1Documents } from '../../support/collision.ts';
import { emptyStorage } from '../../support/storage.ts';
import { imageBlock, QUESTION, startRelay } from './relay.ts';

const documentBlock = (bytes: Uint8Array) => ({ type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: bytes.toBase64() } });

const PAIRS = [
  ['pictures with one MD5', md5Pictures().map((bytes) => imageBlock(bytes, 'image/gif'))],
  ['documents with one SHA-1', sha1Documents().map(documentBlock)],
] as const;

describe('the cache of answers keeps apart', () => {
  beforeEach(emptyStorage);

  it.each(PAIRS)('%s, one after the other', async (_, blocks) => {
    const service = startRelay();
    const statusOf = async (block: object) => (await service.ask([block, QUESTION], {}, { 'x-vignette-cache': 'default' })).headers.get('cache-status');
    for (const block of blocks) expect(await statusOf(block)).toBe('Vignette; fwd=uri-miss');
    for (const block of blocks) expect(await statusOf(block)).toMatch(/^Vignette; hit/);
    expect(service.outgoing).toHaveLength(2);
  });

  it.each(PAIRS)('%s, at once', async (_, blocks) => {
    const service = startRelay();
    await Promise.all(blocks.map((block) => service.ask([block, QUESTION], {}, { 'x-vignette-cache': 'default' })));
    expect(service.outgoing.map(({ body }) => body.messages[0].content[0])).toEqual(expect.arrayContaining([...blocks]));
    expect(service.outgoing).toHaveLength(2);
  });
});
