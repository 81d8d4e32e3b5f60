/** The events of a stream → the Message that they spell, with its usage, and back. */
import type { Usage } from '../vision/cost.ts';
import { TOKENS_A_CALL_MAX } from '../vision/limit.ts';
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
    switch (event?.['type']) {
      case 'message_start':
        this.#message = { ...objectOf(event['message']) };
        return;
      case 'message_delta':
        Object.assign((this.#message ??= {}), objectOf(event['delta']), { usage: { ...objectOf(this.#message['usage']), ...known(objectOf(event['usage'])) } });
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
    const isWhole = this.#isComplete && this.#isKnown && this.#inputs.size === 0;
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
      if (index === this.#content.length) this.#content.push({ ...objectOf(event['content_block']) });
      else this.#isKnown = false;
      return;
    }
    const block = this.#content[index];
    this.#isKnown &&=
      block !== undefined && (event['type'] === 'content_block_stop' ? this.#endInput(block) : this.#applyDelta(block, objectOf(event['delta'])));
  }

  #applyDelta(block: Record<string, unknown>, delta: JsonObject): boolean {
    if (delta['type'] !== 'input_json_delta') return applyDelta(block, delta);
    this.#inputs.set(block, `${this.#inputs.get(block) ?? ''}${String(delta['partial_json'])}`);
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

/** Usage of a Message; what the API leaves out is 0. `undefined` when it has none, or one that cannot be: that is no bill. */
export function usageIn(message: JsonObject): Usage | undefined {
  const usage = objectOf(message['usage']);
  const inputTokens = usage['input_tokens'];
  const outputTokens = usage['output_tokens'] ?? 0;
  const written = usage['cache_creation_input_tokens'] ?? 0;
  const written1h = objectOf(usage['cache_creation'])['ephemeral_1h_input_tokens'] ?? 0;
  const read = usage['cache_read_input_tokens'] ?? 0;
  if (!isTokenCount(inputTokens) || !isTokenCount(outputTokens) || !isTokenCount(written) || !isTokenCount(written1h) || !isTokenCount(read)) return undefined;
  return {
    inputTokens,
    outputTokens,
    cacheCreationInputTokens: written,
    ...(written1h > 0 ? { cacheCreation1hInputTokens: written1h } : {}),
    cacheReadInputTokens: read,
  };
}

/** What stands behind a base URL may be anything: a negative count would give money back. */
function isTokenCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= TOKENS_A_CALL_MAX;
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
    block[field] = `${typeof block[field] === 'string' ? block[field] : ''}${String(delta[field])}`;
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
