import { afterEach, describe, expect, it, vi } from 'vitest';
import { EventReader } from '../../../src/core/json/sse.ts';

const START = 'event: message_start\ndata: {"type":"message_start","note":"the secret is no error"}\n\n';
const bytesOf = (text: string) => new TextEncoder().encode(text);

/** What is passed on of a stream that comes in pieces of this length. */
function passed(stream: string, pieceBytes: number): string {
  const reader = new EventReader((text) => text.replaceAll('secret', '[changed]'));
  const decoder = new TextDecoder();
  const bytes = bytesOf(stream);
  let text = '';
  for (let at = 0; at < bytes.length; at += pieceBytes) text += decoder.decode(reader.push(bytes.slice(at, at + pieceBytes)).whole, { stream: true });
  return text;
}

describe('the errors of a stream', () => {
  it.each([
    ['by name and data', 'event: error\ndata: {"type":"error","error":{"message":"a secret"}}\n\n'],
    ['by name alone', 'event:error\ndata: {"message":"a secret"}\n\n'],
    ['by name, and not JSON', 'event: error\r\ndata: a secret\r\n\r\n'],
    ['by data alone', 'data: {"type": "error", "message": "a secret"}\n\n'],
    ['in several lines', 'event: error\ndata: {"type":"error",\ndata: "message":"a secret"}\n\n'],
  ])('are changed, and all else is as it came: %s', (_, error) => {
    const stream = START + error + START;
    for (const pieceBytes of [1, 7, 64, stream.length]) expect(passed(stream, pieceBytes)).toBe(START + error.replace('secret', '[changed]') + START);
  });

  it('that hold nothing to be changed pass as the very bytes that came', () => {
    // A byte that is no UTF-8 would not survive being written anew.
    const bytes = new Uint8Array([...bytesOf('event: error\ndata: {"type":"error","x":"'), 0xff, ...bytesOf('"}\n\n')]);
    expect(new EventReader((text) => text).push(bytes).whole).toEqual(bytes);
  });
});

describe('an event in very many pieces', () => {
  afterEach(() => void vi.restoreAllMocks());

  it('is copied a few times, however small they are', () => {
    const event = bytesOf(`data: {"x":"${'y'.repeat(2_000_000)}"}\r\n\r\n`);
    let copied = 0;
    const { set, copyWithin } = Uint8Array.prototype;
    vi.spyOn(Uint8Array.prototype, 'set').mockImplementation(function count(this: Uint8Array, from: ArrayLike<number>, at?: number) {
      copied += from.length;
      return set.call(this, from, at);
    });
    vi.spyOn(Uint8Array.prototype, 'copyWithin').mockImplementation(function count(this: Uint8Array, target: number, from: number, to?: number) {
      copied += (to ?? this.length) - from;
      return copyWithin.call(this, target, from, to) as any;
    });
    const reader = new EventReader();
    const passedOn: number[] = [];
    for (let at = 0; at < event.length; at += 100) passedOn.push(reader.push(event.subarray(at, at + 100)).whole.length);
    expect(passedOn.filter((bytes) => bytes > 0)).toEqual([event.length]);
    expect(copied).toBeLessThan(5 * event.length);
  });

  it.each(['\n\n', '\r\n\r\n'])('ends where its end is cut anywhere: %j', (end) => {
    const event = `data: {}${end}`;
    for (let cut = 1; cut < event.length; cut++) {
      const reader = new EventReader();
      expect(reader.push(bytesOf(event.slice(0, cut))).whole.length).toBe(0);
      expect(reader.push(bytesOf(event.slice(cut) + 'data: [')).whole).toEqual(bytesOf(event));
    }
  });
});
