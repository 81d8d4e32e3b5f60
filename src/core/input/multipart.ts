/**
 * Multipart bodies (RFC 7578, RFC 2046 §5.1), parsed in place: every part is a view of the body, so an upload
 * of 30 MB is never copied. Platform parsers copy each file at least once.
 */
import { Fault } from '../fault.ts';
import { MULTIPART_PARTS_MAX } from './limit.ts';

export interface Part {
  readonly name: string;
  readonly filename: string | undefined;
  readonly contentType: string | undefined;
  /** A view of the body. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Bytes of a part's headers; browsers send about 150. */
const PART_HEADER_BYTES_MAX = 8_192;

/** The boundary of a `multipart/form-data` content type, or `undefined` when it has none. */
export function multipartBoundary(contentType: string): string | undefined {
  const match = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType);
  return match?.[1] ?? match?.[2];
}

/**
 * Splits a whole multipart body. Work is linear in its length.
 * @throws invalid_request (no boundary found, unnamed or unfinished part, too many parts)
 */
export function parseMultipart(body: Uint8Array<ArrayBuffer>, boundary: string): readonly Part[] {
  const delimiter = new TextEncoder().encode(`\r\n--${boundary}`);
  const parts: Part[] = [];
  // The first delimiter may stand at the very start, without the line break before it.
  let at = startsWith(body, delimiter.subarray(2), 0) ? delimiter.length - 2 : endOf(indexOf(body, delimiter, 0), delimiter);
  while (!isClosing(body, at)) {
    if (parts.length === MULTIPART_PARTS_MAX) throw malformed(`it has more than ${MULTIPART_PARTS_MAX} parts`);
    const lineEnd = body.indexOf(0x0a, at);
    if (lineEnd < 0) throw malformed('it ends within a part');
    const headerEnd = headerEndAfter(body, lineEnd - 1);
    const end = indexOf(body, delimiter, headerEnd - 2);
    if (end < 0) throw malformed('its last part has no end; the closing boundary is missing');
    parts.push(toPart(body.subarray(lineEnd + 1, headerEnd), body.subarray(headerEnd, Math.max(headerEnd, end))));
    at = end + delimiter.length;
  }
  return parts;
}

/** Offset after the empty line that ends a part's headers. */
function headerEndAfter(body: Uint8Array, from: number): number {
  const blank = indexOf(body.subarray(0, Math.min(body.length, from + PART_HEADER_BYTES_MAX)), BLANK_LINE, from);
  if (blank < 0) throw malformed(`the headers of a part do not end within ${PART_HEADER_BYTES_MAX} bytes`);
  return blank + BLANK_LINE.length;
}

const BLANK_LINE = Uint8Array.of(0x0d, 0x0a, 0x0d, 0x0a);

function toPart(headerBytes: Uint8Array, bytes: Uint8Array<ArrayBuffer>): Part {
  const header = new TextDecoder().decode(headerBytes);
  const disposition = parameters(/^content-disposition:\s*form-data\s*(;.*)$/im.exec(header)?.[1] ?? '');
  const name = disposition.get('name');
  if (name === undefined) throw malformed('a part has no name');
  return { name, filename: disposition.get('filename'), contentType: /^content-type:\s*([^\r\n]+)/im.exec(header)?.[1]?.trim(), bytes };
}

/**
 * Parameters of a header, read from left to right, so that a quoted value cannot pass for a parameter. A backslash escapes
 * a quote and nothing else: browsers send Windows paths as they are.
 */
function parameters(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [, key = '', quoted, plain = ''] of text.matchAll(/;\s*([^\s;="]+)=(?:"((?:\\"|[^"])*)"|([^\s;"]*))/g)) {
    found.set(key.toLowerCase(), quoted === undefined ? plain : quoted.replaceAll('\\"', '"'));
  }
  return found;
}

function isClosing(body: Uint8Array, at: number): boolean {
  return body[at] === 0x2d && body[at + 1] === 0x2d;
}

function endOf(index: number, delimiter: Uint8Array): number {
  if (index < 0) throw malformed('its boundary does not occur in it');
  return index + delimiter.length;
}

/** First place of `needle` at or after `from`, or -1. The first byte is searched natively. */
function indexOf(bytes: Uint8Array, needle: Uint8Array, from: number): number {
  let at = bytes.indexOf(needle[0] ?? 0, from);
  while (at >= 0 && !startsWith(bytes, needle, at)) at = bytes.indexOf(needle[0] ?? 0, at + 1);
  return at;
}

function startsWith(bytes: Uint8Array, needle: Uint8Array, at: number): boolean {
  if (at + needle.length > bytes.length) return false;
  for (let index = 0; index < needle.length; index++) if (bytes[at + index] !== needle[index]) return false;
  return true;
}

function malformed(reason: string): Fault {
  return new Fault('invalid_request', `The multipart body cannot be read: ${reason}. Let your HTTP client build it (curl -F, FormData).`, { param: 'body' });
}
