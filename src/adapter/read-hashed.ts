/** Reading a stream of unknown length into one buffer, counted on the way and hashed. */
import type { BodyOptions, HashedBytes, HttpMessage, ReadOptions } from '../port/fetch.ts';

const FIRST_BUFFER_BYTES = 262_144;

/**
 * A request body. Its announced length frames the message (RFC 9112 §6.2), so the platform cannot deliver more and one
 * native read does; without one it is counted chunk by chunk.
 * @throws what the options say for too many bytes, silence or a short body; errors of the stream as they are
 */
export async function readBody(message: HttpMessage, options: BodyOptions): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly sha256?: string }> {
  if (options.declaredBytes === undefined) {
    if (message.body === null) return { bytes: new Uint8Array(0) };
    const deadline = new AbortController();
    return withTimeout(readHashed(message.body, { ...options, signal: deadline.signal }), options.timeoutMs, () => {
      const error = tookTooLong();
      deadline.abort(error);
      return error;
    });
  }
  options.account(options.declaredBytes);
  const bytes = new Uint8Array(await withTimeout(message.arrayBuffer(), options.timeoutMs, tookTooLong));
  if (bytes.length > options.bytesMax) throw options.fault('too-large');
  if (bytes.length < options.declaredBytes) throw options.fault('short');
  return options.isHashed ? { bytes, sha256: await sha256(bytes) } : { bytes };
}

/**
 * Reads and hashes everything, never more than the bound whatever was announced. A truthful announcement costs one
 * buffer of that size; else the buffer doubles. The platform writes into it what has come, so that there is one step a
 * packet and no copy.
 * @throws as `readBody`
 */
export async function readHashed(stream: ReadableStream<Uint8Array>, options: ReadOptions): Promise<HashedBytes> {
  const reader = stream.getReader({ mode: 'byob' });
  let buffer = allocate(Math.min(options.declaredBytes ?? FIRST_BUFFER_BYTES, options.bytesMax), options);
  let length = 0;
  try {
    for (;;) {
      // Whether a full buffer is all there is, one byte more tells.
      const isFull = length === buffer.length;
      const { done, value } = await withIdleTimeout(reader.read(isFull ? new Uint8Array(1) : buffer.subarray(length)), options);
      // The memory is handed to and fro.
      if (!isFull && value !== undefined) buffer = new Uint8Array(value.buffer as ArrayBuffer);
      if (done) break;
      length += value.length;
      if (!isFull) continue;
      if (length > options.bytesMax) throw options.fault('too-large');
      buffer = grown(buffer, length - 1, Math.min(options.bytesMax, Math.max(buffer.length * 2, FIRST_BUFFER_BYTES)), options);
      buffer.set(value, length - 1);
    }
  } catch (error) {
    // The sender may still be talking; nobody listens any more.
    reader.cancel().catch(() => undefined);
    throw error;
  }
  if (options.declaredBytes !== undefined && length < options.declaredBytes) throw options.fault('short');
  const bytes = buffer.subarray(0, length);
  return { bytes, sha256: await sha256(bytes) };
}

/** Every buffer is entered in the ledger before it exists. */
function allocate(size: number, options: ReadOptions): Uint8Array<ArrayBuffer> {
  options.account(size);
  return new Uint8Array(size);
}

function grown(buffer: Uint8Array<ArrayBuffer>, length: number, size: number, options: ReadOptions): Uint8Array<ArrayBuffer> {
  const larger = allocate(size, options);
  larger.set(buffer.subarray(0, length));
  options.account(-buffer.length);
  return larger;
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    if (onAbort !== undefined) signal.removeEventListener('abort', onAbort);
  }
}

function withIdleTimeout<T>(work: Promise<T>, { idleTimeoutMs, signal, fault }: ReadOptions): Promise<T> {
  return unlessAborted(
    withTimeout(work, idleTimeoutMs, () => fault('silent')),
    signal,
  );
}

/** A timer that is cleared, not `AbortSignal.timeout`: that one would outlive nearly every upload by its whole time. */
async function withTimeout<T>(work: Promise<T>, timeoutMs: number, error: () => Error): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | null = null;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(error()), timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function tookTooLong(): Error {
  return new DOMException('the body took too long', 'TimeoutError');
}

/** SHA-256 in 64 lower-case hex digits, of bytes or of the UTF-8 form of a text. The platform hashes over a gigabyte a second. */
export async function sha256(data: Uint8Array<ArrayBuffer> | string): Promise<string> {
  const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data;
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)).toHex();
}
