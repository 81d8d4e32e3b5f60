import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { generateFdct, zigzag } from '../../scripts/generate-fdct.mjs';
import { generateIdct } from '../../scripts/generate-idct.mjs';

const read = (path: string): string => readFileSync(new URL(`../../wasm/${path}`, import.meta.url), 'utf8');

describe('generated kernels', () => {
  it('in the tree are what their generators write', () => {
    expect(read('jpeg/idct-kernel.ts')).toBe(generateIdct());
    expect(read('encode/jpeg-fdct-kernel.ts')).toBe(generateFdct());
  });

  it('follow the zig-zag of T.81 Figure A.6', () => {
    expect(zigzag().slice(0, 16)).toEqual([0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5]);
    expect(zigzag().at(-1)).toBe(63);
    expect(new Set(zigzag()).size).toBe(64);
    const table = /data<u8>\(\[([^\]]*)\]/.exec(read('jpeg/zigzag.ts'))?.[1] ?? '';
    expect(
      table
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== '')
        .map(Number),
    ).toEqual(zigzag());
  });
});
