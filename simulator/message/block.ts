import { invalidRequest } from '../error.ts';
import { isObject, requireArray, requireObject, requireString, type JsonObject } from '../json.ts';
import { checkPairing } from './pairing.ts';

/** An image block and where it stands, `messages.0.content.1`. */
export interface PlacedImage {
  readonly path: string;
  readonly block: JsonObject;
}

/** What the messages of a request hold. */
export interface Conversation {
  /** Every image of every turn, in order. */
  readonly images: readonly PlacedImage[];
  /** Every piece of text that is billed, in order. */
  readonly texts: readonly string[];
}

interface Collector {
  readonly images: PlacedImage[];
  readonly texts: string[];
}

const OTHER_BLOCKS = new Set(['container_upload', 'redacted_thinking', 'search_result', 'server_tool_use', 'thinking', 'tool_reference']);

/**
 * Walks all turns: images directly in user turns, in `tool_result` content and in document content; text everywhere.
 *
 * @throws 400 in the API's words for roles, empty content, unknown block types and turns that do not belong together.
 */
export function readConversation(value: unknown): Conversation {
  const messages = requireArray(value, 'messages');
  if (messages.length === 0) throw invalidRequest('messages: at least one message is required');
  const collector: Collector = { images: [], texts: [] };
  for (const [index, item] of messages.entries()) {
    const path = `messages.${index}`;
    const message = requireObject(item, path);
    const role = message['role'];
    if (role !== 'user' && role !== 'assistant') {
      throw invalidRequest(`${path}.role: Input should be 'user' or 'assistant'`);
    }
    if (index === 0 && role !== 'user') {
      throw invalidRequest('messages: first message must use the "user" role');
    }
    const isFinalAnswer = role === 'assistant' && index === messages.length - 1;
    readContent(message['content'], `${path}.content`, collector, role === 'user', isFinalAnswer);
  }
  checkPairing(messages.filter(isObject));
  return collector;
}

function readContent(content: unknown, path: string, collector: Collector, mayHoldImages: boolean, mayBeEmpty: boolean): void {
  if (typeof content !== 'string' && !Array.isArray(content)) {
    if (content === undefined) throw invalidRequest(`${path}: Field required`);
    throw invalidRequest(`${path}: Input should be a valid string or a valid list`);
  }
  if (content.length === 0 && !mayBeEmpty) {
    throw invalidRequest(`${path.replace(/\.content$/, '')}: all messages must have non-empty content except for the optional final assistant message`);
  }
  if (typeof content === 'string') {
    collector.texts.push(content);
    return;
  }
  for (const [index, item] of content.entries()) {
    readBlock(item, `${path}.${index}`, collector, mayHoldImages);
  }
}

function readBlock(item: unknown, path: string, collector: Collector, mayHoldImages: boolean): void {
  const block = requireObject(item, path);
  const type = requireString(block['type'], `${path}.type`);
  switch (type) {
    case 'text': {
      const text = requireString(block['text'], `${path}.text.text`);
      if (text === '') throw invalidRequest('messages: text content blocks must be non-empty');
      collector.texts.push(text);
      return;
    }
    case 'image':
      if (!mayHoldImages) throw invalidRequest(`${path}: image blocks are only permitted in user messages`);
      collector.images.push({ path, block });
      return;
    case 'document':
      readDocument(block, path, collector);
      return;
    case 'tool_use':
      collector.texts.push(JSON.stringify(block['input'] ?? {}));
      return;
    case 'tool_result': {
      requireString(block['tool_use_id'], `${path}.tool_result.tool_use_id`);
      // A tool may have nothing to say.
      if (block['content'] === undefined) return;
      readContent(block['content'], `${path}.tool_result.content`, collector, true, true);
      return;
    }
    default:
      if (!OTHER_BLOCKS.has(type) && !type.endsWith('_tool_result')) {
        throw invalidRequest(`${path}: Input tag '${type}' found using 'type' does not match any of the expected tags`);
      }
      collector.texts.push(JSON.stringify(block));
  }
}

/** Document text is billed as text; pages of a PDF are not simulated and count as nothing. */
function readDocument(block: JsonObject, path: string, collector: Collector): void {
  const source = requireObject(block['source'], `${path}.document.source`);
  if (source['type'] === 'text' && typeof source['data'] === 'string') collector.texts.push(source['data']);
  if (source['type'] === 'content') {
    readContent(source['content'], `${path}.document.source.content.content`, collector, true, true);
  }
}

/** The text of a system prompt: a string, or text blocks. @throws 400 for anything else. */
export function readSystem(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  const blocks = requireArray(value, 'system');
  return blocks
    .map((item, index) => {
      const path = `system.${index}`;
      const block = isObject(item) ? item : requireObject(item, path);
      if (block['type'] !== 'text') throw invalidRequest(`${path}.type: Input should be 'text'`);
      return requireString(block['text'], `${path}.text`);
    })
    .join('\n');
}
