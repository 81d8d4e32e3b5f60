import { describe, expect, it } from 'vitest';
import { imageTokens, nativeSize } from '../../simulator/image/native-size.ts';
import vectors from './fixture/native-size.json';

describe('native size', () => {
  const rows = vectors.rows.map(([width = 0, height = 0, ...expected]) => ({ width, height, expected }));

  it.each(rows)('$width x $height on both tiers', ({ width, height, expected }) => {
    const sizes = (['standard', 'high'] as const).map((tier) => nativeSize({ width, height }, tier));
    expect(sizes.flatMap((size) => [size.width, size.height, imageTokens(size)])).toEqual(expected);
  });
});
