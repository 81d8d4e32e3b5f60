import { ApiError, invalidRequest } from './error.ts';
import { isObject, type JsonObject } from './json.ts';
import type { RequestRecord } from './record.ts';

/**
 * Reads a stream up to `bytesMax`; `undefined` when it is longer, without having kept more than the bound.
 */
export async function readUpTo(stream: ReadableStream<Uint8Array> | null, bytesMax: number): Promise<Uint8Array | undefined> {
  if (stream === null) return new Uint8Array(0);
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > bytesMax) {
      await reader.cancel();
      return undefined;
    }
    chunks.push(value);
  }
  const joined = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    joined.set(chunk, offset);
    offset += chunk.length;
  }
  return joined;
}

/**
 * The JSON object of a request; its length goes into the record, where there is one.
 *
 * @throws 413 above `bytesMax` bytes, 400 when it is not a JSON object.
 */
export async function readJsonBody(request: Request, bytesMax: number, record?: RequestRecord): Promise<JsonObject> {
  const declared = Number(request.headers.get('content-length') ?? 0);
  const bytes = declared > bytesMax ? undefined : await readUpTo(request.body, bytesMax);
  if (bytes === undefined) throw new ApiError('request_too_large', 'Request exceeds the maximum size');
  if (record !== undefined) record.body_bytes = bytes.length;
  const value = parseJson(bytes);
  if (!isObject(value)) throw invalidRequest('The request body must be a JSON object');
  return value;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'unreadable';
    throw invalidRequest(`The request body is not valid JSON: ${reason}`);
  }
}
