/** Request bodies: read once, counted, and turned into a JSON value plus uploaded files. */
import { Fault } from '../error.ts';
import { multipartBoundary, type Part, parseMultipart } from '../core/input/multipart.ts';
import { bodyFromText, type UploadedImage } from '../core/input/request.ts';
import type { Reservation } from '../port/memory.ts';
import type { Ports } from '../port/ports.ts';
import type { AppContext, AppOptions } from './context.ts';

/** Longest silence in the middle of an upload. */
const IDLE_TIMEOUT_MS = 15_000;
/** A whole upload; with a phone on a slow line 30 MB take about a minute. */
const TOTAL_TIMEOUT_MS = 120_000;
/** What an announced body has to keep up after the idle time, lest a silent sender hold its memory for the whole of the above. */
const BYTES_PER_SECOND_MIN = 131_072;

const BUSY_RETRY_AFTER_SECONDS = 5;

export interface RequestBody {
  readonly json: unknown;
  readonly uploads: readonly UploadedImage[];
}

/**
 * Reads a request in any of the three forms: JSON, multipart, or a raw image with query parameters. Its memory is counted in `hold`.
 * @throws unsupported_media_type, body_too_large, invalid_request, overloaded
 */
export async function readImageBody(c: AppContext, options: AppOptions, hold: Reservation): Promise<RequestBody> {
  const type = contentType(c);
  return parseBody(c, type, await readBody(c, options, hold, isImageType(type)));
}

/** A JSON body that was read as bytes. @throws invalid_request */
export function jsonBody(c: AppContext, bytes: Uint8Array): RequestBody {
  checkNoQuery(c);
  return { json: parseJson(bytes), uploads: [] };
}

/** Whether a request says that its body is JSON. */
export function isJsonRequest(c: AppContext): boolean {
  return typeOf(c) === 'application/json';
}

/**
 * Reads a JSON body as bytes, for readers that parse it themselves.
 * @throws unsupported_media_type, body_too_large, invalid_request, overloaded
 */
export async function readJsonBytes(c: AppContext, options: AppOptions, hold: Reservation): Promise<Uint8Array<ArrayBuffer>> {
  checkIsJson(c);
  return (await readBody(c, options, hold, false)).bytes;
}

/**
 * Reads a body that is JSON or nothing at all: an empty one stands for `{}`, whatever its type is said to be.
 * @throws unsupported_media_type, body_too_large, invalid_request, overloaded
 */
export async function readSettings(c: AppContext, options: AppOptions, hold: Reservation): Promise<unknown> {
  const isEmpty = c.req.raw.body === null || c.req.header('content-length') === '0';
  // Without a type only a body of nothing is taken, which shows when it is read: workerd has a stream for that as well.
  if (!isEmpty && typeOf(c) !== '') checkIsJson(c);
  const bytes = isEmpty ? new Uint8Array() : (await readBody(c, options, hold, false)).bytes;
  if (bytes.length > 0) checkIsJson(c);
  checkNoQuery(c);
  return bytes.length === 0 ? {} : parseJson(bytes);
}

/** A whole body, hashed on request. */
export type ReadBody = Awaited<ReturnType<Ports['readBody']>>;

function parseBody(c: AppContext, type: string, body: ReadBody): RequestBody {
  if (type === 'application/json') return jsonBody(c, body.bytes);
  if (type === 'multipart/form-data') {
    checkNoQuery(c);
    return fromParts(parseMultipart(body.bytes, multipartBoundary(c.req.header('content-type') ?? '') ?? noBoundary()));
  }
  if (isImageType(type)) {
    return { json: bodyFromText(new URL(c.req.url).searchParams), uploads: [{ ...body, declaredType: type, param: 'body' }] };
  }
  throw new Fault('unsupported_media_type', `The content type "${type.slice(0, 80)}" is not taken. Use application/json, multipart/form-data or image/*.`, {
    param: 'content-type',
  });
}

/** The body is the picture itself. What it really is, its bytes decide. */
function isImageType(type: string): boolean {
  return type.startsWith('image/') || type === 'application/octet-stream';
}

/**
 * Files are parts named `image` (or with a file name); `request` is the JSON; all other parts are its fields as text.
 * `request` may have a file name, too: browsers give one to every Blob, and only a Blob can say that it is JSON.
 * `image` and `images` without one may be references as JSON.
 */
function fromParts(parts: readonly Part[]): RequestBody {
  const isFile = (part: Part) =>
    part.name !== 'request' && (part.filename !== undefined || ((part.name === 'image' || part.name === 'images') && !isJson(part)) || part.name === 'image[]');
  const files = parts.filter(isFile);
  const uploads = files.map((part, index) => ({
    bytes: part.bytes,
    filename: part.filename,
    declaredType: part.contentType,
    param: files.length === 1 ? 'image' : `image.${index}`,
  }));
  const texts = parts.filter((part) => !isFile(part) && part.name !== 'request').map((part) => [part.name, decodeText(part.bytes)] as const);
  const [request, another] = parts.filter((part) => part.name === 'request');
  if (another !== undefined) throw new Fault('invalid_request', '"request" is given more than once. Give it once.', { param: 'request' });
  const fields = bodyFromText(texts);
  if (request === undefined) return { json: fields, uploads };
  const json = parseJson(request.bytes);
  return { json: typeof json === 'object' && json !== null && !Array.isArray(json) ? { ...json, ...fields } : json, uploads };
}

