/** The `usage` of a Message, checked: what stands behind a base URL may be anything. */
import type { Usage } from '../vision/cost.ts';
import { TOKENS_A_CALL_MAX } from '../vision/limit.ts';

type JsonObject = Readonly<Record<string, unknown>>;

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

function objectOf(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
