/** The `Idempotency-Key` header (draft-ietf-httpapi-idempotency-key-header-07, §2.1). */
import { Fault } from '../fault.ts';

/** A UUID has 36; keys made of order numbers and the like are longer. */
const KEY_CHARACTERS_MAX = 255;

/** A structured-field string (RFC 9651 §4.2.5): printable ASCII in quotes, with `\"` and `\\` for the two that mean something. */
const QUOTED = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/;
/** What nearly every client sends: the bare characters. */
const BARE = /^[\x21\x23-\x7e][\x21-\x7e]*$/;

/** The key in a header; the same with and without quotes. @throws invalid_request */
export function readIdempotencyKey(header: string): string {
  const text = header.trim();
  const quoted = QUOTED.exec(text)?.[1]?.replace(/\\(["\\])/g, '$1');
  const key = quoted ?? (BARE.test(text) ? text : undefined);
  if (key === undefined) throw invalid('holds characters that are not allowed, or is given twice');
  if (key === '') throw invalid('is empty');
  if (key.length > KEY_CHARACTERS_MAX) throw invalid(`has ${key.length} characters; at most ${KEY_CHARACTERS_MAX} are taken`);
  return key;
}

function invalid(what: string): Fault {
  return new Fault('invalid_request', `The Idempotency-Key ${what}. Send a UUID, in quotes or bare.`, { param: 'idempotency-key' });
}
