/** A stream of events on its way from the provider to the caller: event by event, never gathered. */
import { MessageFold } from '../../core/relay/message-fold.ts';
import { EventReader, writeEvent } from '../../core/json/sse.ts';
import type { AnswerEnd } from './call.ts';
import type { Lifetime } from './lifetime.ts';

export interface StreamOptions {
  /** Fold the events into a Message, for the cache and for others who wait: the stream is read at the provider's pace then, not the caller's. */
  readonly isShared: boolean;
  /** Read on when the caller has left. */
  readonly finishes: boolean;
  /** Told when the caller has left. */
  readonly call: Lifetime;
  /** Takes the operator's secrets out of what the provider says of an error. */
  readonly redact: (text: string) => string;
}

/**
 * Passes whole events on as they come. A stream that breaks off ends with an `error` event, which the API's clients throw
 * as they would one of the API; without it they would take half a text for a whole one.
 */
export function passStream(
  source: ReadableStream<Uint8Array>,
  options: StreamOptions,
): { readonly body: ReadableStream<Uint8Array>; readonly end: Promise<AnswerEnd> } {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  return { body: readable, end: pump(source, writable.getWriter(), options) };
}

async function pump(source: ReadableStream<Uint8Array>, writer: WritableStreamDefaultWriter<Uint8Array>, options: StreamOptions): Promise<AnswerEnd> {
  const fold = new MessageFold(options.isShared);
  const events = new EventReader(options.redact);
  const reader = source.getReader();
  let isGone = false;
  // Heard while a read is waiting, too: an upstream that thinks for a minute is not kept for nobody.
  writer.closed.catch(() => {
    isGone = true;
    options.call.leave();
    if (!options.finishes) reader.cancel().catch(() => undefined);
  });
  const pass = (bytes: Uint8Array) => (isGone || bytes.length === 0 ? undefined : writer.write(bytes).catch(() => undefined));
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      const { whole, events: complete } = events.push(value);
      for (const event of complete) fold.add(event);
      const passing = pass(whole);
      if (!options.isShared) await passing;
    }
  } catch {
    // The connection broke; what came is with the caller, and the event below says that it is not all.
    await reader.cancel().catch(() => undefined);
  }
  const ending = [fold.isComplete ? undefined : pass(new TextEncoder().encode(brokenOff())), writer.close().catch(() => undefined)];
  if (!options.isShared) await Promise.all(ending);
  return { usage: fold.usage(), isWhole: fold.isBilled, isCut: options.call.signal.aborted, message: fold.message() };
}

function brokenOff(): string {
  return writeEvent({
    type: 'error',
    error: { type: 'api_error', message: "Claude's answer broke off before its end. The call may have been billed; try again." },
  });
}
