/**
 * A JSON object's own members, changed in its bytes: nothing is parsed that is not asked for, so a body of many
 * megabytes costs one pass, and every other byte stays as it came.
 */
import { JsonReader, type Span } from './reader.ts';

/** One member: the span from its name to its value's end, and that of its value. */
export interface Member {
  readonly name: string;
  readonly span: Span;
  readonly value: Span;
}

/** Members to remove, and members to have with these values, in place of those of the same name. */
export interface MemberEdit {
  readonly remove: readonly string[];
  readonly set: Readonly<Record<string, unknown>>;
}

/** Members of the object that these bytes hold, in order; not those of its values. @throws invalid_request */
export function membersOf(bytes: Uint8Array): readonly Member[] {
  const reader = new JsonReader(bytes);
  const members: Member[] = [];
  reader.readObject((name) => {
    reader.peek();
    const start = reader.at;
    reader.skipValue();
    const end = reader.at;
    members.push({ name: reader.textOf(name, bytes.length) ?? '', span: { start: name.start - 1, end }, value: { start, end } });
  });
  reader.end();
  return members;
}

/** A member's value. */
export function memberValue(bytes: Uint8Array, { value }: Member): unknown {
  return JSON.parse(new TextDecoder().decode(bytes.subarray(value.start, value.end)));
}

/**
 * The object with its members edited, as parts to be sent one after the other. They are views of `bytes`, which
 * must not change before they are sent, with small pieces of text between. @throws invalid_request
 */
export function editMembers(bytes: Uint8Array, { remove, set }: MemberEdit): readonly Uint8Array[] {
  const encoder = new TextEncoder();
  const members = membersOf(bytes).filter(({ name }) => !remove.includes(name));
  const names = new Set(members.map(({ name }) => name));
  const written = (name: string) => encoder.encode(`${JSON.stringify(name)}:${JSON.stringify(set[name])}`);
  const added = Object.keys(set).filter((name) => !names.has(name));
  const kept = members.map(({ name, span }) => (Object.hasOwn(set, name) ? written(name) : bytes.subarray(span.start, span.end)));
  const comma = encoder.encode(',');
  const parts = [...added.map(written), ...kept].flatMap((part, index) => (index === 0 ? [part] : [comma, part]));
  return [encoder.encode('{'), ...parts, encoder.encode('}')];
}
