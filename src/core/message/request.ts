/** Plan → Messages request. Wire names here are those of the Messages API. */
import { ANSWER } from '../field/answer.ts';
import { askedFields } from '../field/field.ts';
import type { JsonSchema } from '../field/row.ts';
import type { DescribeRequest } from '../input/request.ts';
import { OUTPUT_TOKENS_DEFAULT, OUTPUT_TOKENS_DEFAULT_THINKING, OUTPUT_TOKENS_MAX } from '../input/limit.ts';
import { estimateTextTokens, textTokensMax } from '../vision/cost.ts';
import type { Model } from '../vision/model.ts';
import type { ClaudeMediaType } from '../image/format.ts';
import { isStructured, orderedLanguages, question, systemPrompt } from './prompt.ts';
import { utf8Length } from './utf8-length.ts';

/** A picture ready to travel. `isSized`: we vouch that Claude leaves it as it is. */
export type OutgoingImage =
  | { readonly kind: 'base64'; readonly mediaType: ClaudeMediaType; readonly data: string; readonly isSized: boolean }
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'file'; readonly fileId: string; readonly isSized: boolean };

export type ImageBlock = {
  readonly type: 'image';
  readonly source:
    | { readonly type: 'base64'; readonly media_type: ClaudeMediaType; readonly data: string }
    | { readonly type: 'url'; readonly url: string }
    | { readonly type: 'file'; readonly file_id: string };
  readonly transformations?: { readonly oversized_image: 'error' };
};
export type ContentBlock = ImageBlock | { readonly type: 'text'; readonly text: string };

/** Body of `POST /v1/messages`, the part of it that we use. */
export interface MessageRequest {
  readonly model: string;
  readonly max_tokens: number;
  readonly system: string;
  readonly messages: readonly [{ readonly role: 'user'; readonly content: readonly ContentBlock[] }];
  readonly output_config?: { readonly format: { readonly type: 'json_schema'; readonly schema: Record<string, unknown> } };
}

/**
 * Builds the request: images first, each labelled when there are several, the question last
 * (vision docs 2026-08, "Prompting with images").
 * `guardsOversized`: the API shall refuse, not silently resize, a picture that we sized.
 */
export function buildMessageRequest(request: DescribeRequest, model: Model, images: readonly OutgoingImage[], guardsOversized: boolean): MessageRequest {
  const blocks = images.flatMap((image, index): ContentBlock[] => {
    const block = imageBlock(image, guardsOversized);
    return images.length > 1 ? [{ type: 'text', text: `Image ${index + 1}:` }, block] : [block];
  });
  return {
    model: request.model,
    max_tokens: outputTokensMax(request, model),
    system: systemPrompt(request),
    messages: [{ role: 'user', content: [...blocks, { type: 'text', text: question(request) }] }],
    ...(isStructured(request) ? { output_config: { format: { type: 'json_schema', schema: answerSchema(request) } } } : {}),
  };
}

/** The caller's limit, or a default that leaves room for long fields, and for thinking where the model thinks. */
export function outputTokensMax(request: DescribeRequest, model: Model): number {
  if (request.maxTokens !== undefined) return request.maxTokens;
  const more = askedFields(request.fields).reduce((sum, [, { outputTokens }]) => sum + outputTokens, 0) * request.languages.length;
  return Math.min(OUTPUT_TOKENS_MAX, (model.thinks ? OUTPUT_TOKENS_DEFAULT_THINKING : OUTPUT_TOKENS_DEFAULT) + more);
}

/** Tokens of everything but the pictures, estimated. */
export function estimateFrameTokens(request: DescribeRequest): number {
  return estimateTextTokens(utf8Length(frameText(request)));
}

/** The most tokens that everything but the pictures can make. */
export function frameTokensMax(request: DescribeRequest): number {
  return textTokensMax(utf8Length(frameText(request)));
}

/** JSON Schema of a structured answer: one entry a language, every field required, nothing else allowed. */
export function answerSchema(request: DescribeRequest): Record<string, unknown> {
  const fields: readonly (readonly [string, { readonly schema: JsonSchema }])[] = [
    ...askedFields(request.fields),
    ...(request.prompt === undefined ? [] : [['answer', ANSWER] as const]),
  ];
  const entry = {
    type: 'object',
    properties: {
      language: { type: 'string', enum: orderedLanguages(request) },
      ...Object.fromEntries(fields.map(([name, { schema }]) => [name, schema])),
    },
    required: ['language', ...fields.map(([name]) => name)],
    additionalProperties: false,
  };
  return { type: 'object', properties: { descriptions: { type: 'array', items: entry } }, required: ['descriptions'], additionalProperties: false };
}

function frameText(request: DescribeRequest): string {
  const labels = request.images.length > 1 ? request.images.map((_, index) => `Image ${index + 1}:`).join('') : '';
  const schema = isStructured(request) ? JSON.stringify(answerSchema(request)) : '';
  return systemPrompt(request) + question(request) + labels + schema;
}

function imageBlock(image: OutgoingImage, guardsOversized: boolean): ImageBlock {
  if (image.kind === 'url') return { type: 'image', source: { type: 'url', url: image.url } };
  const source =
    image.kind === 'file' ? ({ type: 'file', file_id: image.fileId } as const) : ({ type: 'base64', media_type: image.mediaType, data: image.data } as const);
  return image.isSized && guardsOversized ? { type: 'image', source, transformations: { oversized_image: 'error' } } : { type: 'image', source };
}
