import { describe, expect, it } from 'vitest';
import { readCursor, writeCursor } from '../../../src/core/key/cursor.ts';
import { faultOf } from '../outcome.ts';

describe('the cursor of a page of keys', () => {
  it.each(['x', 'AAAAANuhDN7SjacTnSVsDu3WW1Lvst', 'key:v1:é'])('comes back as the store gave it: %s', (stored) => {
    expect(readCursor(writeCursor(stored))).toBe(stored);
  });

  it('is absent at the end, and where none is given', () => {
    expect([writeCursor(undefined), readCursor(undefined), readCursor('')]).toEqual([undefined, undefined, undefined]);
  });

  it('has the checksum of its text behind it', () => {
    // The check value of CRC-32 (ISO-HDLC).
    expect(writeCursor('123456789')).toBe('123456789cbf43926');
  });

  it('is refused when a character is missing, changed or added', () => {
    const cursor = writeCursor('AAAAANuhDN7SjacTnSVsDu3WW1Lvst') ?? '';
    const wrong = Array.from(cursor, (_, at) => [
      cursor.slice(0, at) + cursor.slice(at + 1),
      `${cursor.slice(0, at)}_${cursor.slice(at + 1)}`,
      `${cursor}${at}`,
    ]);
    for (const given of [...wrong.flat(), 'zzz', '00000000'])
      expect(faultOf(() => readCursor(given))).toMatchObject({ code: 'invalid_request', param: 'cursor' });
  });
});
