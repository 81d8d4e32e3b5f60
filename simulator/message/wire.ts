import type { Answer } from './compose.ts';

/** `usage` as a finished message shows it. Nothing is ever read from or written to a prompt cache here. */
export function usageOf(answer: Answer): Record<string, unknown> {
  return {
    input_tokens: answer.inputTokens,
    output_tokens: answer.outputTokens,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
    output_tokens_details: { thinking_tokens: answer.thinkingTokens },
    server_tool_use: null,
    service_tier: answer.serviceTier,
    inference_geo: null,
    speed: 'standard',
  };
}

/** The answer as the JSON body of `POST /v1/messages`. */
export function messageOf(answer: Answer): Record<string, unknown> {
  return {
    id: answer.id,
    type: 'message',
    role: 'assistant',
    model: answer.modelName,
    content: answer.content,
    stop_reason: answer.stopReason,
    stop_sequence: answer.stopSequence,
    stop_details: stopDetails(answer),
    container: null,
    diagnostics: null,
    usage: usageOf(answer),
  };
}

/** `stop_details` of a refusal; `null` for every other end. */
export function stopDetails(answer: Answer): Record<string, unknown> | null {
  if (answer.stopReason !== 'refusal') return null;
  return { type: 'refusal', category: null, explanation: 'Simulated refusal.' };
}
