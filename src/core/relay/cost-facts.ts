/** What a bound on the cost of a Messages request has to know beside its length: the parts of it that cost otherwise than by the byte. */
import type { CacheWrite } from '../vision/cost.ts';

export interface CostFacts {
  /** `max_tokens`, where it is one that the API takes. */
  readonly outputTokensMax: number | undefined;
  /** The longest that any part asks to be kept in Claude's cache. */
  readonly cacheWrite: CacheWrite;
  /** Documents make tokens by the page, and pages can be short of bytes. */
  readonly hasDocuments: boolean;
  /** Tools of the API with a preamble of its own. */
  readonly presetTools: number;
  /** The field that no bound can be given for, and why. */
  readonly unboundable: { readonly param: string; readonly reason: string } | undefined;
}

/** Names by which those parts are known. One that stands twice could mean one thing here and another to the API. */
export const COST_NAMES: ReadonlySet<string> = new Set(
  'tools type mcp_servers context_management edits speed inference_geo max_tokens system messages source cache_control ttl'.split(' '),
);

type JsonObject = Readonly<Record<string, unknown>>;

/** Tools that the API defines and the caller runs: what they add to a prompt is known to be less than `PRESET_TOOL_TOKENS_MAX`. */
const PRESET_TOOL = /^(bash|text_editor|computer|memory)_/;

/** Tokens that one of those adds, rounded up generously ("Tool use" pricing: 245 to 1,200). */
export const PRESET_TOOL_TOKENS_MAX = 2_000;

/** The facts of a body, parsed; its images may be left out. Anything odd is the API's to refuse. */
export function costFactsOf(body: unknown): CostFacts {
  const request = objectOf(body);
  const found = { cacheWrite: 'none' as CacheWrite, hasDocuments: false };
  visit([request['cache_control'], request['system'], request['tools'], request['messages']], (object) => {
    // Text in a document's clothes is bounded by its bytes like any other.
    if (object['type'] === 'document' && !isOneOf(objectOf(object['source'])['type'], ['text', 'content'])) found.hasDocuments = true;
    found.cacheWrite = longer(found.cacheWrite, cacheWriteOf(object['cache_control']));
  });
  const toolTypes = listOf(request['tools']).map((tool) => objectOf(tool)['type'] ?? 'custom');
  const maxTokens = request['max_tokens'];
  return {
    outputTokensMax: typeof maxTokens === 'number' && Number.isSafeInteger(maxTokens) && maxTokens >= 0 ? maxTokens : undefined,
    cacheWrite: longer(found.cacheWrite, cacheWriteOf(request['cache_control'])),
    hasDocuments: found.hasDocuments,
    presetTools: toolTypes.filter((type) => PRESET_TOOL.test(String(type))).length,
    unboundable: unboundableIn(request, toolTypes),
  };
}

function unboundableIn(request: JsonObject, toolTypes: readonly unknown[]): CostFacts['unboundable'] {
  const serverTool = toolTypes.find((type) => type !== 'custom' && !PRESET_TOOL.test(String(type)));
  if (serverTool !== undefined) return { param: 'tools', reason: 'what a tool that the API runs itself reads is billed as input' };
  if (listOf(request['mcp_servers']).length > 0) return { param: 'mcp_servers', reason: 'what servers of tools answer is billed as input' };
  if (listOf(objectOf(request['context_management'])['edits']).some((edit) => String(objectOf(edit)['type']).startsWith('compact')))
    return { param: 'context_management', reason: 'compaction asks the model once more' };
  if (!isOneOf(request['speed'], [undefined, null, 'standard'])) return { param: 'speed', reason: 'its price is not in the table' };
  if (!isOneOf(request['inference_geo'], [undefined, null, 'global'])) return { param: 'inference_geo', reason: 'its price is not in the table' };
  return undefined;
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

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
