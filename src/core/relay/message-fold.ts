/** The events of a stream → the Message that they spell, with its usage, and back. */
import { type EventData, writeEvent } from '../json/sse.ts';
import { filesIn } from './provider-state.ts';

type JsonObject = Readonly<Record<string, unknown>>;

/** Folds events one by one. Content is kept only on request: without a cache nobody needs it twice. */
export class MessageFold {
  readonly #keepsContent: boolean;
  #message: Record<string, unknown> | undefined;
  readonly #content: Record<string, unknown>[] = [];
  /** JSON of the inputs of tools as far as it has come, by block, until the block has ended. */
  readonly #inputs = new Map<unknown, string>();
  readonly #files: string[] = [];
  #isBlockOpen = false;
  #isEnded = false;
  #isKnown = true;
  #isComplete = false;

  constructor(keepsContent: boolean) {
    this.#keepsContent = keepsContent;
  }

  /** Whether the stream came to an end of its own: a last event, or an error said by the API. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** Whether the API has told what it will bill: the output's last count comes with the reason to stop. */
  get isBilled(): boolean {
    return typeof this.#message?.['stop_reason'] === 'string';
  }

  add(event: EventData): void {
    // Nothing follows the end, and nothing but an error comes before the beginning.
    if (this.#isComplete || (this.#message === undefined && !['message_start', 'error', 'ping'].includes(String(event?.['type'])))) this.#isKnown = false;
    switch (event?.['type']) {
      case 'message_start':
        this.#begin(objectOf(event['message']));
        return;
      case 'message_delta':
        this.#change(objectOf(event['delta']), objectOf(event['usage']));
        return;
      case 'content_block_start':
        this.#files.push(...filesIn(event['content_block']));
        this.#noteFallback(objectOf(event['content_block']));
        if (this.#keepsContent) this.#addContent(event);
        return;
      case 'content_block_delta':
      case 'content_block_stop':
        if (this.#keepsContent) this.#addContent(event);
        return;
      case 'message_stop':
        this.#isComplete = true;
        return;
      case 'error':
        this.#isComplete = true;
        this.#isKnown = false;
        return;
      case undefined:
        this.#isKnown = false;
    }
  }

  #begin(message: JsonObject): void {
    const { content } = message;
    // A second beginning, or one that has content already, is none of the API.
    this.#isKnown &&= this.#message === undefined && Array.isArray(content) && content.length === 0;
    this.#message = { ...message, stop_reason: null };
  }

  /** The reason to stop and the output's count come at the end, together. */
  #change(delta: JsonObject, usage: JsonObject): void {
    this.#isEnded ||= typeof delta['stop_reason'] === 'string' && typeof usage['output_tokens'] === 'number';
    Object.assign((this.#message ??= {}), delta, { usage: { ...objectOf(this.#message['usage']), ...known(usage) } });
  }

  /** The Message so far, without its content. */
  get frame(): JsonObject | undefined {
    return this.#message;
  }

  /** Ids of files that code of the API's tool left. */
  get files(): readonly string[] {
    return this.#files;
  }

  /** The whole Message; `undefined` when the stream did not end well or held what is not understood here. */
  message(): JsonObject | undefined {
    const isWhole = this.#isComplete && this.#isKnown && this.#isEnded && !this.#isBlockOpen && this.#inputs.size === 0;
    return isWhole && this.#keepsContent && this.#message !== undefined ? { ...this.#message, content: this.#content } : undefined;
  }

  /** From here on another model writes. */
  #noteFallback({ type, to }: JsonObject): void {
    if (type === 'fallback' && this.#message !== undefined) this.#message['model'] = objectOf(to)['model'] ?? this.#message['model'];
  }

  #addContent(event: JsonObject): void {
    const index = event['index'];
    if (typeof index !== 'number') {
      this.#isKnown = false;
      return;
    }
    if (event['type'] === 'content_block_start') {
      if (index !== this.#content.length || this.#isBlockOpen) this.#isKnown = false;
      else this.#content.push({ ...objectOf(event['content_block']) });
      this.#isBlockOpen = true;
      return;
    }
    const block = this.#isBlockOpen && index === this.#content.length - 1 ? this.#content[index] : undefined;
    if (event['type'] === 'content_block_stop') this.#isBlockOpen = false;
    this.#isKnown &&=
      block !== undefined && (event['type'] === 'content_block_stop' ? this.#endInput(block) : this.#applyDelta(block, objectOf(event['delta'])));
  }

  #applyDelta(block: Record<string, unknown>, delta: JsonObject): boolean {
    if (delta['type'] !== 'input_json_delta') return applyDelta(block, delta);
    const json = delta['partial_json'];
    if (typeof json !== 'string') return false;
    this.#inputs.set(block, `${this.#inputs.get(block) ?? ''}${json}`);
    return true;
  }

  /** The JSON of an input that was cut off, as by `max_tokens`, cannot be said in a Message. */
  #endInput(block: Record<string, unknown>): boolean {
    const json = this.#inputs.get(block) ?? '';
    this.#inputs.delete(block);
    if (json === '') return true;
    try {
      block['input'] = JSON.parse(json);
      return true;
    } catch {
      return false;
    }
  }
}

/** The stream that a Message would have come in: every block in one delta. */
export function streamOf(message: JsonObject): string {
  const { content, stop_reason: stopReason, stop_sequence: stopSequence, stop_details: stopDetails, ...frame } = message;
  const blocks = Array.isArray(content) ? content.map(objectOf) : [];
  const usage = objectOf(message['usage']);
  const start = { ...frame, content: [], stop_reason: null, stop_sequence: null, usage: { ...usage, output_tokens: 0 } };
  const details = stopDetails === undefined ? {} : { stop_details: stopDetails };
  return [
    writeEvent({ type: 'message_start', message: start }),
    ...blocks.flatMap((block, index) => [
      writeEvent({ type: 'content_block_start', index, content_block: emptied(block) }),
      ...deltasOf(block).map((delta) => writeEvent({ type: 'content_block_delta', index, delta })),
      writeEvent({ type: 'content_block_stop', index }),
    ]),
    writeEvent({ type: 'message_delta', delta: { stop_reason: stopReason, stop_sequence: stopSequence, ...details }, usage }),
    writeEvent({ type: 'message_stop' }),
  ].join('');
}

/** Texts that arrive in pieces, by the type of their delta. */
const TEXT_DELTAS: Readonly<Record<string, string>> = { text_delta: 'text', thinking_delta: 'thinking', signature_delta: 'signature' };

function applyDelta(block: Record<string, unknown>, delta: JsonObject): boolean {
  const field = TEXT_DELTAS[String(delta['type'])];
  if (field !== undefined) {
    const [before, more] = [block[field] ?? '', delta[field]];
    if (typeof before !== 'string' || typeof more !== 'string') return false;
    block[field] = before + more;
    return true;
  }
  if (delta['type'] !== 'citations_delta') return false;
  block['citations'] = [...(Array.isArray(block['citations']) ? block['citations'] : []), delta['citation']];
  return true;
}

function emptied(block: JsonObject): JsonObject {
  const cleared = Object.values(TEXT_DELTAS).filter((field) => typeof block[field] === 'string');
  return {
    ...block,
    ...(Array.isArray(block['citations']) ? { citations: [] } : {}),
    ...(isToolCall(block) ? { input: {} } : {}),
    ...Object.fromEntries(cleared.map((field) => [field, ''])),
  };
}

function deltasOf(block: JsonObject): readonly JsonObject[] {
  const citations = Array.isArray(block['citations']) ? block['citations'].map((citation) => ({ type: 'citations_delta', citation })) : [];
  const texts = Object.entries(TEXT_DELTAS).flatMap(([type, field]) => (typeof block[field] === 'string' ? [{ type, [field]: block[field] }] : []));
  const inputs = isToolCall(block) ? [{ type: 'input_json_delta', partial_json: JSON.stringify(block['input']) }] : [];
  return [...citations, ...texts, ...inputs];
}

function isToolCall(block: JsonObject): boolean {
  return block['type'] === 'tool_use' && block['input'] !== undefined;
}

/** A later `null` does not unsay a number. */
function known(usage: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(usage).filter(([, value]) => value !== null));
}

function objectOf(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
