/**
 * Base64 where it stands in a JSON body, straight into the bytes of the image: as people send it, like
 * `core/input/base64.ts`, and never as one string of megabytes.
 */
import { Fault } from '../fault.ts';
import type { StringSpan } from './reader.ts';
import { BASE64_CHUNK_CHARACTERS } from './limit.ts';

/** RFC 2397: a media type, parameters and `;base64,`; never longer than this in practice. */
const DATA_URI_PREFIX_CHARACTERS_MAX = 256;

export interface DecodedSpan {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Whether the API takes the text as it is: standard alphabet, padded, no prefix and no white space. */
  readonly isCanonical: boolean;
}

/** Bytes that decoding such a string allocates at most; it is to be entered in the ledger before. */
export function decodedBytesMax({ start, end }: StringSpan): number {
  return Math.ceil((end - start) / 4) * 3;
}

/**
 * Decodes a base64 string of a body (RFC 4648 §4 and §5). Peak: three quarters of its length, and one chunk.
 * @throws invalid_request (other characters, an impossible length, a data URI that is not base64)
 */
export function decodeSpan(body: Uint8Array, span: StringSpan, param: string, chunkCharacters = BASE64_CHUNK_CHARACTERS): DecodedSpan {
  const prefix = dataUriPrefix(body, span, param);
  const text = { ...span, start: span.start + prefix };
  const target = new Uint8Array(decodedBytesMax(span));
  const standard = decodeChunks(body, text, target, 'base64', chunkCharacters);
  const decoded = standard ?? decodeChunks(body, text, target, 'base64url', chunkCharacters);
  if (decoded === undefined) {
    throw new Fault(
      'invalid_request',
      'The text is not base64 (RFC 4648). Send the file encoded with the standard alphabet; line breaks and a "data:…;base64," prefix are fine.',
      { param },
    );
  }
  const isCanonical = prefix === 0 && standard !== undefined && decoded.characters === Math.ceil(decoded.bytes / 3) * 4;
  return { bytes: target.subarray(0, decoded.bytes), isCanonical };
}

/** Fills `target`; `undefined` where the text is not base64 in this alphabet. */
function decodeChunks(
  body: Uint8Array,
  span: StringSpan,
  target: Uint8Array,
  alphabet: 'base64' | 'base64url',
  chunkCharacters: number,
): { readonly bytes: number; readonly characters: number } | undefined {
  let bytes = 0;
  let characters = 0;
  let isPadded = false;
  // What one chunk leaves of a group of four begins the next.
  let rest = '';
  for (let at = span.start; at < span.end;) {
    const end = chunkEnd(body, span, at, chunkCharacters);
    const chunk = chunkText(body, at, end, span.hasEscapes);
    at = end;
    // Nothing but white space and more of it follows the padding.
    if (chunk === undefined || (isPadded && /[^=\s]/.test(chunk))) return undefined;
    isPadded ||= chunk.includes('=');
    characters += chunk.length;
    const text = rest + chunk;
    try {
      const step = target.subarray(bytes).setFromBase64(text, { alphabet, lastChunkHandling: at === span.end ? 'loose' : 'stop-before-partial' });
      bytes += step.written;
      rest = text.slice(step.read);
    } catch {
      return undefined;
    }
  }
  return rest.trim() === '' ? { bytes, characters } : undefined;
}

/** Where a chunk ends: not within an escape, of which none is longer than six bytes. */
function chunkEnd(body: Uint8Array, span: StringSpan, at: number, chunkCharacters: number): number {
  const end = at + chunkCharacters;
  if (end >= span.end) return span.end;
  if (!span.hasEscapes) return end;
  for (let back = Math.max(at + 1, end - 5); back < end; back++) if (body[back] === 0x5c) return back;
  return end;
}

/** `undefined` for escapes that are none: only a backslash before a backslash is cut in two, and neither is base64. */
function chunkText(body: Uint8Array, start: number, end: number, hasEscapes: boolean): string | undefined {
  const text = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true }).decode(body.subarray(start, end));
  if (!hasEscapes || !text.includes('\\')) return text;
  try {
    return String(JSON.parse(`"${text}"`));
  } catch {
    return undefined;
  }
}

/** Bytes of a `data:…;base64,` prefix. White space may stand before it; escapes in it are not looked for. */
function dataUriPrefix(body: Uint8Array, { start, end }: StringSpan, param: string): number {
  const head = new TextDecoder().decode(body.subarray(start, Math.min(end, start + DATA_URI_PREFIX_CHARACTERS_MAX + 1)));
  if (!/^(\s|\\[nrt])*data:/i.test(head)) return 0;
  const comma = head.indexOf(',');
  if (comma < 0 || !/;\s*base64\s*$/i.test(head.slice(0, comma))) {
    throw new Fault('invalid_request', 'The data URI has no ";base64," part. Encode the image as base64.', { param });
  }
  return comma + 1;
}
