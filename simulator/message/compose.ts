import type { FaultKind } from '../fault.ts';
import type { SeenImage } from '../image/inspect.ts';
import { newId } from '../state.ts';
import { writeDocument } from '../schema/write.ts';
import { signThinking } from './pairing.ts';
import type { ModelRequest } from './request.ts';
import { promptMark, writeText } from './text.ts';
import { firstTokens, textTokens } from './token.ts';

/** A content block of an answer. */
export type ContentBlock =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'thinking'; readonly thinking: string; readonly signature: string }
  | { readonly type: 'tool_use'; readonly id: string; readonly name: string; readonly input: unknown };

/** Why an answer ended. */
export type StopReason = 'end_turn' | 'max_tokens' | 'stop_sequence' | 'tool_use' | 'refusal';

/** A model's answer before it is put on the wire. */
export interface Answer {
  readonly id: string;
  readonly modelName: string;
  readonly content: readonly ContentBlock[];
  readonly stopReason: StopReason;
  readonly stopSequence: string | null;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly thinkingTokens: number;
  readonly serviceTier: 'standard' | 'batch';
}

/** What is settled about an answer before its content is. */
export interface Frame {
  readonly id: string;
  readonly inputTokens: number;
  readonly serviceTier: 'standard' | 'batch';
  readonly fault: FaultKind | undefined;
}

const THINKING_TEXT = 'Simulated thinking: look at the pixels, name the colours, write a sentence.';
const THINKING = { type: 'thinking', thinking: THINKING_TEXT, signature: signThinking(THINKING_TEXT) } as const;
/** What a truncated answer keeps when the fault asks for a truncation and max_tokens would not cause one. */
const TRUNCATED_TOKENS = 8;

/** Writes the content of an answer and counts its tokens. Pure but for the identifiers of tool calls. */
export function compose(request: ModelRequest, images: readonly SeenImage[], frame: Frame): Answer {
  const { content, stopReason, stopSequence } = write(request, images, frame.fault);
  const thinkingTokens = content.reduce((sum, block) => sum + (block.type === 'thinking' ? countBlock(block) : 0), 0);
  return {
    id: frame.id,
    modelName: request.modelName,
    content,
    stopReason,
    stopSequence,
    inputTokens: frame.inputTokens,
    // The API never bills an answer, even an empty one, below one token.
    outputTokens: Math.max(
      1,
      content.reduce((sum, block) => sum + countBlock(block), 0),
    ),
    thinkingTokens,
    serviceTier: frame.serviceTier,
  };
}

type Written = Pick<Answer, 'content' | 'stopReason' | 'stopSequence'>;

function write(request: ModelRequest, images: readonly SeenImage[], fault: FaultKind | undefined): Written {
  switch (fault) {
    case 'refusal':
      return end([], 'refusal');
    case 'empty':
      return end([], 'end_turn');
    case 'thinking_only':
      return end([THINKING], 'max_tokens');
    default:
  }
  const before = thinkingOf(request, fault);
  if (request.forcedTool !== undefined) {
    const { name, schema } = request.forcedTool;
    const input = writeDocument(schema, { images, mark: promptMark(request) });
    return end([...before, { type: 'tool_use', id: newId('toolu'), name, input }], 'tool_use');
  }
  const text = writeAnswerText(request, images, fault);
  const stop = firstStop(text, request.stopSequences);
  const stopped = stop === undefined ? text : text.slice(0, stop.index);
  const thinkingTokens = before.reduce((sum, block) => sum + countBlock(block), 0);
  const room = Math.max(0, request.maxTokens - thinkingTokens);
  const kept = firstTokens(stopped, fault === 'max_tokens' ? Math.min(room, TRUNCATED_TOKENS) : room);
  const block: ContentBlock[] = kept === '' ? [] : [{ type: 'text', text: kept }];
  if (kept !== stopped) return end([...before, ...block], 'max_tokens');
  if (stop !== undefined) {
    return { content: [...before, ...block], stopReason: 'stop_sequence', stopSequence: stop.sequence };
  }
  return end([...before, ...block], 'end_turn');
}

/** The thinking that precedes an answer: where it was asked for, or a fault brings it. */
function thinkingOf(request: ModelRequest, fault: FaultKind | undefined): ContentBlock[] {
  if (fault !== 'thinking_first' && request.thinking === undefined) return [];
  // An omitted text is billed and signed all the same.
  return [request.thinking === 'omitted' ? { ...THINKING, thinking: '' } : THINKING];
}

function end(content: readonly ContentBlock[], stopReason: StopReason): Written {
  return { content, stopReason, stopSequence: null };
}

function writeAnswerText(request: ModelRequest, images: readonly SeenImage[], fault: FaultKind | undefined): string {
  if (fault === 'invalid_json') return '{"simulated": "this document never ends';
  if (fault === 'wrong_schema') return '{"simulated_and_not_in_the_schema": true}';
  if (request.schema === undefined) return writeText(request, images);
  return JSON.stringify(writeDocument(request.schema, { images, mark: promptMark(request) }));
}

function firstStop(text: string, sequences: readonly string[]): { index: number; sequence: string } | undefined {
  let first: { index: number; sequence: string } | undefined;
  for (const sequence of sequences) {
    const index = sequence === '' ? -1 : text.indexOf(sequence);
    if (index >= 0 && (first === undefined || index < first.index)) first = { index, sequence };
  }
  return first;
}

function countBlock(block: ContentBlock): number {
  switch (block.type) {
    case 'text':
      return textTokens(block.text);
    case 'thinking':
      return textTokens(THINKING_TEXT);
    case 'tool_use':
      return textTokens(block.name + JSON.stringify(block.input));
  }
}
