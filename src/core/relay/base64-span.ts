/**
 * Base64 where it stands in a JSON body, straight into the bytes of the image: as people send it, like
 * `core/input/base64.ts`, and never as one string of megabytes.
 */
import { Fault } from '../fault.ts';
import type { StringSpan } from './json-reader.ts';
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
  const target = new Uint8Array(decodedBytesMax(span));
  const prefix = dataUriPrefix(body, span, param);
  let at = span.start + prefix;
  let written = 0;
  let characters = 0;
  // What one chunk leaves of a group of four begins the next.
  let rest = '';
  const seen = { standard: false, url: false, padding: false };
  while (at < span.end) {
    const end = chunkEnd(body, span, at, chunkCharacters);
    const text = chunkText(body, at, end, span.hasEscapes, param);
    at = end;
    characters += text.length;
    const chunk = normalised(text, seen, param);
    const step = decodeInto(target.subarray(written), rest + chunk, at === span.end, param);
    written += step.written;
    rest = (rest + chunk).slice(step.read);
  }
  if (rest.trim() !== '') throw notBase64(param);
  const isCanonical = prefix === 0 && !seen.url && characters === Math.ceil(written / 3) * 4;
  return { bytes: target.subarray(0, written), isCanonical };
}

/** Where a chunk ends: not within an escape, of which none is longer than six bytes. */
function chunkEnd(body: Uint8Array, span: StringSpan, at: number, chunkCharacters: number): number {
  const end = at + chunkCharacters;
  if (end >= span.end) return span.end;
  if (!span.hasEscapes) return end;
  for (let back = Math.max(at + 1, end - 5); back < end; back++) if (body[back] === 0x5c) return back;
  return end;
}

function chunkText(body: Uint8Array, start: number, end: number, hasEscapes: boolean, param: string): string {
  const text = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true }).decode(body.subarray(start, end));
  if (!hasEscapes || !text.includes('\\')) return text;
  try {
    return String(JSON.parse(`"${text}"`));
  } catch (cause) {
    // Only a backslash before a backslash is cut in two, and neither is base64.
    throw notBase64(param, cause);
  }
}

/** In the standard alphabet; one text may not use both, and nothing follows the padding. */
function normalised(text: string, seen: { standard: boolean; url: boolean; padding: boolean }, param: string): string {
  if (seen.padding && /[^=\s]/.test(text)) throw notBase64(param);
  seen.padding ||= text.includes('=');
  seen.standard ||= text.includes('+') || text.includes('/');
  const isUrl = text.includes('-') || text.includes('_');
  seen.url ||= isUrl;
  if (seen.url && seen.standard) throw notBase64(param);
  return isUrl ? text.replaceAll('-', '+').replaceAll('_', '/') : text;
}

function decodeInto(target: Uint8Array, text: string, isLast: boolean, param: string): { readonly read: number; readonly written: number } {
  try {
    return target.setFromBase64(text, { lastChunkHandling: isLast ? 'loose' : 'stop-before-partial' });
  } catch (cause) {
    throw notBase64(param, cause);
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

function notBase64(param: string, cause?: unknown): Fault {
  return new Fault(
    'invalid_request',
    'The text is not base64 (RFC 4648). Send the file encoded with the standard alphabet; line breaks and a "data:…;base64," prefix are fine.',
    { param, ...(cause === undefined ? {} : { cause }) },
  );
}