/** No picture starts with a brace or a bracket. */
function isJson({ bytes }: Part): boolean {
  return bytes[0] === 0x7b || bytes[0] === 0x5b;
}

/** The body as bytes; once read, it is that of all who ask. @throws unsupported_media_type, body_too_large, invalid_request, overloaded */
export async function readBody(c: AppContext, options: AppOptions, hold: Reservation, isHashed: boolean): Promise<ReadBody> {
  const known = c.get('body');
  if (known !== undefined) return known;
  const body = await c.get('stopwatch').time('body', receive(c, options, hold, isHashed));
  c.set('body', body);
  return body;
}

async function receive(c: AppContext, { config, ports }: AppOptions, reservation: Reservation, isHashed: boolean): Promise<ReadBody> {
  const bytesMax = config.uploadBytesMax;
  const encoding = c.req.header('content-encoding');
  if (encoding !== undefined && encoding !== 'identity')
    throw new Fault('unsupported_media_type', 'Compressed bodies are not taken. Send it without Content-Encoding.', { param: 'content-encoding' });
  const declared = c.req.header('content-length');
  const declaredBytes = declared !== undefined && /^\d{1,15}$/.test(declared) ? Number(declared) : undefined;
  // One that is announced is not asked for: as a stream it would be made twice.
  if ((declaredBytes ?? 0) === 0 && c.req.raw.body === null)
    throw new Fault('invalid_request', 'The body is empty. Send JSON, multipart/form-data or an image.', { param: 'body' });
  const tooLarge = () =>
    new Fault('body_too_large', `The body has more than ${bytesMax} bytes (UPLOAD_BYTES_MAX). Send smaller or fewer images, or their URLs.`, { param: 'body' });
  if (declaredBytes !== undefined && declaredBytes > bytesMax) throw tooLarge();
  try {
    return await ports.readBody(c.req.raw, {
      bytesMax,
      idleTimeoutMs: IDLE_TIMEOUT_MS,
      declaredBytes,
      isHashed,
      timeoutMs: bodyTimeoutMs(declaredBytes),
      account: reservation.grow,
      fault: (reason) => (reason === 'too-large' ? tooLarge() : incomplete()),
    });
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    // Our timeout, while others waited for the same thread: the bytes may have been there.
    if (cause instanceof DOMException && cause.name === 'TimeoutError' && ports.door.isBusy()) throw starved(cause);
    // A broken connection or framing, or our timeout: the sender's side, not a fault of this service.
    throw incomplete(cause);
  }
}

/** Milliseconds that a body may take. */
function bodyTimeoutMs(declaredBytes: number | undefined): number {
  return declaredBytes === undefined
    ? TOTAL_TIMEOUT_MS
    : Math.min(TOTAL_TIMEOUT_MS, IDLE_TIMEOUT_MS + Math.ceil((declaredBytes / BYTES_PER_SECOND_MIN) * 1000));
}

function starved(cause: unknown): Fault {
  return new Fault('overloaded', `The body could not be read in time, with many other requests at work. Try again in ${BUSY_RETRY_AFTER_SECONDS} s.`, {
    retryAfterSeconds: BUSY_RETRY_AFTER_SECONDS,
    cause,
  });
}

function incomplete(cause?: unknown): Fault {
  return new Fault('invalid_request', 'The body ended or paused before it was complete. Send it again.', {
    param: 'body',
    ...(cause === undefined ? {} : { cause }),
  });
}

function typeOf(c: AppContext): string {
  return (c.req.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

/** @throws unsupported_media_type, for all but JSON */
function checkIsJson(c: AppContext): void {
  const type = typeOf(c);
  if (type === 'application/json') return;
  const said = type === '' ? 'The request has no content type' : `The content type "${type.slice(0, 80)}" is not taken here`;
  throw new Fault('unsupported_media_type', `${said}. Use application/json.`, { param: 'content-type' });
}

function contentType(c: AppContext): string {
  const type = typeOf(c);
  if (type !== '') return type;
  throw new Fault('unsupported_media_type', 'The request has no content type. Use application/json, multipart/form-data or image/*.', {
    param: 'content-type',
  });
}

/** Settings in the address would be silently lost beside a body that has its own. */
function checkNoQuery(c: AppContext): void {
  const [name] = [...new URL(c.req.url).searchParams.keys()];
  if (name !== undefined)
    throw new Fault('invalid_request', `The query parameter "${name.slice(0, 60)}" has no effect with this content type. Put it into the body.`, {
      param: name.slice(0, 60),
    });
}

function parseJson(bytes: Uint8Array): unknown {
  if (bytes.length === 0) throw new Fault('invalid_request', 'The body is empty. Send JSON.', { param: 'body' });
  try {
    return JSON.parse(decodeText(bytes));
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    throw new Fault('invalid_request', 'The body is not valid JSON. Check its quotes, commas and braces.', { param: 'body', cause });
  }
}

function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch (cause) {
    throw new Fault('invalid_request', 'The text is not valid UTF-8. Encode it as UTF-8.', { param: 'body', cause });
  }
}

function noBoundary(): never {
  throw new Fault('invalid_request', 'The content type multipart/form-data has no boundary. Let your HTTP client set the header.', { param: 'content-type' });
}
