/** JSON Schema in words: the members of an object as rows, each with its type, bounds and meaning. */

/** Objects inside objects are followed this far; a schema may refer to itself. */
const DEPTH_MAX = 6;
const INTEGER = new Intl.NumberFormat('en');

/** The schema behind a `$ref` of this document; others as they are. */
export function resolve(schema, specification) {
  const match = /^#\/components\/schemas\/([\w.-]+)$/.exec(schema?.$ref ?? '');
  if (match === null) return schema;
  const { $ref: _, ...beside } = schema;
  return { ...specification.components.schemas[match[1]], ...beside };
}

/**
 * Members of an object schema, those of objects inside it under a dotted name: `{name, text, note, isRequired, example}`. `notes`: a
 * sentence by name, for members that the document says nothing about.
 */
export function memberRows(schema, specification, notes = {}, prefix = '', depth = 0) {
  const object = merged(schema, specification);
  if (object?.properties === undefined || depth > DEPTH_MAX) return [];
  return Object.entries(object.properties).flatMap(([name, raw]) => {
    const property = resolve(raw, specification);
    const path = prefix + name;
    const row = {
      name: path,
      text: typeText(property, specification),
      note: property.description ?? notes[path],
      example: property.examples?.[0] ?? property.example,
      isRequired: object.required?.includes(name) ?? false,
    };
    const items = resolve(property.items, specification);
    const inner = isObject(property)
      ? memberRows(property, specification, notes, `${path}.`, depth + 1)
      : memberRows(items, specification, notes, `${path}[].`, depth + 1);
    return [row, ...inner];
  });
}

/** `string, 1 to 16,000 characters` and the like. */
export function typeText(raw, specification) {
  const schema = resolve(raw, specification);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return withDefault(enumText(schema.enum), schema);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return withDefault(choiceText(choices, specification), schema);
  const types = [schema.type ?? 'any'].flat();
  const isNullable = types.includes('null') ? ' or null' : '';
  const type = types.filter((name) => name !== 'null').join(' or ');
  if (type === 'object') return withDefault(objectText(schema) + isNullable, schema);
  if (type === 'array') {
    const items = typeText(schema.items ?? {}, specification);
    return withDefault(`list of ${items}${bounds(schema.minItems, schema.maxItems, 'item')}${isNullable}`, schema);
  }
  const length = bounds(schema.minLength, schema.maxLength, 'character') + bounds(schema.minimum, schema.maximum, '');
  return withDefault(`${type}${schema.format ? ` (${schema.format})` : ''}${length}${isNullable}`, schema);
}

/** An object whose members are spread over the parts of an `allOf` is one object to its reader. */
function merged(raw, specification) {
  const schema = resolve(raw, specification);
  if (schema?.allOf === undefined) return schema;
  const parts = [schema, ...schema.allOf.map((part) => merged(part, specification))];
  return {
    ...schema,
    properties: Object.assign({}, ...parts.map(({ properties }) => properties ?? {})),
    required: parts.flatMap(({ required }) => required ?? []),
  };
}

function isObject(schema) {
  return [schema.type].flat().includes('object') || schema.allOf !== undefined;
}

function choiceText(choices, specification) {
  const texts = choices.filter(({ type }) => type !== 'null').map((choice) => typeText(choice, specification));
  return texts.join(', or ') + (texts.length < choices.length ? ' or null' : '');
}

/** `"day" | "month" or null` */
function enumText(values) {
  const text = values
    .filter((value) => value !== null)
    .map((value) => JSON.stringify(value))
    .join(' | ');
  return values.includes(null) ? `${text} or null` : text;
}

/** A small closed object is shown by its members, `{ url }`. */
function objectText({ properties, additionalProperties }) {
  if (properties === undefined || additionalProperties !== false) return 'object';
  return `{ ${Object.keys(properties).join(', ')} }`;
}

function bounds(min, max, unit) {
  const isOpen = max === undefined || max >= Number.MAX_SAFE_INTEGER;
  const tail = (value) => (unit === '' ? INTEGER.format(value) : `${INTEGER.format(value)} ${unit}${value === 1 ? '' : 's'}`);
  if (min !== undefined && !isOpen) return `, ${INTEGER.format(min)} to ${tail(max)}`;
  if (!isOpen) return `, at most ${tail(max)}`;
  return min !== undefined && min > (unit === 'item' ? 1 : 0) ? `, at least ${tail(min)}` : '';
}

function withDefault(text, schema) {
  return schema.default === undefined ? text : `${text}; default ${JSON.stringify(schema.default)}`;
}
