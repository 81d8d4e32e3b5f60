/** Pairs of files with one MD5, or one SHA-1, have nothing in common here: what is kept is named by SHA-256. */
import { describe, expect, it } from 'vitest';
import { readHashed, sha256 } from '../../../src/adapter/read-hashed.ts';
import { cacheKeyText, imageKey } from '../../../src/core/cache/key.ts';
import { findModel } from '../../../src/core/vision/model.ts';
import { md5Pictures, sha1Documents } from '../../support/collision.ts';
import { hexHash } from '../../support/hash.ts';
import { asked } from '../message/asked.ts';

describe.each([
  ['MD5', md5Pictures()],
  ['SHA-1', sha1Documents()],
] as const)('two files with one %s', (algorithm, files) => {
  it('are a pair indeed', async () => {
    const [one, other] = await Promise.all(files.map(async (file) => new Uint8Array(await crypto.subtle.digest(algorithm, file)).toHex()));
    expect(one).toBe(other);
    expect(files[0]).not.toEqual(files[1]);
  });

  it('have two hashes, whether read in one piece or as a stream', async () => {
    const expected = await Promise.all(files.map(hexHash));
    expect(new Set(expected).size).toBe(2);
    expect(await Promise.all(files.map(sha256))).toEqual(expected);
    const options = {
      bytesMax: 1_000,
      idleTimeoutMs: 1_000,
      declaredBytes: undefined,
      signal: new AbortController().signal,
      account: () => undefined,
      fault: (reason: string) => new Error(reason),
    };
    const streamed = await Promise.all(files.map((file) => readHashed(new Blob([file]).stream(), options)));
    expect(streamed.map((read) => read.sha256)).toEqual(expected);
  });

  it('have two cache keys, and two places in the store', async () => {
    const hashes = await Promise.all(files.map(sha256));
    const model = findModel('claude-haiku-5-5');
    const keys = hashes.map((hash) => cacheKeyText({ owner: 'acme', imageHashes: [hash], request: asked(), model, tier: 'standard' }));
    expect(new Set(keys).size).toBe(2);
    expect(new Set(hashes.map((hash) => imageKey('acme', hash))).size).toBe(2);
  });
});
