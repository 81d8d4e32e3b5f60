/**
 * Where the next page of keys begins: the store's own cursor and its CRC-32. A store may take a mistyped cursor for the end of
 * the list and give an empty page, from which nobody would see that keys are missing.
 */
import { crc32 } from '../crc32.ts';
import { invalidRequest } from '../invalid-request.ts';

const CHECKSUM_CHARACTERS = 8;

/** The cursor as callers get it; `undefined` at the end. */
export function writeCursor(stored: string | undefined): string | undefined {
  return stored === undefined ? undefined : stored + checksumOf(stored);
}

/** The store's cursor; `undefined` where none was given. @throws invalid_request, for one that `writeCursor` did not write */
export function readCursor(given: string | undefined): string | undefined {
  if (given === undefined || given === '') return undefined;
  const stored = given.slice(0, -CHECKSUM_CHARACTERS);
  if (stored !== '' && checksumOf(stored) === given.slice(-CHECKSUM_CHARACTERS)) return stored;
  throw invalidRequest([
    { param: 'cursor', detail: 'This "cursor" is none that was given here. Take "next_cursor" of the page before as it is, or start without one.' },
  ]);
}

function checksumOf(text: string): string {
  return crc32(new TextEncoder().encode(text)).toString(16).padStart(CHECKSUM_CHARACTERS, '0');
}
