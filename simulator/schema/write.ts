import type { ExampleObject } from '../example/example.ts';
import type { SeenImage } from '../image/inspect.ts';
import { isObject, type JsonObject } from '../json.ts';
import { SCHEMA_DEPTH_MAX } from '../limit.ts';
import { resolveReference, typesOf } from './check.ts';
import { listStrings, numberFor, stringFor, boxNumbers } from './content.ts';

/** What a document is written about. */
export interface Subject {
  readonly images: readonly SeenImage[];
  /** Mark of the prompt, added to long texts. */
  readonly mark: string;
}

/** Where in the document a value stands. */
export interface Place {
  readonly root: JsonObject;
  readonly subject: Subject;
  /** Image that this part of the document is about, counted from 0. */
  readonly imageIndex: number;
  /** Language that the nearest object names. */
  readonly language: string | undefined;
  /** Thing of a sample that this part of the document is about. */
  readonly object: ExampleObject | undefined;
  readonly depth: number;
}

const LANGUAGE_NAMES = new Set(['language', 'lang', 'locale', 'language_code']);
const IMAGE_LIST = /^(images|pictures|photos)$/;
const OBJECT_LIST = /^(objects|things|items|detections|boxes)$/;
const BOX_LIST = /^(box|bbox|bounding_box|box_2d)$/;

/** A JSON value that follows the schema, filled with what was seen. The schema has passed `checkSchema`. */
export function writeDocument(schema: JsonObject, subject: Subject): unknown {
  return write(schema, '', { root: schema, subject, imageIndex: 0, language: undefined, object: undefined, depth: 0 });
}

function write(schema: JsonObject, name: string, place: Place): unknown {
  if (place.depth > SCHEMA_DEPTH_MAX) return null;
  const inside = { ...place, depth: place.depth + 1 };
  const target = typeof schema['$ref'] === 'string' ? resolveReference(place.root, schema['$ref']) : undefined;
  if (target !== undefined) return write(target, name, inside);
  if (schema['const'] !== undefined) return schema['const'];
  const choices = schema['enum'];
  if (Array.isArray(choices)) return choices.includes(place.language) ? place.language : choices[0];
  const options = schema['anyOf'] ?? schema['allOf'];
  if (Array.isArray(options)) return writeOption(options.filter(isObject), schema, name, inside);
  const type = typesOf(schema).find((candidate) => candidate !== 'null') ?? typesOf(schema)[0];
  switch (type ?? (isObject(schema['properties']) ? 'object' : 'string')) {
    case 'object':
      return writeObject(schema, inside);
    case 'array':
      return writeArray(schema, name, inside);
    case 'number':
    case 'integer':
      return numberFor(name, place);
    case 'boolean':
      return booleanFor(name, place);
    case 'null':
      return null;
    default:
      return stringFor(name, schema['format'], place);
  }
}

/** The first alternative that is not null; `allOf` parts of an object are merged. */
function writeOption(options: readonly JsonObject[], schema: JsonObject, name: string, place: Place): unknown {
  if (Array.isArray(schema['allOf'])) {
    const parts = options.map((option) => write(option, name, place));
    return parts.every(isObject) ? Object.assign({}, ...parts) : parts[0];
  }
  const chosen = options.find((option) => option['type'] !== 'null') ?? options[0];
  return chosen === undefined ? null : write(chosen, name, place);
}

function writeObject(schema: JsonObject, place: Place): JsonObject {
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  const language = ownLanguage(properties, place) ?? place.language;
  const value: JsonObject = {};
  for (const [name, property] of Object.entries(properties)) {
    if (isObject(property)) value[name] = write(property, name, { ...place, language });
  }
  return value;
}

/** The language an object fixes by const, or by an enum of one. */
function ownLanguage(properties: JsonObject, place: Place): string | undefined {
  for (const [name, property] of Object.entries(properties)) {
    if (!LANGUAGE_NAMES.has(name) || !isObject(property)) continue;
    if (typeof property['const'] === 'string') return property['const'];
    const choices: unknown = property['enum'];
    if (Array.isArray(choices) && !choices.includes(place.language)) {
      const first: unknown = choices[0];
      return typeof first === 'string' ? first : undefined;
    }
  }
  return undefined;
}

function writeArray(schema: JsonObject, name: string, place: Place): unknown[] {
  const declared = isObject(schema['items']) ? schema['items'] : { type: 'string' };
  const reference = declared['$ref'];
  const items = (typeof reference === 'string' && resolveReference(place.root, reference)) || declared;
  const types = typesOf(items);
  if (types.includes('object')) {
    const languages = languagesOf(items);
    if (languages !== undefined) return languages.map((language) => write(items, name, { ...place, language }));
    if (IMAGE_LIST.test(name)) {
      return place.subject.images.map((_, imageIndex) => write(items, name, { ...place, imageIndex }));
    }
    const objects = place.subject.images[place.imageIndex]?.example?.objects;
    if (OBJECT_LIST.test(name) && objects !== undefined) return objects.map((object) => write(items, name, { ...place, object }));
    return [write(items, name, place)];
  }
  if (items['enum'] !== undefined || items['const'] !== undefined) return [write(items, name, place)];
  if (types.includes('string')) return listStrings(name, place);
  const isNumber = types.includes('number') || types.includes('integer');
  if (isNumber && BOX_LIST.test(name)) return boxNumbers(place);
  return [write(items, name, place)];
}

/** The languages of a list with an entry for each, told by an enum in the items. */
function languagesOf(items: JsonObject): string[] | undefined {
  const properties = isObject(items['properties']) ? items['properties'] : {};
  for (const [name, property] of Object.entries(properties)) {
    if (!LANGUAGE_NAMES.has(name) || !isObject(property) || !Array.isArray(property['enum'])) continue;
    return property['enum'].filter((choice): choice is string => typeof choice === 'string');
  }
  return undefined;
}

function booleanFor(name: string, place: Place): boolean {
  const look = place.subject.images[place.imageIndex]?.look;
  if (/photo/.test(name)) return look !== undefined && !look.isFlat;
  return /simulated/.test(name);
}
