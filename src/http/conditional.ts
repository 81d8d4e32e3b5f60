/** Conditional and range requests (RFC 9110 §13 and §14), for resources that never change under their name. */
import type { ByteRange } from '../port/storage.ts';

/** Whether `If-None-Match` names this entity tag; weak comparison, §13.1.2. */
export function etagMatches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((candidate) => candidate.trim() === '*' || candidate.trim().replace(/^W\//, '') === etag);
}

/**
 * The single byte range that is asked for, `undefined` for the whole. Several ranges, other units and broken
 * syntax are ignored, as §14.2 allows; a range outside the file is unsatisfiable.
 */
export function requestedRange(range: string | undefined, ifRange: string | undefined, etag: string, bytes: number): ByteRange | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(range?.trim() ?? '');
  const [, first = '', last = ''] = match ?? [];
  if (match === null || (first === '' && last === '')) return undefined;
  if (ifRange !== undefined && ifRange !== etag) return undefined;
  if (first === '') {
    const length = Math.min(Number(last), bytes);
    return length === 0 ? 'unsatisfiable' : { offset: bytes - length, length };
  }
  const offset = Number(first);
  const end = last === '' ? bytes - 1 : Math.min(Number(last), bytes - 1);
  if (last !== '' && Number(last) < offset) return undefined;
  return offset >= bytes ? 'unsatisfiable' : { offset, length: end - offset + 1 };
}
