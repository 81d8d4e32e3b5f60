import type { Fault } from '../fault.ts';
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
 * The events as a body, one chunk an event, made as the client reads. Transport faults end it early: `truncated`
 * cleanly, `reset` with a broken connection, `stream_error` with an `error` event. A client that goes away is noted.
 */
export function streamBody(
  events: readonly Event[],
  record: RequestRecord,
  fault: Fault | undefined,
  sleep: (ms: number) => Promise<void>,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const cut = cutOf(fault);
  let next = 0;
  return new ReadableStream({
    async pull(controller) {
      if (fault !== undefined && fault.eventDelayMs > 0 && next > 0) await sleep(fault.eventDelayMs);
      const event = events[next];
      if (next === cut && fault?.kind === 'reset') {
        controller.error(new Error('simulated connection reset'));
        return;
      }
      if (next === cut && fault?.kind === 'stream_error') {
        const error = { type: 'overloaded_error', message: 'Overloaded' };
        controller.enqueue(encoder.encode(serialise({ type: 'error', error, request_id: record.request_id })));
      }
      if (event === undefined || next === cut) {
        controller.close();
        return;
      }
      controller.enqueue(encoder.encode(serialise(event)));
      next += 1;
    },
    cancel() {
      record.is_cancelled = true;
    },
  });
}

function cutOf(fault: Fault | undefined): number {
  const breaks = fault?.kind === 'reset' || fault?.kind === 'truncated' || fault?.kind === 'stream_error';
  return breaks ? fault.afterEvents : Number.POSITIVE_INFINITY;
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
