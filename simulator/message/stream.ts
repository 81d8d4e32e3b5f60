import type { Fault } from '../fault.ts';
import { FLUSH_MS, LATENCY_MS_MAX } from '../limit.ts';
import type { RequestRecord } from '../record.ts';
import type { Answer, ContentBlock } from './compose.ts';
import { messageOf, stopDetails, usageOf } from './wire.ts';

/** Characters of text in one delta: a few words, as the API sends them. */
const DELTA_CHARACTERS = 24;

/** One server-sent event: its name is its `type`. */
type Event = { readonly type: string } & Readonly<Record<string, unknown>>;

/** The events of an answer in the order of the API. */
export function eventsOf(answer: Answer): Event[] {
  const message = messageOf(answer);
  const events: Event[] = [
    {
      type: 'message_start',
      message: {
        ...message,
        content: [],
        stop_reason: null,
        stop_sequence: null,
        stop_details: null,
        usage: { ...usageOf(answer), output_tokens: 1, output_tokens_details: null },
      },
    },
  ];
  for (const [index, block] of answer.content.entries()) {
    events.push({ type: 'content_block_start', index, content_block: emptied(block) });
    if (index === 0) events.push({ type: 'ping' });
    for (const delta of deltasOf(block)) events.push({ type: 'content_block_delta', index, delta });
    events.push({ type: 'content_block_stop', index });
  }
  events.push({
    type: 'message_delta',
    delta: {
      stop_reason: answer.stopReason,
      stop_sequence: answer.stopSequence,
      stop_details: stopDetails(answer),
      container: null,
    },
    usage: {
      input_tokens: answer.inputTokens,
      output_tokens: answer.outputTokens,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 0,
      output_tokens_details: { thinking_tokens: answer.thinkingTokens },
      server_tool_use: null,
    },
  });
  events.push({ type: 'message_stop' });
  return events;
}

/**
 * The events as a body, one chunk an event unless the fault says how many bytes, made as the client reads. Transport
 * faults end it early: `truncated` cleanly, `reset` with a broken connection, `stall` with silence, `stream_error`
 * with an `error` event. A client that goes away is noted.
 */
export function streamBody(
  events: readonly Event[],
  record: RequestRecord,
  fault: Fault | undefined,
  sleep: (ms: number) => Promise<void>,
): ReadableStream<Uint8Array> {
  const chunks = chunksOf(events, record, fault);
  let next = 0;
  return new ReadableStream({
    async pull(controller) {
      if (fault !== undefined && fault.eventDelayMs > 0 && next > 0) await sleep(fault.eventDelayMs);
      const chunk = chunks[next];
      next += 1;
      if (chunk !== undefined) return controller.enqueue(chunk);
      if (fault?.kind === 'stall') await sleep(LATENCY_MS_MAX);
      if (fault?.kind === 'reset') {
        await sleep(FLUSH_MS);
        controller.error(new Error('simulated connection reset'));
      } else controller.close();
    },
    cancel() {
      record.is_cancelled = true;
    },
  });
}

/** Everything that is sent before the stream ends, in the pieces in which it is sent. */
function chunksOf(events: readonly Event[], record: RequestRecord, fault: Fault | undefined): Uint8Array[] {
  const encoder = new TextEncoder();
  if (fault === undefined) return events.map((event) => encoder.encode(serialise(event)));
  const breaks = fault.kind === 'reset' || fault.kind === 'truncated' || fault.kind === 'stall' || fault.kind === 'stream_error';
  const sent = (breaks ? events.slice(0, fault.afterEvents) : events).map((event) => encoder.encode(serialise(event)));
  const cutEvent = breaks && fault.cutsEvent ? events[fault.afterEvents] : undefined;
  if (fault.kind === 'stream_error') {
    const error = { type: 'overloaded_error', message: 'Overloaded' };
    sent.push(encoder.encode(serialise({ type: 'error', error, request_id: record.request_id })));
  } else if (cutEvent !== undefined) {
    const bytes = encoder.encode(serialise(cutEvent));
    sent.push(bytes.subarray(0, Math.ceil(bytes.length / 2)));
  }
  return fault.chunkBytes === undefined ? sent : recut(sent, fault.chunkBytes);
}

/** The same bytes in pieces of `size`, through events and characters alike. */
function recut(chunks: readonly Uint8Array[], size: number): Uint8Array[] {
  const bytes = new Uint8Array(chunks.flatMap((chunk) => [...chunk]));
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => bytes.subarray(index * size, (index + 1) * size));
}

function serialise(event: Event): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

function emptied(block: ContentBlock): ContentBlock {
  switch (block.type) {
    case 'text':
      return { type: 'text', text: '' };
    case 'thinking':
      return { type: 'thinking', thinking: '', signature: '' };
    case 'tool_use':
      return { ...block, input: {} };
  }
}

function deltasOf(block: ContentBlock): Record<string, unknown>[] {
  switch (block.type) {
    case 'text':
      return pieces(block.text).map((text) => ({ type: 'text_delta', text }));
    case 'thinking':
      return [...pieces(block.thinking).map((thinking) => ({ type: 'thinking_delta', thinking })), { type: 'signature_delta', signature: block.signature }];
    case 'tool_use':
      return pieces(JSON.stringify(block.input)).map((json) => ({
        type: 'input_json_delta',
        partial_json: json,
      }));
  }
}

/** Cut between code points: half a surrogate pair cannot be written as UTF-8. */
function pieces(text: string): string[] {
  const points = [...text];
  const cut: string[] = [];
  for (let start = 0; start < points.length; start += DELTA_CHARACTERS) {
    cut.push(points.slice(start, start + DELTA_CHARACTERS).join(''));
  }
  return cut;
}
