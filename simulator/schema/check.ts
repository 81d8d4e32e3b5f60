import { invalidRequest } from '../error.ts';
import { isObject, type JsonObject } from '../json.ts';
import { SCHEMA_DEPTH_MAX, SCHEMA_OPTIONAL_MAX } from '../limit.ts';

/** Keywords that structured output does not support: bounds cannot be enforced while text is generated. */
const UNSUPPORTED: Readonly<Record<string, readonly string[]>> = {
  integer: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  number: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  string: ['minLength', 'maxLength'],
  array: ['maxItems', 'uniqueItems'],
  object: ['patternProperties', 'minProperties', 'maxProperties'],
};

interface Walk {
  readonly root: JsonObject;
  optional: number;
}

/**
 * Refuses a schema that structured output does not take: open objects, bounds, recursion, more than 24 optional
 * properties. @throws 400 naming the place.
 */
export function checkSchema(schema: JsonObject, path: string): void {
  const walk: Walk = { root: schema, optional: 0 };
  check(schema, path, walk, []);
  if (walk.optional > SCHEMA_OPTIONAL_MAX) {
    throw invalidRequest(`${path}: Schemas contains too many optional parameters (${walk.optional}), limit is ${SCHEMA_OPTIONAL_MAX}`);
  }
}

/** The subschema that a local reference `#/…` names; `undefined` when it names none. */
export function resolveReference(root: JsonObject, reference: string): JsonObject | undefined {
  if (reference === '#') return root;
  if (!reference.startsWith('#/')) return undefined;
  let place: unknown = root;
  for (const part of reference.slice(2).split('/')) {
    // RFC 6901 §4: ~1 is a slash, ~0 a tilde.
    const key = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
    if (!isObject(place)) return undefined;
    place = place[key];
  }
  return isObject(place) ? place : undefined;
}

function check(schema: unknown, path: string, walk: Walk, references: readonly string[]): void {
  if (!isObject(schema)) throw invalidRequest(`${path}: Input should be an object`);
  if (path.split('.').length > SCHEMA_DEPTH_MAX * 2) throw invalidRequest(`${path}: Schema is too deep`);
  const reference = schema['$ref'];
  if (typeof reference === 'string') {
    if (references.includes(reference)) {
      throw invalidRequest(`${path}: Circular reference detected in schema definitions: ${reference}`);
    }
    const target = resolveReference(walk.root, reference);
    if (target === undefined) throw invalidRequest(`${path}: Could not resolve reference ${reference}`);
    check(target, path, walk, [...references, reference]);
    return;
  }
  for (const keyword of ['anyOf', 'allOf', 'oneOf']) {
    const options = schema[keyword];
    if (options === undefined) continue;
    if (keyword === 'oneOf') throw invalidRequest(`${path}: Schema type 'oneOf' is not supported`);
    if (!Array.isArray(options)) throw invalidRequest(`${path}.${keyword}: Input should be a valid list`);
    for (const [index, option] of options.entries()) {
      check(option, `${path}.${keyword}.${index}`, walk, references);
    }
  }
  for (const type of typesOf(schema)) checkType(type, schema, path, walk, references);
}

/** The types a schema names; a schema may name several, or none beside an enum, const or anyOf. */
export function typesOf(schema: JsonObject): string[] {
  const type = schema['type'];
  const types = Array.isArray(type) ? type : [type];
  return types.filter((item): item is string => typeof item === 'string');
}

function checkType(type: string, schema: JsonObject, path: string, walk: Walk, references: readonly string[]): void {
  for (const keyword of UNSUPPORTED[type] ?? []) {
    if (schema[keyword] !== undefined) {
      throw invalidRequest(`${path}: For '${type}' type, property '${keyword}' is not supported`);
    }
  }
  if (type === 'array') {
    const minItems = schema['minItems'];
    if (minItems !== undefined && minItems !== 0 && minItems !== 1) {
      throw invalidRequest(`${path}: For 'array' type, 'minItems' values other than 0 or 1 are not supported`);
    }
    if (schema['items'] !== undefined) check(schema['items'], `${path}.items`, walk, references);
    return;
  }
  if (type !== 'object') return;
  if (schema['additionalProperties'] !== false) {
    throw invalidRequest(`${path}: For 'object' type, 'additionalProperties' must be explicitly set to false`);
  }
  const properties = schema['properties'] ?? {};
  if (!isObject(properties)) throw invalidRequest(`${path}.properties: Input should be an object`);
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  for (const [name, property] of Object.entries(properties)) {
    if (!required.includes(name)) walk.optional += 1;
    check(property, `${path}.properties.${name}`, walk, references);
  }
}
