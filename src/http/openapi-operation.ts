/** Building blocks of the OpenAPI document. */

/** An operation that may also end as a problem. */
export function operation(operationId: string, summary: string, requestBody: unknown, responses: Record<number, unknown>) {
  const problem = { description: 'A problem; see "code"', content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } };
  return { operationId, summary, ...(requestBody === undefined ? {} : { requestBody }), responses: { ...responses, '4XX': problem, '5XX': problem } };
}

/** A body of JSON with this schema. */
export function json(schema: object) {
  return { 'application/json': { schema } };
}

/** A response that is no problem. */
export function ok(description: string, content: object) {
  return { description, content };
}
