/**
 * A JSON object's own members, changed in its bytes: nothing is parsed that is not asked for, so a body of many
 * megabytes costs one pass, and every other byte stays as it came.
 */
import { Fault } from '../fault.ts';

/** One member; offsets into the bytes. The value is `[valueStart, end)`. */
export interface Member {
  readonly name: string;
  readonly start: number;
  readonly valueStart: number;
  readonly end: number;
}

/** Members to remove, and members to have with these values, in place of those of the same name. */
export interface MemberEdit {
  readonly remove: readonly string[];
  readonly set: Readonly<Record<string, unknown>>;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPENERS: readonly number[] = [0x7b, 0x5b];
const CLOSERS: readonly number[] = [0x7d, 0x5d];
const [BRACE] = OPENERS;
const [CLOSING_BRACE] = CLOSERS;

/** Members of the object that these bytes hold, in order; not those of its values. @throws invalid_request */
export function membersOf(bytes: Uint8Array): readonly Member[] {
  const members: Member[] = [];
  let at = skipSpace(bytes, 0);
  if (bytes[at] !== BRACE) throw notAnObject();
  at = skipSpace(bytes, at + 1);
  while (bytes[at] !== CLOSING_BRACE) {
    const start = at;
    if (bytes[start] !== QUOTE) throw notAnObject();
    const nameEnd = skipString(bytes, start);
    at = skipSpace(bytes, nameEnd);
    if (bytes[at] !== COLON) throw notAnObject();
    const valueStart = skipSpace(bytes, at + 1);
    const end = skipValue(bytes, valueStart);
    members.push({ name: String(parse(bytes, start, nameEnd)), start, valueStart, end });
    at = skipSpace(bytes, end);
    if (bytes[at] === COMMA) at = skipSpace(bytes, at + 1);
    else if (bytes[at] !== CLOSING_BRACE) throw notAnObject();
  }
  return members;
}

/** A member's value. @throws invalid_request */
export function memberValue(bytes: Uint8Array, { valueStart, end }: Member): unknown {
  return parse(bytes, valueStart, end);
}

/**
 * The object with its members edited, as parts to be sent one after the other. They are views of `bytes`, which
 * must not change before they are sent, with small pieces of text between. @throws invalid_request
 */
export function editMembers(bytes: Uint8Array, { remove, set }: MemberEdit): readonly Uint8Array[] {
  const members = membersOf(bytes);
  const names = new Set(members.map(({ name }) => name));
  const encoder = new TextEncoder();
  const text = (value: string): Uint8Array => encoder.encode(value);
  const kept = members.filter(({ name }) => !remove.includes(name));
  const parts = kept.map(({ name, start, end }) =>
    Object.hasOwn(set, name) ? [text(`${JSON.stringify(name)}:${JSON.stringify(set[name])}`)] : [bytes.subarray(start, end)],
  );
  const added = Object.entries(set).filter(([name]) => !names.has(name) || remove.includes(name));
  const all = [...added.map(([name, value]) => [text(`${JSON.stringify(name)}:${JSON.stringify(value)}`)]), ...parts];
  return [text('{'), ...all.flatMap((part, index) => (index === 0 ? part : [text(','), ...part])), text('}')];
}

function skipSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  while (bytes[at] === 0x20 || bytes[at] === 0x0a || bytes[at] === 0x0d || bytes[at] === 0x09) at += 1;
  return at;
}

/** The offset behind a string that opens at `from`. The search for its end is native: base64 texts are long. */
function skipString(bytes: Uint8Array, from: number): number {
  for (let quote = bytes.indexOf(QUOTE, from + 1); quote !== -1; quote = bytes.indexOf(QUOTE, quote + 1)) {
    let slashes = 0;
    while (bytes[quote - 1 - slashes] === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return quote + 1;
  }
  throw notAnObject();
}

function skipValue(bytes: Uint8Array, from: number): number {
  let depth = 0;
  let at = from;
  while (at < bytes.length) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) at = skipString(bytes, at);
    else if (OPENERS.includes(byte)) {
      depth += 1;
      at += 1;
      continue;
    } else if (CLOSERS.includes(byte)) {
      if (depth === 0) return at;
      depth -= 1;
      at += 1;
    } else if (depth === 0 && (byte === COMMA || byte <= 0x20)) return at;
    else {
      at += 1;
      continue;
    }
    if (depth === 0) return at;
  }
  throw notAnObject();
}

function parse(bytes: Uint8Array, start: number, end: number): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes.subarray(start, end)));
  } catch (cause) {
    throw notAnObject(cause);
  }
}

function notAnObject(cause?: unknown): Fault {
  return new Fault('invalid_request', 'The body is not a JSON object. Check its quotes and braces.', { param: 'body', cause });
}
