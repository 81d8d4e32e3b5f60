/**
 * Usage out of a streamed answer while it passes: server-sent events (HTML Living Standard §9.2) of the Messages API. Its
 * `message_start` tells the prompt's tokens, each `message_delta` the output's so far. Nothing is changed or held back,
 * and no more than one line is kept.
 */
import type { Usage } from '../vision/cost.ts';

/** Lines beyond are not read: those that hold usage have some hundred bytes. */
const LINE_BYTES_MAX = 65_536;
const LINE_FEED = 0x0a;
/** An event's data on one line, as the API writes it; the two kinds that hold usage. */
const USAGE_LINE = /^data: ?\{\s*"type"\s*:\s*"message_(start|delta)"/;

export interface StreamUsage {
  /** Takes the next bytes of the body, cut anywhere. They are not kept. */
  push(chunk: Uint8Array): void;
  /** What the stream has told so far; `undefined` before its first event. */
  seen(): Usage | undefined;
  /** Whether it told the end of the answer: then `seen` is what is billed. */
  isComplete(): boolean;
}

export function createStreamUsage(): StreamUsage {
  const line = new Uint8Array(LINE_BYTES_MAX);
  let length = 0;
  let usage: Usage | undefined;
  let isComplete = false;

  const endLine = (): void => {
    const text = length > LINE_BYTES_MAX ? '' : new TextDecoder().decode(line.subarray(0, length));
    length = 0;
    if (!USAGE_LINE.test(text)) return;
    const event = parseRecord(text.slice('data:'.length));
    const isDelta = event['type'] === 'message_delta';
    const reported = recordOf((isDelta ? event : recordOf(event['message']))['usage']);
    usage = merged(usage, reported);
    if (isDelta && typeof recordOf(event['delta'])['stop_reason'] === 'string') isComplete = true;
  };

  return {
    push(chunk) {
      for (let start = 0; start < chunk.length;) {
        const end = chunk.indexOf(LINE_FEED, start);
        const stop = end === -1 ? chunk.length : end;
        const part = chunk.subarray(start, stop);
        if (length + part.length <= LINE_BYTES_MAX) line.set(part, length);
        // A line that is too long stays too long until it ends.
        length = Math.min(length + part.length, LINE_BYTES_MAX + 1);
        if (end !== -1) endLine();
        start = stop + 1;
      }
    },
    seen: () => usage,
    isComplete: () => isComplete,
  };
}

/**
 * What a stream that ended early may be billed at most: the prompt as it was told, and all the output that was allowed, since
 * what was written but did not arrive (and thinking that is not shown) is billed, too.
 */
export function interruptedUsage(seen: Usage, outputTokensMax: number): Usage {
  return { ...seen, outputTokens: Math.max(seen.outputTokens, outputTokensMax) };
}

/** Counts in an event replace those before: they are totals, and what is left out has not changed. */
function merged(before: Usage | undefined, reported: Readonly<Record<string, unknown>>): Usage {
  const count = (value: unknown, otherwise: number): number => (Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : otherwise);
  const written1h = count(recordOf(reported['cache_creation'])['ephemeral_1h_input_tokens'], before?.cacheCreation1hInputTokens ?? 0);
  return {
    inputTokens: count(reported['input_tokens'], before?.inputTokens ?? 0),
    outputTokens: count(reported['output_tokens'], before?.outputTokens ?? 0),
    cacheCreationInputTokens: count(reported['cache_creation_input_tokens'], before?.cacheCreationInputTokens ?? 0),
    cacheReadInputTokens: count(reported['cache_read_input_tokens'], before?.cacheReadInputTokens ?? 0),
    ...(written1h === 0 ? {} : { cacheCreation1hInputTokens: written1h }),
  };
}

/** What comes from outside is looked at, never trusted; a line that is not JSON tells nothing. */
function parseRecord(text: string): Readonly<Record<string, unknown>> {
  try {
    return recordOf(JSON.parse(text));
  } catch {
    return {};
  }
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
