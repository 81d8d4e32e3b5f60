/**
 * The OpenAPI 3.1 document: made of the rows of `route.ts` and of the schemas that the tests hold every answer to. It is a file of
 * the deployment (`scripts/build-openapi.mjs`), so that neither its words nor its making are part of the Worker.
 */
import type * as z from 'zod';
import { ERROR_TABLE } from '../../core/error-table.ts';
import type { ErrorCode } from '../../core/fault.ts';
import { ANTHROPIC_ERRORS } from '../anthropic-error.ts';
import { faultsOf, operationOf } from '../catalogue.ts';
import { requestId, text } from '../member.ts';
import { type Answer, type Content, type Contents, TAGS } from '../operation.ts';
import { anthropicErrorSchema, problemSchema } from '../problem.ts';
import { ROUTE_NAMES, type RouteName, routeOf } from '../route.ts';
import { type JsonSchema, schemaCollection } from './schema.ts';

type Collection = ReturnType<typeof schemaCollection>;

const INTRODUCTION =
  'Vignette describes images with Claude: it takes any JPEG, PNG, GIF or WebP image, brings it to exactly the size that Claude sees, asks, and remembers the answer. Every answer has an x-request-id. Every error of its own API is a problem document (RFC 9457) with a stable code.';

/** The document. Addresses in it are relative to the one that it is read from. */
export function openApiDocument() {
  const collection = schemaCollection();
  const paths: Record<string, Record<string, unknown>> = {};
  for (const name of ROUTE_NAMES.filter(isOffered)) {
    const { path, method } = routeOf(name);
    (paths[wirePath(path)] ??= {})[method.toLowerCase()] = operationObject(name, collection);
  }
  collection.complete();
  return {
    openapi: '3.1.0',
    info: {
      title: 'Vignette',
      version: '1',
      summary: 'Describes images with Claude, at exactly the size that Claude sees.',
      description: INTRODUCTION,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'The deployment that this document is read from.' }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    security: [{ bearer: [] }, { apiKey: [] }],
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'Authorization: Bearer KEY' },
        apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key', description: 'x-api-key: KEY' },
      },
      headers: {
        RequestId: header(requestId(), collection),
        RetryAfter: header(text('Seconds after which the same request may succeed, where they are known.', '5').optional(), collection),
      },
      schemas: Object.fromEntries(Object.entries(collection.components).toSorted(([one], [other]) => (one < other ? -1 : 1))),
    },
  };
}

/** A route without any answer stands there for Anthropic's clients, which it gives the error that they know; nobody else needs it. */
function isOffered(name: RouteName): boolean {
  return Object.keys(operationOf(name).answers).length > 0;
}

/** `/v1/images/:imageId` as OpenAPI writes it, in the names of the wire: `/v1/images/{image_id}`. */
export function wirePath(path: string): string {
  return path.replaceAll(/:(\w+)/g, (_, name: string) => `{${wireName(name)}}`);
}

function wireName(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function operationObject(name: RouteName, collection: Collection) {
  const { scope, isIdempotent } = routeOf(name);
  const { tag, summary, description, path, query, headers, body, answers } = operationOf(name);
  const parameters = [
    ...Object.entries(path as Readonly<Record<string, z.ZodType>>).map(([parameter, schema]) =>
      parameterObject('path', wireName(parameter), schema, collection),
    ),
    ...shapeOf(query).map(([parameter, schema]) => parameterObject('query', parameter, schema, collection)),
    ...shapeOf(headers).map(([parameter, schema]) => parameterObject('header', parameter, schema, collection)),
    ...(isIdempotent ? [parameterObject('header', 'idempotency-key', IDEMPOTENCY_KEY, collection)] : []),
  ];
  return {
    operationId: name,
    tags: [tag],
    summary,
    description: `${description}${scope === 'public' || scope === 'any' ? '' : ` Needs the scope "${scope}".`}`,
    ...(scope === 'public' ? { security: [] } : {}),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: { required: body.isRequired, content: contentObject(body.content, 'input', collection) } }),
    responses: {
      ...Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, answerObject(answer, collection)])),
      ...errorAnswers(name, collection),
    },
  };
}

const IDEMPOTENCY_KEY = text(
  'The same key with the same request gives the first answer again, for 24 h, with "idempotent-replayed: true".',
  '8e03978e-40d5-43e8-bc93-6894a57f9324',
).optional();

