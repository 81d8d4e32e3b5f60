/**
 * What one turn owes another: a tool's result belongs to a call of the turn before, a call wants its result, and a
 * thinking block comes back exactly as it was given out.
 */
import { invalidRequest } from '../error.ts';
import { isObject, requireString, type JsonObject } from '../json.ts';
import { fingerprint } from './fingerprint.ts';

/**
 * Refuses turns that do not belong together.
 *
 * @throws 400 in the API's words for a result without its call, a call without its result, and a thinking block whose
 * signature is missing or not ours.
 */
export function checkPairing(messages: readonly JsonObject[]): void {
  for (const [index, message] of messages.entries()) {
    const path = `messages.${index}`;
    const blocks = blocksOf(message);
    for (const [position, block] of blocks.entries()) checkThinking(block, `${path}.content.${position}`);
    const called = index === 0 ? [] : callsOf(messages[index - 1]);
    for (const [position, block] of blocks.entries()) {
      if (block['type'] !== 'tool_result' || called.includes(block['tool_use_id'])) continue;
      throw invalidRequest(
        `${path}.content.${position}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${String(block['tool_use_id'])}. ` +
          'Each `tool_result` block must have a corresponding `tool_use` block in the previous message.',
      );
    }
    const answered = blocks.filter((block) => block['type'] === 'tool_result').map((block) => block['tool_use_id']);
    const open = called.filter((id) => !answered.includes(id));
    if (open.length > 0) {
      throw invalidRequest(
        `messages.${index - 1}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${open.join(', ')}. ` +
          'Each `tool_use` block must have a corresponding `tool_result` block in the next message.',
      );
    }
  }
}

/** The signature of a thinking text: equal texts, equal signatures, so that an altered block shows. */
export function signThinking(thinking: string): string {
  return btoa(`simulated ${fingerprint(thinking)}`);
}

function checkThinking(block: JsonObject, path: string): void {
  if (block['type'] !== 'thinking') return;
  const thinking = requireString(block['thinking'], `${path}.thinking.thinking`);
  const signature = requireString(block['signature'], `${path}.thinking.signature`);
  // An omitted text comes back empty, under the signature of the whole.
  if (thinking === '' ? atobOrEmpty(signature).startsWith('simulated ') : signature === signThinking(thinking)) return;
  throw invalidRequest(`${path}: Invalid \`signature\` in \`thinking\` block`);
}

function atobOrEmpty(text: string): string {
  try {
    return atob(text);
  } catch {
    return '';
  }
}

function callsOf(message: JsonObject | undefined): unknown[] {
  if (message === undefined || message['role'] !== 'assistant') return [];
  return blocksOf(message)
    .filter((block) => block['type'] === 'tool_use')
    .map((block) => block['id']);
}

function blocksOf(message: JsonObject): JsonObject[] {
  const content = message['content'];
  return Array.isArray(content) ? content.filter(isObject) : [];
}
