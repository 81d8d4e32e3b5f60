/** JSON Schema as a table of fields: name, type and bounds in words. */
import { element } from '../element.js';

/** The schema behind a `$ref` of this document; others as they are. */
export function resolve(schema, specification) {
  const match = /^#\/components\/schemas\/(\w+)$/.exec(schema?.$ref ?? '');
  return match === null ? schema : specification.components.schemas[match[1]];
}

/** Rows for each property; objects inside objects follow under a dotted name. */
export function fieldTable(schema, specification) {
  const rows = flatten(schema, '', specification);
  return element(
    'div',
    { class: 'table' },
    element(
      'table',
      {},
      element('thead', {}, element('tr', {}, element('th', { scope: 'col' }, 'Field'), element('th', { scope: 'col' }, 'Value'))),
      element(
        'tbody',
        {},
        rows.map(({ name, text, note, isRequired }) =>
          element(
            'tr',
            {},
            element('th', { scope: 'row' }, element('code', {}, name), isRequired && element('span', { class: 'hint' }, ' required')),
            element('td', {}, note && element('p', {}, note), element('p', { class: note && 'hint' }, text)),
          ),
        ),
      ),
    ),
  );
}

function flatten(schema, prefix, specification) {
  return Object.entries(schema.properties).flatMap(([name, raw]) => {
    const property = resolve(raw, specification);
    const row = { name: prefix + name, text: describe(property), note: property.description, isRequired: schema.required?.includes(name) ?? false };
    if ([property.type].flat().includes('object') && property.properties) return [row, ...flatten(property, `${prefix}${name}.`, specification)];
    const items = resolve(property.items, specification);
    if ([property.type].flat().includes('array') && items?.properties) return [row, ...flatten(items, `${prefix}${name}[].`, specification)];
    return [row];
  });
}

/** `string, 1 to 16,000 characters` and the like. */
function describe(schema) {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return withDefault(enumText(schema.enum), schema);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return choices.map((choice) => describe(choice)).join(', or ');
  const types = [schema.type ?? 'any'].flat();
  const isNullable = types.includes('null') ? ' or null' : '';
  const type = types.filter((name) => name !== 'null').join(' or ');
  if (type === 'object') return withDefault(objectText(schema) + isNullable, schema);
  if (type === 'array') return `list of ${describe(schema.items ?? {})}${bounds(schema.minItems, schema.maxItems, 'items')}${isNullable}`;
  const length = bounds(schema.minLength, schema.maxLength, 'characters') + bounds(schema.minimum, schema.maximum, '');
  return withDefault(`${type}${schema.format ? ` (${schema.format})` : ''}${length}${isNullable}`, schema);
}

/** `"day" | "month" or null` */
function enumText(values) {
  const text = values
    .filter((value) => value !== null)
    .map((value) => JSON.stringify(value))
    .join(' | ');
  return values.includes(null) ? `${text} or null` : text;
}

/** A small closed object is shown by its fields, `{ url }`. */
function objectText({ properties, additionalProperties }) {
  if (properties === undefined || additionalProperties !== false) return 'object';
  return `{ ${Object.keys(properties).join(', ')} }`;
}

function bounds(min, max, unit) {
  const number = (value) => new Intl.NumberFormat('en').format(value);
  const tail = unit === '' ? '' : ` ${unit}`;
  if (min !== undefined && max !== undefined && max < Number.MAX_SAFE_INTEGER) return `, ${number(min)} to ${number(max)}${tail}`;
  if (max !== undefined && max < Number.MAX_SAFE_INTEGER) return `, at most ${number(max)}${tail}`;
  return min !== undefined && min > (unit === 'items' ? 1 : 0) ? `, at least ${number(min)}${tail}` : '';
}

function withDefault(text, schema) {
  return schema.default === undefined ? text : `${text}; default ${JSON.stringify(schema.default)}`;
}
