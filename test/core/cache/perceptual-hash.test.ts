import { describe, expect, it } from 'vitest';
import { findNearest, nearName, type NearRow, readNearName } from '../../../src/core/cache/near-duplicate.ts';
import { hashDistance, hasSameShape, perceptualHash } from '../../../src/core/cache/perceptual-hash.ts';

const pixels = (light: (x: number, y: number) => number) => Uint8Array.from({ length: 1024 }, (_, at) => light(at % 32, Math.floor(at / 32)));
/** Many waves of either sign, as photographs have them. */
const waves = pixels((x, y) => {
  let light = 128;
  for (let at = 1; at < 144; at++) {
    const [across, down] = [at % 12, Math.floor(at / 12)];
    const sign = Math.sin(at * at * 7.3) > 0 ? 1 : -1;
    light += ((sign * 20) / (across + down + 1)) * Math.cos((across * Math.PI * (x + 0.5)) / 32) * Math.cos((down * Math.PI * (y + 0.5)) / 32);
  }
  return Math.max(30, Math.min(225, light));
});

describe('a perceptual hash', () => {
  it('has 64 bits, half of them set, as the median has it', () => {
    const hash = perceptualHash(waves) ?? '';
    expect(hash).toMatch(/^[0-9a-f]{16}$/);
    expect(hashDistance(hash, '0'.repeat(16))).toBe(32);
  });

  it('does not change with brightness, and turns round with a negative', () => {
    const hash = perceptualHash(waves) ?? '';
    expect(hashDistance(hash, perceptualHash(waves.map((value) => value + 20)) ?? '')).toBeLessThanOrEqual(2);
    expect(hashDistance(hash, perceptualHash(waves.map((value) => 255 - value)) ?? '')).toBeGreaterThanOrEqual(62);
  });

  it('is none for a picture without structure', () => {
    expect(perceptualHash(pixels(() => 200))).toBeUndefined();
    expect(perceptualHash(pixels((x) => 200 + (x % 2)))).toBeUndefined();
  });

  it.each([
    ['0000000000000000', '0000000000000000', 0],
    ['0000000000000001', '0000000000000000', 1],
    ['f000000000000000', '0000000000000000', 4],
    ['ffffffffffffffff', '0000000000000000', 64],
    ['aaaaaaaaaaaaaaaa', '5555555555555555', 64],
  ])('distance of %s and %s: %i', (one, other, distance) => {
    expect(hashDistance(one, other)).toBe(distance);
  });

  it.each([
    [1.5, 1.5, true],
    [1.544, 1.5, true],
    [1.546, 1.5, false],
    [1.5, 1 / 1.5, false],
  ])('shapes %f and %f are the same: %s', (one, other, isSame) => {
    expect(hasSameShape(one, other)).toBe(isSame);
  });
});

describe('the nearest picture', () => {
  const row = (sha256: string, hash: string, more: Partial<NearRow> = {}): NearRow => ({
    sha256,
    hash,
    aspect: 1,
    key: `key-${sha256}`,
    expiresAtMs: 10,
    ...more,
  });
  const looks = { hash: '0000000000000000', aspect: 1 };

  it.each([
    [2, undefined],
    [3, 'a'],
    [4, 'a'],
  ])('within %i bits: %s', (distanceMax, expected) => {
    expect(findNearest([row('b', '000000000000000f'), row('a', '0000000000000007')], looks, distanceMax, 0)?.sha256).toBe(expected);
  });

  it('is of the same shape, and of equal ones the one that stays longest; never one that has ended', () => {
    expect(findNearest([row('a', looks.hash, { aspect: 1.1 })], looks, 12, 0)).toBeUndefined();
    expect(findNearest([row('a', looks.hash), row('b', looks.hash, { expiresAtMs: 11 })], looks, 12, 0)).toEqual({ sha256: 'b', key: 'key-b', distance: 0 });
    expect(findNearest([row('a', looks.hash)], looks, 12, 10)).toBeUndefined();
  });

  it('is named by its group and itself', () => {
    expect(readNearName(nearName('acme:abc', 'def'))).toEqual({ group: 'acme:abc', sha256: 'def' });
  });
});
