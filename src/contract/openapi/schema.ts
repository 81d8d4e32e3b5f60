/** Schemas of the wire as JSON Schema 2020-12, each named one once under `#/components/schemas`, each member with an example. */
import * as z from 'zod';

/** What is read and written of a JSON Schema here. */
export interface JsonSchema {
  $ref?: string;
  $id?: string;
  $schema?: string;
  $defs?: Record<string, JsonSchema>;
  id?: string;
  type?: string | string[];
  description?: string;
  examples?: unknown[];
  const?: unknown;
  enum?: unknown[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: unknown;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  propertyNames?: JsonSchema;
  format?: string;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  [other: string]: unknown;
}

const REFERENCE = '#/components/schemas/';

/** Collects the schemas of a document. */
export function schemaCollection() {
  const components: Record<string, JsonSchema> = {};
  const unnamed: JsonSchema[] = [];

  /** The schema as it stands at its place: a reference where it has a name. */
  function place(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
    const { $defs = {}, $schema: _, ...root } = z.toJSONSchema(schema, { io }) as JsonSchema;
    for (const [name, definition] of Object.entries($defs)) add(name, definition);
    if (root.id !== undefined) {
      add(root.id, root);
      return { $ref: REFERENCE + root.id };
    }
    const tidied = tidy(root);
    unnamed.push(tidied);
    return tidied;
  }

  function add(name: string, definition: JsonSchema): void {
    const tidied = tidy(definition);
    const known = components[name];
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(tidied)) throw new Error(`two schemas are called ${name}`);
    components[name] = tidied;
  }

  /** An example of a schema: its own, or one made of those of its members. */
  function exampleOf(schema: JsonSchema): unknown {
    if (schema.$ref !== undefined) return exampleOf(components[schema.$ref.slice(REFERENCE.length)] ?? {});
    if (schema.examples !== undefined) return schema.examples[0];
    if (schema.const !== undefined) return schema.const;
    if (schema.enum !== undefined) return schema.enum[0];
    const type = [schema.type].flat()[0];
    if (type === 'boolean') return false;
    if (schema.anyOf?.[0] !== undefined) return exampleOf(schema.anyOf[0]);
    if (type === 'array') return Array.from({ length: typeof schema['minItems'] === 'number' ? schema['minItems'] : 1 }, () => exampleOf(schema.items ?? {}));
    if (schema.properties !== undefined) return Object.fromEntries(Object.entries(schema.properties).map(([name, member]) => [name, exampleOf(member)]));
    return undefined;
  }

  /** Gives every member that has no example of its own one that is made of its members'. For the end, when all names are known. */
  function complete(): void {
    for (const schema of [...Object.values(components), ...unnamed]) completeMembers(schema);
  }

  function completeMembers(schema: JsonSchema): void {
    for (const member of membersOf(schema)) {
      completeMembers(member);
      const example = member.$ref === undefined && member.examples === undefined ? exampleOf(member) : undefined;
      if (example !== undefined) member.examples = [example];
    }
  }

  return { components, place, exampleOf, complete };
}

/** The schemas directly inside one. */
export function membersOf({ properties = {}, items, anyOf = [] }: JsonSchema): readonly JsonSchema[] {
  return [...Object.values(properties), ...(items === undefined ? [] : [items]), ...anyOf.flatMap(membersOf)];
}

/** As people read it: references into the components, `type: [T, "null"]` in place of a choice, no bounds that say nothing. */
function tidy(schema: JsonSchema): JsonSchema {
  const { id: _id, $id: __id, anyOf, properties, items, propertyNames: _names, ...rest } = schema;
  const tidied: JsonSchema = { ...rest };
  if (tidied.$ref !== undefined) tidied.$ref = tidied.$ref.replace(/^#\/\$defs\//, REFERENCE);
  if (tidied.maximum === Number.MAX_SAFE_INTEGER) delete tidied.maximum;
  if (tidied.minimum === Number.MIN_SAFE_INTEGER) delete tidied.minimum;
  // The format says it; the pattern of a date has 400 characters.
  if (tidied.format === 'date-time' || tidied.format === 'date') delete tidied.pattern;
  if (typeof tidied.additionalProperties === 'object') tidied.additionalProperties = true;
  if (properties !== undefined) tidied.properties = Object.fromEntries(Object.entries(properties).map(([name, member]) => [name, tidy(member)]));
  if (items !== undefined) tidied.items = tidy(items);
  if (anyOf === undefined) return tidied;
  const choices = anyOf.map(tidy);
  const [one, other] = choices;
  if (choices.length === 2 && one !== undefined && other?.type === 'null' && typeof one.type === 'string') {
    const { type, enum: values, ...facts } = one;
    return { ...facts, ...tidied, type: [type, 'null'], ...(values === undefined ? {} : { enum: [...values, null] }) };
  }
  return { ...tidied, anyOf: choices };
}
