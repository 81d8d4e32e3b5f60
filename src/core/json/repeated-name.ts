/** Names that stand twice in one object. Parsers differ in which of two counts, so what was read here may not be what is carried out. */
import { JsonReader } from './reader.ts';
import { NAME_BYTES_MAX } from './limit.ts';

/**
 * The first of these names, or of all, that stands twice in any object of a JSON text, however it is spelled; `undefined` where none
 * does. Names of more than {@link NAME_BYTES_MAX} bytes are none of the API. One pass.
 */
export function repeatedName(body: Uint8Array, names?: ReadonlySet<string>): string | undefined {
  const reader = new JsonReader(body);
  let repeated: string | undefined;
  const readValue = (): void => {
    const first = reader.peek();
    if (first === 0x5b) return reader.readArray(readValue);
    if (first !== 0x7b) return reader.skipValue();
    // Only the names that matter are held.
    const seen = new Set<string>();
    reader.readObject((span) => {
      const name = reader.textOf(span, NAME_BYTES_MAX);
      if (name !== undefined && names?.has(name) !== false) {
        if (seen.has(name)) repeated ??= name;
        seen.add(name);
      }
      readValue();
    });
  };
  readValue();
  return repeated;
}
