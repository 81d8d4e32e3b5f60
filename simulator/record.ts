import type { Rgb } from './image/look.ts';
import type { JsonObject } from './json.ts';
import { RECORDED_BODY_CHARACTERS_MAX, RECORDS_MAX } from './limit.ts';

/** What the simulator saw of one image, in the wire's names. */
export interface ImageFacts {
  /** Where it stood: `messages.0.content.1`. */
  path: string;
  source: 'base64' | 'url' | 'file';
  media_type: string;
  /** Lower-case hex of the image's bytes. */
  sha256: string;
  bytes: number;
  /** Upright size in pixels. */
  width: number;
  height: number;
  orientation: number;
  /** The size that the model sees; equal to width and height when nothing was resized. */
  resized: { width: number; height: number };
  image_tokens: number;
  oversized_image: string | null;
  /** Whether its pixels were decoded and looked at. */
  decoded: boolean;
  /** Mean colours of the upright picture's quarters: top left, top right, bottom left, bottom right. */
  quadrants: readonly Rgb[] | null;
}

/** One request as `GET /simulator/requests` shows it. */
export interface RequestRecord {
  request_id: string;
  at: string;
  method: string;
  path: string;
  status: number | null;
  authentication: 'bearer' | 'x-api-key' | null;
  anthropic_version: string | null;
  anthropic_beta: string | null;
  user_agent: string | null;
  fault: string | null;
  model: string | null;
  stream: boolean;
  images: ImageFacts[];
  usage: { input_tokens: number; output_tokens: number } | null;
  stop_reason: string | null;
  error: string | null;
  /** The client went away before the answer ended. */
  is_cancelled: boolean;
  /** Length of the body as it arrived; `null` where none was read. */
  body_bytes: number | null;
  /** The body with base64 data elided, or a note on its length; `null` where there was none. */
  body: unknown;
}

/** A record with what is known before anything is read. */
export function openRecord(request: Request, requestId: string, now: number): RequestRecord {
  const { headers } = request;
  const key = headers.get('x-api-key');
  return {
    request_id: requestId,
    at: new Date(now).toISOString(),
    method: request.method,
    path: new URL(request.url).pathname,
    status: null,
    authentication: headers.get('authorization') !== null ? 'bearer' : key !== null ? 'x-api-key' : null,
    anthropic_version: headers.get('anthropic-version'),
    anthropic_beta: headers.get('anthropic-beta'),
    user_agent: headers.get('user-agent'),
    fault: null,
    model: null,
    stream: false,
    images: [],
    usage: null,
    stop_reason: null,
    error: null,
    is_cancelled: false,
    body_bytes: null,
    body: null,
  };
}

/** Keeps a record and drops the oldest ones above the bound. */
export function keepRecord(records: RequestRecord[], record: RequestRecord): void {
  records.push(record);
  if (records.length > RECORDS_MAX) records.splice(0, records.length - RECORDS_MAX);
}

/** A body fit to be remembered: base64 replaced by its length, and a note instead of anything long. */
export function elideBody(body: JsonObject): unknown {
  const text = JSON.stringify(body, (key, value: unknown) => (key === 'data' && typeof value === 'string' ? `(${value.length} characters)` : value));
  if (text.length > RECORDED_BODY_CHARACTERS_MAX) return `(${text.length} characters of JSON)`;
  return JSON.parse(text);
}
