/** Reading a stream of unknown length into one buffer, counted and hashed on the way. */
import { Fault } from '../core/fault.ts';
import type { HashedBytes } from '../port.ts';

export interface ReadOptions {
  /** Reading stops with image_too_large at the first byte beyond. */
  readonly bytesMax: number;
  readonly idleTimeoutMs: number;
  /** What the sender announced; only a hint for the first allocation. */
  readonly declaredBytes: number | undefined;
  readonly signal: AbortSignal;
}

const FIRST_BUFFER_BYTES = 65_536;

/**
 * Reads everything. A truthful announcement costs one buffer of that size; else the buffer doubles.
 * @throws image_too_large, image_unfetchable (silence, or fewer bytes than announced); errors of the stream as they are
 */
export async function readHashed(stream: ReadableStream<Uint8Array>, options: ReadOptions): Promise<HashedBytes> {
  const reader = stream.getReader();
  const digest = new crypto.DigestStream('SHA-256');
  const hasher = digest.getWriter();
  let buffer = new Uint8Array(Math.min(options.declaredBytes ?? FIRST_BUFFER_BYTES, options.bytesMax));
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await withIdleTimeout(reader.read(), options);
      if (done) break;
      if (length + value.length > options.bytesMax) throw new Fault('image_too_large', `The image has more than ${options.bytesMax} bytes, which is what is left for it. Use a smaller one.`);
      if (length + value.length > buffer.length) buffer = grown(buffer, length, Math.min(options.bytesMax, Math.max(buffer.length * 2, length + value.length)));
      buffer.set(value, length);
      length += value.length;
      await hasher.write(value);
    }
    await hasher.close();
  } catch (error) {
    // The sender may still be talking; nobody listens any more.
    reader.cancel().catch(() => undefined);
    hasher.abort().catch(() => undefined);
    digest.digest.catch(() => undefined);
    throw error;
  }
  if (options.declaredBytes !== undefined && length < options.declaredBytes) {
    throw new Fault('image_unfetchable', `The server announced ${options.declaredBytes} bytes and sent ${length}. Try again.`);
  }
  return { bytes: buffer.subarray(0, length), sha256: new Uint8Array(await digest.digest).toHex() };
}

function grown(buffer: Uint8Array<ArrayBuffer>, length: number, size: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(size);
  larger.set(buffer.subarray(0, length));
  return larger;
}

async function withIdleTimeout<T>(work: Promise<T>, { idleTimeoutMs, signal }: ReadOptions): Promise<T> {
  signal.throwIfAborted();
  let timer: ReturnType<typeof setTimeout> | null = null;
  let onAbort: (() => void) | undefined;
  const stop = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Fault('image_unfetchable', `The server was silent for ${idleTimeoutMs / 1000} s in the middle of the image. Try again, or upload it.`)), idleTimeoutMs);
    onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, stop]);
  } finally {
    clearTimeout(timer);
    if (onAbort !== undefined) signal.removeEventListener('abort', onAbort);
  }
}
