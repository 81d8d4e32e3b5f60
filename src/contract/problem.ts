/** Errors: problem documents (RFC 9457) and, under `/v1/messages` and `/v1/files`, Anthropic's envelope. */
import * as z from 'zod';
import { ERROR_TABLE } from '../core/error-table.ts';
import type { ErrorCode } from '../core/fault.ts';
import { flag, requestId, text, time } from './member.ts';

const CODES = Object.keys(ERROR_TABLE) as [ErrorCode, ...ErrorCode[]];

const amount = (description: string, example: number) =>
  z
    .number()
    .min(0)
    .meta({ description, examples: [example] });

/** The bound that a call does not fit. */
export const budgetFactsSchema = z
  .strictObject({
    scope: z.enum(['request', 'key', 'tenant', 'deployment']).meta({ description: 'Whose bound it is; "request" is max_cost_usd.', examples: ['key'] }),
    period: z.enum(['day', 'month']).nullable().meta({ description: 'The period that the bound covers; null for that of one request.' }),
    unit: z.enum(['usd', 'image_tokens']).meta({ description: 'What the amounts count.' }),
    needed: amount('The most that the call may need.', 0.0042),
    limit: amount('The bound. Absent for a deployment.', 5).optional(),
    spent: amount('What is spent of it. Absent for a deployment.', 4.998).optional(),
    reserved: amount('What is set aside for calls under way. Absent for a deployment.', 0.001).optional(),
    resets_at: time('When the period ends; null for one request.', '2026-11-22T00:00:00.000Z').nullable(),
  })
  .meta({ id: 'BudgetFacts', description: 'Of budget_exceeded where an amount is too high: the numbers. Amounts are US$ or image tokens.' });

const paramFaultSchema = z.strictObject({
  param: text('The field, header or parameter.', 'images.0.url'),
  detail: text('What is wrong with it, the bound and the remedy.', '"url" must be an http or https address.'),
});

export const problemSchema = z
  .strictObject({
    type: z.url().meta({
      description: 'The page about this code on the same deployment.',
      examples: ['https://vignette.example.com/docs/error/invalid_request'],
    }),
    title: text('What the code means.', 'The request is not valid'),
    status: z
      .int()
      .min(400)
      .max(599)
      .meta({ description: 'The HTTP status.', examples: [400] }),
    detail: text(
      'What was wrong here, the bound and the remedy. Its wording may change.',
      'No image was given. Send "image": {"url": "…"}, {"base64": "…"} or {"image_id": "…"}, or upload a file.',
    ),
    code: z
      .enum(CODES)
      .meta({ id: 'ErrorCode', description: 'Stable: decide on this. Each has its page at /docs/error/{code}.', examples: ['invalid_request'] }),
    param: text('The field, header or parameter that is meant; null for the whole request.', 'images').nullable(),
    request_id: requestId(),
    retryable: flag('Whether the same request may succeed later.'),
    billed: flag('Whether Claude may have billed work for it.'),
    errors: z.array(paramFaultSchema).min(2).meta({ description: 'All faults where the request has several.' }).optional(),
    budget: budgetFactsSchema.optional(),
  })
  .meta({ id: 'Problem', description: 'A problem document, RFC 9457.' });

/** Ours. The API's own errors are passed on with the details that it gives. */
const detailsSchema = z.looseObject({
  error_code: text('The code of this service, as in a problem document.', 'image_too_large').optional(),
  param: text('The field or header that is meant; null for the whole request.', 'messages.0.content.1').nullable().optional(),
  billed: flag('Whether Claude may have billed work for it.').optional(),
  documentation_url: text('The page about the code.', 'https://vignette.example.com/docs/error/image_too_large').optional(),
  budget: budgetFactsSchema.optional(),
});

export const anthropicErrorSchema = z
  .strictObject({
    type: z.literal('error').meta({ description: 'The kind of answer.' }),
    error: z
      .looseObject({
        type: text("Anthropic's type of error.", 'invalid_request_error'),
        message: text('What was wrong, the bound and the remedy.', 'messages.0.content.1: This is a HEIC file; convert it to JPEG first.'),
        details: detailsSchema.meta({ description: "This service's own code and advice. Errors of the API itself may have other members or none." }).nullish(),
      })
      .meta({ description: 'The error.' }),
    request_id: text('The id of the request; that of the API where the error is its own.', 'req_0f9d8c7b6a5e4d3c2b1a0f9e8d7c6b5a').nullish(),
  })
  .meta({ id: 'AnthropicError', description: "Anthropic's error envelope." });
