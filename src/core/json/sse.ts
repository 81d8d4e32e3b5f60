/**
 * Server-sent events on their way through (WHATWG HTML §9.2.6): only whole events pass, so that a stream which breaks off
 * can still be ended by an event that the client understands.
 */
import { Fault } from '../fault.ts';
import { EVENT_BYTES_MAX } from './limit.ts';

/** The data of one event; `undefined` where it is not a JSON object. */
export type EventData = Readonly<Record<string, unknown>> | undefined;

export class EventReader {
  readonly #changeError: (text: string) => string;
  /** What has come of an event that is not whole, at the beginning of a buffer that doubles: each byte is copied a few times at most. */
  #buffer = new Uint8Array(0);
  #length = 0;

  /** `changeError` gets the text of each event that is an error, and gives what is passed on in its place. */
  constructor(changeError: (text: string) => string = (text) => text) {
    this.#changeError = changeError;
  }

  /**
   * Takes the next bytes of a stream. `whole`: what may be passed on now, exactly as it came but for errors; `events`: the data in it.
   * @throws upstream_error when one event passes `EVENT_BYTES_MAX`
   */
  push(chunk: Uint8Array): { readonly whole: Uint8Array; readonly events: readonly EventData[] } {
    // Whatever came before was looked through then; an end may reach back into its last bytes.
    const from = Math.max(0, this.#length - LINE_ENDS_BYTES);
    this.#append(chunk);
    const end = endOfLastEvent(this.#buffer.subarray(0, this.#length), from);
    const whole = this.#buffer.slice(0, end);
    if (end > 0) {
      this.#buffer.copyWithin(0, end, this.#length);
      this.#length -= end;
    }
    if (this.#length > EVENT_BYTES_MAX)
      throw new Fault('upstream_error', `Claude's stream has an event of more than ${EVENT_BYTES_MAX} bytes.`, { billed: true });
    if (end === 0) return { whole, events: [] };
    const text = new TextDecoder().decode(whole);
    return { whole: text.includes('error') ? this.#changed(whole, text) : whole, events: eventsIn(text) };
  }

  #append(chunk: Uint8Array): void {
    const needed = this.#length + chunk.length;
    if (needed > this.#buffer.length) {
      const grown = new Uint8Array(Math.max(needed, this.#buffer.length * 2));
      grown.set(this.#buffer.subarray(0, this.#length));
      this.#buffer = grown;
    }
    this.#buffer.set(chunk, this.#length);
    this.#length = needed;
  }

  #changed(whole: Uint8Array, text: string): Uint8Array {
    // With what stands between them, so that all the rest stays as it is.
    const parts = text.split(/(\r?\n\r?\n)/).map((part) => (isError(part) ? this.#changeError(part) : part));
    const changed = parts.join('');
    return changed === text ? whole : new TextEncoder().encode(changed);
  }
}

/** An event as the Messages API writes it. */
export function writeEvent(data: Readonly<Record<string, unknown>> & { readonly type: string }): string {
  return `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** Bytes of an empty line that may have come before its last one. */
const LINE_ENDS_BYTES = 3;

/** Behind the last empty line that ends at or after `from`; 0 when there is none. */
function endOfLastEvent(bytes: Uint8Array, from: number): number {
  for (let at = bytes.length - 1; at > 0 && at >= from; at--) {
    if (bytes[at] !== 0x0a) continue;
    const before = bytes[at - 1] === 0x0d ? at - 2 : at - 1;
    if (before >= 0 && bytes[before] === 0x0a) return at + 1;
  }
  return 0;
}

function eventsIn(text: string): readonly EventData[] {
  return text
    .split(/\r?\n\r?\n/)
    .map(dataOf)
    .filter((data) => data !== '')
    .map(parse);
}

/** By its name, or by its data: clients look at one or the other. */
function isError(event: string): boolean {
  return /^event: ?error$/m.test(event) || parse(dataOf(event))?.['type'] === 'error';
}

function dataOf(block: string): string {
  return block
    .split(/\r?\n/)
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice(5).replace(/^ /, ''))
    .join('\n');
}

function parse(data: string): EventData {
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    // The caller's client will say the same of it; here it only cannot be remembered.
    return undefined;
  }
}
