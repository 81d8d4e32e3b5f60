import { invalidRequest } from '../error.ts';
import { BASE64_CHARACTERS_MAX } from '../limit.ts';

/** Standard alphabet, padded, no white space: the API takes nothing else, `data:` prefixes and line breaks included. */
const CANONICAL = /^[A-Za-z0-9+/]*={0,2}$/;

declare global {
  interface Uint8ArrayConstructor {
    fromBase64(text: string): Uint8Array;
  }
}

/** The bytes of a base64 source. @throws 400 in the API's words; `path` is the source's, ending in `.base64`. */
export function decodeBase64(text: string, path: string): Uint8Array {
  if (text.length === 0) throw invalidRequest(`${path}: image cannot be empty`);
  if (text.length > BASE64_CHARACTERS_MAX) {
    throw invalidRequest(`${path}: image exceeds 10 MB maximum: ${text.length} bytes > ${BASE64_CHARACTERS_MAX} bytes`);
  }
  if (text.length % 4 !== 0 || !CANONICAL.test(text)) throw invalidRequest(`${path}: invalid base64 data`);
  return Uint8Array.fromBase64(text);
}
