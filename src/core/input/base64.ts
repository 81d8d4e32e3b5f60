/** Base64 as people send it: with a `data:` prefix, with line breaks, in the URL alphabet, without padding. */
import { Fault } from '../fault.ts';

/** RFC 2397: a media type, parameters and `;base64,`; never longer than this in practice. */
const DATA_URI_PREFIX_CHARACTERS_MAX = 256;

/**
 * Decodes an image given as base64 text (RFC 4648 §4 and §5).
 * Peak: the text plus three quarters of its length.
 * @throws invalid_request (other characters, an impossible length, a data URI that is not base64)
 */
export function decodeBase64(text: string, param: string): Uint8Array<ArrayBuffer> {
  const payload = withoutDataUriPrefix(text, param);
  try {
    const alphabet = /[-_]/.test(payload) ? 'base64url' : 'base64';
    return Uint8Array.fromBase64(payload, { alphabet });
  } catch (cause) {
    throw new Fault(
      'invalid_request',
      'The text is not base64 (RFC 4648). Send the file encoded with the standard alphabet; line breaks and a "data:…;base64," prefix are fine.',
      { param, cause },
    );
  }
}

function withoutDataUriPrefix(text: string, param: string): string {
  const start = text.slice(0, DATA_URI_PREFIX_CHARACTERS_MAX).trimStart();
  if (!/^data:/i.test(start)) return text;
  const comma = text.indexOf(',');
  const header = text.slice(0, Math.max(0, comma));
  if (comma < 0 || comma > DATA_URI_PREFIX_CHARACTERS_MAX || !/;\s*base64\s*$/i.test(header)) {
    throw new Fault('invalid_request', 'The data URI has no ";base64," part. Encode the image as base64.', { param });
  }
  return text.slice(comma + 1);
}
