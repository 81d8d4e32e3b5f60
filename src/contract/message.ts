/** `/v1/messages`: what is ours about Anthropic's Messages API. The rest is in its own reference, and passed on as it comes. */
import * as z from 'zod';
import { cacheHeaders, IMAGE_FAULTS, MODEL_FAULTS } from './describe.ts';
import { count, text } from './member.ts';
import { json, type Operation } from './operation.ts';

const contentSchema = z.looseObject({ type: text("The kind of block; other members are Anthropic's.", 'text') }).meta({ description: 'A content block.' });

export const messagesBodySchema = z
  .looseObject({
    model: text('The model.', 'claude-haiku-5-5'),
    messages: z
      .array(
        z
          .looseObject({
            role: text('user or assistant.', 'user'),
            content: z
              .union([text('Text.', 'What is this?'), z.array(contentSchema).meta({ description: 'Blocks.' })])
              .meta({ description: 'Text, or a list of blocks.' }),
          })
          .meta({ description: 'A turn.' }),
      )
      .meta({ description: 'The conversation. Image blocks may hold any image by base64, address, file, or "vignette:sha256:…" for a stored one.' }),
    max_tokens: count('The most that the answer may have.', 1024).optional(),
  })
  .meta({ id: 'MessagesRequest', description: "As in Anthropic's Messages API; members that are not listed here pass as well." });

/** Answers of the API reach the caller as they come. */
export const messageSchema = z
  .looseObject({
    id: text('The id of the message.', 'msg_01XFDUDYJgAACzvnptvVoYEL').optional(),
    type: text('message.', 'message').optional(),
    role: text('assistant.', 'assistant').optional(),
    content: z.array(contentSchema).meta({ description: 'The blocks of the answer.' }).optional(),
    model: text('The model that answered.', 'claude-haiku-5-5').optional(),
    stop_reason: text('Why it ended.', 'end_turn').nullable().optional(),
    usage: z
      .looseObject({
        input_tokens: count('Tokens of the prompt.', 1702).optional(),
        output_tokens: count('Tokens of the answer.', 48).optional(),
      })
      .meta({ description: 'What the call used.' })
      .optional(),
  })
  .meta({ id: 'Message', description: "As in Anthropic's Messages API." });

const countSchema = z
  .looseObject({ input_tokens: count('Tokens of the prompt.', 1702) })
  .meta({ id: 'TokenCount', description: "As in Anthropic's Messages API." });

const choice = <const Names extends readonly [string, ...string[]]>(names: Names, description: string) =>
  z
    .enum(names)
    .meta({ description, examples: [names[0]] })
    .optional();

/** Headers that steer what is done with the images of a Messages request. */
export const relayHeaders = z.object({
  'x-vignette-source': choice(['auto', 'file', 'url'], 'file: images go through the Files API. url: Claude fetches addresses itself. Default: auto.'),
  'x-vignette-cache': choice(['bypass', 'default', 'refresh', 'only'], 'Whether answers are remembered, by the meaning of the request. Default: bypass.'),
  'x-vignette-on-disconnect': choice(['cancel', 'finish'], 'What becomes of the call when the caller leaves. Default: cancel.'),
  'x-vignette-max-cost-usd': text('The most that the call may cost, US$. One that may cost more is refused, unbilled.', '0.01').optional(),
});

const headers = relayHeaders.extend({
  'anthropic-version': text('Passed on. Default: 2026-10-21.', '2026-10-21').optional(),
  'anthropic-beta': text('Passed on.', 'files-api-2025-04-14').optional(),
  'x-vignette-key': text('The key of this service, where x-api-key or Authorization hold your own key of Anthropic.', 'vig_0123456789abcdef').optional(),
});

const answerHeaders = z.object({
  ...cacheHeaders,
  'request-id': text('The id that the API gave.', 'req_011CSHoEeqs5C35K2UUqR7Fy'),
  'x-vignette-plan': text('JSON: what was done with the images, in counts.', '{"images":1,"untouched":0,"resized":1}').optional(),
});

const EXAMPLES = {
  'An image by its address': {
    model: 'claude-haiku-5-5',
    max_tokens: 300,
    messages: [
      {
        role: 'user',
        content: [
          { type: 'image', source: { type: 'url', url: 'https://example.com/photo.jpg' } },
          { type: 'text', text: 'What is this?' },
        ],
      },
    ],
  },
};

const query = z.object({ beta: z.enum(['true']).meta({ description: "Set by Anthropic's clients for beta calls; passed on." }).optional() });

export const createMessage: Operation = {
  tag: 'Messages',
  summary: "Call Anthropic's Messages API with any images",
  description:
    "Body, answer, stream and errors are those of Anthropic's API: point any of its clients at this address with a key of this service. Every image that Claude would refuse or shrink is brought to its size; every other byte goes out as it came.",
  path: {},
  query,
  headers,
  body: { isRequired: true, content: { 'application/json': json(messagesBodySchema, EXAMPLES) } },
  answers: {
    200: {
      description: 'The message, or its events where "stream" is true.',
      content: {
        'application/json': json(messageSchema),
        'text/event-stream': { kind: 'text', description: 'The events.', example: 'event: message_stop\ndata: {"type":"message_stop"}\n\n' },
      },
      headers: answerHeaders,
    },
  },
  faults: [...IMAGE_FAULTS, ...MODEL_FAULTS],
  passesErrorsOn: true,
  // Then the client sends the whole conversation itself.
  clientCodes: ['thread_unsupported_request'],
};

export const countTokens: Operation = {
  tag: 'Messages',
  summary: 'Count the tokens of a Messages request with any images',
  description: "Image tokens are exact, for images from anywhere; the rest is the API's own estimate. Addresses are fetched to learn the size of their image.",
  path: {},
  query,
  headers,
  body: { isRequired: true, content: { 'application/json': json(messagesBodySchema, EXAMPLES) } },
  answers: { 200: { description: 'The count.', content: { 'application/json': json(countSchema) }, headers: answerHeaders } },
  faults: [...IMAGE_FAULTS, ...MODEL_FAULTS],
  passesErrorsOn: true,
};
