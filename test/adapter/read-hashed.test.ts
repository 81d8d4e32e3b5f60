import { afterEach, describe, expect, it, vi } from 'vitest';
import { readHashed } from '../../src/adapter/read-hashed.ts';
import type { ReadOptions } from '../../src/port/fetch.ts';
import { hexHash } from '../support/hash.ts';

function optionsOf(options: Partial<ReadOptions> = {}): ReadOptions {
  return {
    bytesMax: 1_000_000,
    idleTimeoutMs: 1_000,
    declaredBytes: undefined,
    signal: new AbortController().signal,
    account: () => undefined,
    fault: (reason) => new Error(reason),
    ...options,
  };
}

/** A stream of bytes, as bodies are. */
function byteStream(source: Omit<UnderlyingByteSource, 'type'>): ReadableStream<Uint8Array> {
  return new ReadableStream({ ...source, type: 'bytes' });
}

function streamOf(...chunks: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  return byteStream({
    start(controller) {
      // A stream of bytes takes the memory of what it is given.
      for (const chunk of chunks) controller.enqueue(chunk.slice());
      controller.close();
    },
  });
}

/** Bytes that are not all alike: their position, by a prime. */
function pattern(length: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, index) => index % 251);
}

describe('reading a stream', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('of nothing gives nothing, and the well-known hash of it', async () => {
    // FIPS 180-4: SHA-256 of the empty string.
    expect(await readHashed(streamOf(), optionsOf())).toEqual({
      bytes: new Uint8Array(),
      sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    });
  });

  it.each([undefined, 0, 1, 65_536, 600_000])('gives all bytes in order when %s were announced', async (declaredBytes) => {
    const bytes = pattern(600_000);
    const chunks = [bytes.subarray(0, 1), bytes.subarray(1, 65_536), bytes.subarray(65_536, 65_537), bytes.subarray(65_537)];
    const read = await readHashed(streamOf(...chunks), optionsOf({ declaredBytes }));
    expect(read.sha256).toBe(await hexHash(bytes));
    expect(await hexHash(read.bytes)).toBe(read.sha256);
  });

  it.each([
    [99, undefined],
    [100, undefined],
    [101, 'too-large'],
    [1_000, 'too-large'],
  ])('%i bytes with a bound of 100: %s', async (length, reason) => {
    const outcome = await readHashed(streamOf(pattern(length)), optionsOf({ bytesMax: 100 })).catch((error: Error) => error);
    expect(outcome instanceof Error ? outcome.message : undefined).toBe(reason);
  });

  it('costs one buffer of the announced size, and never one beyond the bound', async () => {
    const sizes: number[] = [];
    await readHashed(streamOf(pattern(5_000)), optionsOf({ declaredBytes: 5_000, account: (bytes) => sizes.push(bytes) }));
    expect(sizes).toEqual([5_000]);
    sizes.length = 0;
    await readHashed(streamOf(pattern(10)), optionsOf({ declaredBytes: 10, bytesMax: 20, account: (bytes) => sizes.push(bytes) }));
    await readHashed(streamOf(pattern(15)), optionsOf({ declaredBytes: 1, bytesMax: 20, account: (bytes) => sizes.push(bytes) }));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(20);
  });

  it('enters every buffer before it exists, and takes the old one out', async () => {
    let held = 0;
    await readHashed(streamOf(pattern(262_144), pattern(1)), optionsOf({ account: (bytes) => void (held += bytes) }));
    expect(held).toBe(524_288);
    const refused = readHashed(
      streamOf(pattern(10)),
      optionsOf({
        account: () => {
          throw new Error('no room');
        },
      }),
    );
    await expect(refused).rejects.toThrow('no room');
  });

  it('that ends before what was announced is short', async () => {
    await expect(readHashed(streamOf(pattern(9)), optionsOf({ declaredBytes: 10 }))).rejects.toThrow('short');
  });

  it('that is silent for too long is left, and its sender told', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    let isCancelled = false;
    const stream = byteStream({
      pull: () => new Promise(() => undefined),
      cancel: () => {
        isCancelled = true;
      },
    });
    const outcome = readHashed(stream, optionsOf({ idleTimeoutMs: 1_000 })).catch((error: Error) => error.message);
    await vi.advanceTimersByTimeAsync(1_001);
    expect(await outcome).toBe('silent');
    expect(isCancelled).toBe(true);
  });

  it('that drips is not silent', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    let sent = 0;
    const stream = byteStream({
      async pull(controller) {
        await new Promise((resolve) => setTimeout(resolve, 900));
        if (sent++ === 5) controller.close();
        else controller.enqueue(pattern(1));
      },
    });
    const outcome = readHashed(stream, optionsOf({ idleTimeoutMs: 1_000 }));
    await vi.advanceTimersByTimeAsync(6 * 900 + 10);
    expect((await outcome).bytes.length).toBe(5);
  });

  it('ends when the caller leaves, before and in the middle', async () => {
    const gone = AbortSignal.abort(new Error('gone'));
    await expect(readHashed(streamOf(pattern(10)), optionsOf({ signal: gone }))).rejects.toThrow('gone');
    const caller = new AbortController();
    const stream = byteStream({ pull: () => new Promise(() => undefined) });
    const outcome = readHashed(stream, optionsOf({ signal: caller.signal })).catch((error: Error) => error.message);
    caller.abort(new Error('left'));
    expect(await outcome).toBe('left');
  });

  it('that fails, fails with its own error', async () => {
    const stream = byteStream({ pull: (controller) => controller.error(new Error('reset')) });
    await expect(readHashed(stream, optionsOf())).rejects.toThrow('reset');
  });
});
