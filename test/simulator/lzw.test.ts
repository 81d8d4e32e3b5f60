import { describe, expect, it } from 'vitest';
import { expandLzw } from '../../simulator/image/lzw.ts';

/** The 10 x 10 picture with which GIF's LZW is commonly explained; its codes grow from 3 to 5 bits. */
const DATA = Uint8Array.from([
  0x8c, 0x2d, 0x99, 0x87, 0x2a, 0x1c, 0xdc, 0x33, 0xa0, 0x02, 0x75, 0xec, 0x95, 0xfa, 0xa8, 0xde, 0x60, 0x8c, 0x04, 0x91, 0x4c, 0x01,
]);
const ROWS = [
  ...Array<string>(3).fill('1111122222'),
  ...Array<string>(2).fill('1110000222'),
  ...Array<string>(2).fill('2220000111'),
  ...Array<string>(3).fill('2222211111'),
];

describe('LZW of GIF', () => {
  it('codes that grow are followed', () => {
    expect([...expandLzw(DATA, 2, 100)].join('')).toBe(ROWS.join(''));
  });

  it('data that is cut gives the beginning', () => {
    for (let length = 0; length < DATA.length; length++) {
      const indices = [...expandLzw(DATA.subarray(0, length), 2, 100)].join('');
      expect(ROWS.join('').startsWith(indices)).toBe(true);
    }
  });

  it('no more is written than was asked for', () => {
    expect(expandLzw(DATA, 2, 7)).toHaveLength(7);
  });

  it.each([0, 9, 255])('a minimum code size of %i gives nothing', (bits) => {
    expect(expandLzw(DATA, bits, 100)).toHaveLength(0);
  });
});
