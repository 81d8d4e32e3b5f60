/** A stream of events on its way from the provider to the caller: event by event, never gathered. */
import type { Fault } from '../../core/fault.ts';
import type { Bill } from '../../core/message/bill.ts';
import { MessageFold } from '../../core/relay/message-fold.ts';
import { type MadeState, madeBy } from '../../core/relay/provider-state.ts';
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
  /** What a Message, or the beginning of one, says of its cost. */
  readonly bill: (message: Readonly<Record<string, unknown>>) => Bill | undefined;
  /** What stands against the models that answer; `undefined`: nothing. */
  readonly refuse: (bill: Bill) => Fault | undefined;
  /** Told before the stream ends for its reader what the answer brought into being at the provider. Never rejects. */
  readonly made: (made: readonly MadeState[]) => Promise<void>;
  /** Whether a later request will name the answer. */
  readonly asksDiagnosis: boolean;
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
  let refusal: Fault | undefined;
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
      const said = billIn(fold, options);
      refusal = said === undefined ? undefined : options.refuse(said);
      if (refusal !== undefined) {
        await reader.cancel().catch(() => undefined);
        break;
      }
      const passing = pass(whole);
      if (!options.isShared) await passing;
    }
  } catch {
    // The connection broke; what came is with the caller, and the event below says that it is not all.
    await reader.cancel().catch(() => undefined);
  }
  if (fold.frame !== undefined) await options.made([...madeBy(fold.frame, options.asksDiagnosis), ...fold.files.map((id) => ({ kind: 'file', id }) as const)]);
  const last = refusal === undefined ? (fold.isComplete ? undefined : brokenOff()) : errorEvent('permission_error', refusal.message);
  const ending = [last === undefined ? undefined : pass(new TextEncoder().encode(last)), writer.close().catch(() => undefined)];
  if (!options.isShared) await Promise.all(ending);
  const isWhole = fold.isBilled && refusal === undefined;
  return { bill: billIn(fold, options), isWhole, isCut: options.call.signal.aborted, message: refusal === undefined ? fold.message() : undefined };
}

function billIn({ frame }: MessageFold, { bill }: StreamOptions): Bill | undefined {
  return frame === undefined ? undefined : bill(frame);
}

function brokenOff(): string {
  return errorEvent('api_error', "Claude's answer broke off before its end. The call may have been billed; try again.");
}

function errorEvent(type: string, message: string): string {
  return writeEvent({ type: 'error', error: { type, message } });
}
