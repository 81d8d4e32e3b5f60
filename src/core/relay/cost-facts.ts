/** What a bound on the cost of a Messages request has to know beside its length: the parts of it that cost otherwise than by the byte. */
import type { CacheWrite } from '../vision/cost.ts';
import { PRESET_TOOLS } from './member-table.ts';

export interface CostFacts {
  /** `max_tokens`, where it is one that the API takes. */
  readonly outputTokensMax: number | undefined;
  /** The longest that any part asks to be kept in Claude's cache. */
  readonly cacheWrite: CacheWrite;
  /** Documents make tokens by the page, and pages can be short of bytes; citations, by the sentence. */
  readonly hasDocuments: boolean;
  /** Tools of the API with a preamble of its own. */
  readonly presetTools: number;
}

type JsonObject = Readonly<Record<string, unknown>>;

/** Tokens that a tool of `PRESET_TOOLS` adds, rounded up generously ("Tool use" pricing: 245 to 1,200). */
export const PRESET_TOOL_TOKENS_MAX = 2_000;

/** The facts of a body, parsed; its images may be left out. Anything odd is the API's to refuse. */
export function costFactsOf(body: unknown): CostFacts {
  const request = objectOf(body);
  const found = { cacheWrite: 'none' as CacheWrite, hasDocuments: false, presetTools: 0 };
  visit([request['cache_control'], request['system'], request['tools'], request['messages']], (object) => {
    // Text in a document's clothes is bounded by its bytes like any other, unless it is cut into pieces that can be cited.
    if (object['type'] === 'document' && !isOneOf(objectOf(object['source'])['type'], ['text', 'content'])) found.hasDocuments = true;
    if (objectOf(object['citations'])['enabled'] === true) found.hasDocuments = true;
    if (isOneOf(object['type'], PRESET_TOOLS)) found.presetTools += 1;
    found.cacheWrite = longer(found.cacheWrite, cacheWriteOf(object['cache_control']));
  });
  const maxTokens = request['max_tokens'];
  return {
    outputTokensMax: typeof maxTokens === 'number' && Number.isSafeInteger(maxTokens) && maxTokens >= 0 ? maxTokens : undefined,
    cacheWrite: longer(found.cacheWrite, cacheWriteOf(request['cache_control'])),
    hasDocuments: found.hasDocuments,
    presetTools: found.presetTools,
  };
}

function cacheWriteOf(control: unknown): CacheWrite {
  if (typeof control !== 'object' || control === null) return 'none';
  return objectOf(control)['ttl'] === '1h' ? '1h' : '5m';
}

function longer(one: CacheWrite, other: CacheWrite): CacheWrite {
  const order: readonly CacheWrite[] = ['none', '5m', '1h'];
  return order.indexOf(one) >= order.indexOf(other) ? one : other;
}

/** Every object in a value, without recursion: its depth is the caller's to choose. */
function visit(value: unknown, see: (object: JsonObject) => void): void {
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next !== 'object' || next === null) continue;
    if (!Array.isArray(next)) see(next as JsonObject);
    // One by one: a list may be longer than a call takes arguments.
    for (const inner of Object.values(next)) if (typeof inner === 'object') waiting.push(inner);
  }
}

function isOneOf(value: unknown, allowed: readonly unknown[]): boolean {
  return allowed.includes(value);
}

function objectOf(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}
