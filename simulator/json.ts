import { invalidRequest } from './error.ts';

/** A JSON object whose fields have not been looked at. */
export type JsonObject = Record<string, unknown>;

/** Whether a value is a JSON object: not null, not an array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object at `path`. @throws 400 in the API's words when it is absent or of another type. */
export function requireObject(value: unknown, path: string): JsonObject {
  if (value === undefined) throw invalidRequest(`${path}: Field required`);
  if (!isObject(value)) throw invalidRequest(`${path}: Input should be an object`);
  return value;
}

/** The array at `path`. @throws 400 when it is absent or of another type. */
export function requireArray(value: unknown, path: string): unknown[] {
  if (value === undefined) throw invalidRequest(`${path}: Field required`);
  if (!Array.isArray(value)) throw invalidRequest(`${path}: Input should be a valid list`);
  return value;
}

/** The string at `path`. @throws 400 when it is absent or of another type. */
export function requireString(value: unknown, path: string): string {
  if (value === undefined) throw invalidRequest(`${path}: Field required`);
  if (typeof value !== 'string') throw invalidRequest(`${path}: Input should be a valid string`);
  return value;
}

/** The integer at `path`, at least `min`. @throws 400 when it is absent, no integer or too small. */
export function requireInteger(value: unknown, path: string, min: number): number {
  if (value === undefined) throw invalidRequest(`${path}: Field required`);
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    throw invalidRequest(`${path}: Input should be a valid integer`);
  }
  if (value < min) throw invalidRequest(`${path}: Input should be greater than or equal to ${min}`);
  return value;
}

/** Refuses fields that the API does not know. @throws 400 naming the first one. */
export function refuseExtraFields(value: JsonObject, known: ReadonlySet<string>, path: string): void {
  for (const field of Object.keys(value)) {
    if (!known.has(field)) {
      throw invalidRequest(`${path === '' ? field : `${path}.${field}`}: Extra inputs are not permitted`);
    }
  }
}