function shapeOf(schema: z.ZodObject | undefined): readonly (readonly [string, z.ZodType])[] {
  return Object.entries((schema?.shape ?? {}) as Readonly<Record<string, z.ZodType>>);
}

function parameterObject(place: 'path' | 'query' | 'header', name: string, member: z.ZodType, collection: Collection) {
  const { schema, description, example, isRequired } = parts(member, collection);
  return { name, in: place, description, required: place === 'path' || isRequired, schema, example };
}

function header(member: z.ZodType, collection: Collection) {
  const { schema, description, example, isRequired } = parts(member, collection);
  return { description, required: isRequired, schema, example };
}

/** A member as OpenAPI has it outside of schemas: its description and example beside it. */
function parts(member: z.ZodType, collection: Collection) {
  const { description, examples, ...schema } = collection.place(member, 'input');
  return { schema, description, example: examples?.[0] ?? collection.exampleOf(schema), isRequired: !member.safeParse(undefined).success };
}

function answerObject({ description, content, headers }: Answer, collection: Collection) {
  return {
    description,
    headers: {
      'x-request-id': { $ref: '#/components/headers/RequestId' },
      ...Object.fromEntries(shapeOf(headers).map(([name, member]) => [name, header(member, collection)])),
    },
    ...(content === undefined ? {} : { content: contentObject(content, 'output', collection) }),
  };
}

function contentObject(contents: Contents, io: 'input' | 'output', collection: Collection) {
  return Object.fromEntries(Object.entries(contents).map(([mediaType, content]) => [mediaType, mediaTypeObject(content, io, collection)]));
}

const BYTES = { type: 'string', contentMediaType: 'application/octet-stream' };

function mediaTypeObject(content: Content, io: 'input' | 'output', collection: Collection) {
  switch (content.kind) {
    case 'bytes':
      return { schema: { ...BYTES, description: 'The bytes of the image.' } };
    case 'text':
      return { schema: { type: 'string', description: content.description }, example: content.example };
    case 'form':
      return { schema: formSchema(content, collection) };
    case 'json': {
      const schema = collection.place(content.schema, io);
      const examples = Object.entries(content.examples);
      return examples.length === 0
        ? { schema, example: collection.exampleOf(schema) }
        : { schema, examples: Object.fromEntries(examples.map(([summary, value]) => [summary.replaceAll(/[^A-Za-z0-9]+/g, '_'), { summary, value }])) };
    }
  }
}

function formSchema({ schema, files }: Extract<Content, { readonly kind: 'form' }>, collection: Collection): JsonSchema {
  const form = collection.place(schema, 'input');
  if (files === undefined) return form;
  const file = { ...BYTES, description: files.description };
  const part = files.areMany ? { type: 'array', items: file, description: files.description } : file;
  return {
    ...form,
    properties: { [files.name]: part, ...form.properties },
    ...(files.areMany ? {} : { required: [files.name, ...(form.required ?? [])] }),
  };
}

/** One response for each status with the codes that it stands for; those of the API itself as ranges. */
function errorAnswers(name: RouteName, collection: Collection) {
  const { envelope } = routeOf(name);
  const codesByStatus = new Map<string, ErrorCode[]>();
  for (const code of faultsOf(name)) {
    const status = String(envelope === 'anthropic' ? ANTHROPIC_ERRORS[code].status : ERROR_TABLE[code].status);
    codesByStatus.set(status, [...(codesByStatus.get(status) ?? []), code]);
  }
  const schema = collection.place(envelope === 'anthropic' ? anthropicErrorSchema : problemSchema, 'output');
  const content = { [envelope === 'anthropic' ? 'application/json' : 'application/problem+json']: { schema } };
  const answer = (description: string, mayWait: boolean) => ({
    description,
    headers: { 'x-request-id': { $ref: '#/components/headers/RequestId' }, ...(mayWait ? { 'retry-after': { $ref: '#/components/headers/RetryAfter' } } : {}) },
    content,
  });
  return {
    ...Object.fromEntries(
      [...codesByStatus].map(([status, codes]) => [
        status,
        answer(
          codes.map((code) => `${code}: ${ERROR_TABLE[code].title}.`).join(' '),
          codes.some((code) => ERROR_TABLE[code].retryable),
        ),
      ]),
    ),
    ...(operationOf(name).passesErrorsOn === true
      ? { '4XX': answer('An error of the Anthropic API.', true), '5XX': answer('An error of the Anthropic API.', true) }
      : {}),
  };
}
