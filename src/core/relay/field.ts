/** Reading the members of objects that are known, so that none of them counts twice. */
import { Fault } from '../fault.ts';
import { NAME_BYTES_MAX } from '../json/limit.ts';
import type { JsonReader, StringSpan } from '../json/reader.ts';

/** What is done with a member that has no reader of its own; it reads the value. */
export type ReadOther = (name: StringSpan) => void;

/** Reads an object. @throws invalid_request for a name that is read here and stands twice: parsers differ in which of two counts */
export function readFields(reader: JsonReader, path: string, readers: Readonly<Record<string, () => unknown>>, other?: ReadOther): void {
  const seen = new Set<string>();
  reader.readObject((span) => {
    const name = reader.textOf(span, NAME_BYTES_MAX);
    const read = name !== undefined && Object.hasOwn(readers, name) ? readers[name] : undefined;
    if (name === undefined || read === undefined) return other === undefined ? reader.skipValue() : other(span);
    const param = path === '' ? name : `${path}.${name}`;
    if (seen.has(name)) throw new Fault('invalid_request', `"${name}" is given more than once in one object. Give it once.`, { param });
    seen.add(name);
    read();
  });
}

/** Reads a string; a value of another kind is skipped. */
export function withString(reader: JsonReader, use: (span: StringSpan) => void): void {
  if (reader.peek() === 0x22) use(reader.readString());
  else reader.skipValue();
}

/** A short string's text; `undefined` for a longer one or another kind of value. */
export function readText(reader: JsonReader, bytesMax: number): string | undefined {
  let text: string | undefined;
  withString(reader, (span) => (text = reader.textOf(span, bytesMax)));
  return text;
}

/** Skips a value of any kind; `false` for `null`. */
export function isThere(reader: JsonReader): boolean {
  const isNull = reader.peek() === 0x6e;
  reader.skipValue();
  return !isNull;
}
