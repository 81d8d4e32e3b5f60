import { beforeAll, describe, expect, it } from 'vitest';
import { openApiDocument } from '../../src/contract/openapi/document.ts';
import { type JsonSchema, membersOf } from '../../src/contract/openapi/schema.ts';
import { operationOf } from '../../src/contract/catalogue.ts';
import { problemSchema } from '../../src/contract/problem.ts';
import { type RouteName, ROUTE_NAMES, routeOf } from '../../src/contract/route.ts';
import { STATUSES } from '../support/problem.ts';
import { estimateBodySchema } from '../../src/core/input/body-schema.ts';
import { parseDescribeRequest } from '../../src/core/input/request.ts';
import { parsePurge } from '../../src/core/cache/purge.ts';
import { parseChangeKey, parseCreateKey, parseRotateKey } from '../../src/core/key/settings.ts';

let document: any;
beforeAll(() => {
  document = JSON.parse(JSON.stringify(openApiDocument()));
});

/** Every operation with where it stands. */
function operations(): readonly [string, any][] {
  return Object.entries(document.paths).flatMap(([path, item]: [string, any]) =>
    Object.entries(item).map(([method, operation]: [string, any]): [string, any] => [`${method} ${path}`, operation]),
  );
}

/** Every schema of the document by where it stands: named ones, those of bodies, and all members inside. */
function members(): readonly [string, JsonSchema][] {
  const bodies = operations().flatMap(([at, { requestBody, responses }]) =>
    [requestBody, ...Object.values(responses)].flatMap((body: any) =>
      Object.entries(body?.content ?? {}).map(([type, { schema }]: [string, any]): [string, JsonSchema] => [`${at} ${type}`, schema]),
    ),
  );
  const inside = ([at, schema]: [string, JsonSchema]): readonly [string, JsonSchema][] =>
    Object.entries(schema.properties ?? {})
      .map(([name, member]): [string, JsonSchema] => [`${at}.${name}`, member])
      .concat(membersOf(schema).map((member, index): [string, JsonSchema] => [`${at}[${index}]`, member]))
      .flatMap((member) => [member, ...inside(member)]);
  return [...Object.entries(document.components.schemas as Record<string, JsonSchema>), ...bodies].flatMap(inside);
}

describe('the OpenAPI document', () => {
  it('has every route that answers, under its name', () => {
    const documented = operations().map(([at, { operationId }]) => `${at} ${operationId}`);
    const wire = (name: RouteName) =>
      routeOf(name)
        .path.replace(':imageId', '{image_id}')
        .replace(':fileId', '{file_id}')
        .replace(/:(\w+)/, '{$1}');
    const expected = ROUTE_NAMES.filter((name) => name !== 'getFileContent').map((name) => `${routeOf(name).method.toLowerCase()} ${wire(name)} ${name}`);
    expect(documented.toSorted()).toEqual(expected.toSorted());
  });

  it('has every code, and every field of a description request', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(document.components.schemas.ErrorCode.enum.toSorted()).toEqual(Object.keys(STATUSES).toSorted());
    const body = document.components.schemas.DescribeRequest;
    expect(document.paths['/v1/describe'].post.requestBody.content['application/json'].schema).toEqual({ $ref: '#/components/schemas/DescribeRequest' });
    expect(Object.keys(body.properties).toSorted()).toEqual(
      [
        'image',
        'images',
        'fields',
        'prompt',
        'system',
        'languages',
        'max_length',
        'context',
        'model',
        'detail',
        'source',
        'max_cost_usd',
        'max_tokens',
        'cache',
        'max_age_seconds',
        'scope',
        'near_duplicate',
        'store',
        'metadata',
      ].toSorted(),
    );
    expect(body.additionalProperties).toBe(false);
  });

  it('says of every operation what it does, in one group of the reference', () => {
    const tags = document.tags.map(({ name }: any) => name);
    for (const [at, { summary, description, tags: own }] of operations()) {
      expect(summary, at).toMatch(/^[A-Z][^.]+$/);
      expect(description, at).toMatch(/^[A-Z].+\.$/s);
      expect([at, own.length, tags.includes(own[0])]).toEqual([at, 1, true]);
    }
  });

  it('says of every member what it holds, in a sentence', () => {
    expect(members().length).toBeGreaterThan(400);
    const silent = members().filter(([, { description, $ref, $defs }]) => $ref === undefined && $defs === undefined && !/^\S.+$/s.test(description ?? ''));
    expect(silent.filter(([at]) => !isChoice(at)).map(([at]) => at)).toEqual([]);
  });

  it('has an example for every member but files', () => {
    const without = members().filter(([, { examples = [], $ref, contentMediaType, items }]) => {
      const isFile = contentMediaType !== undefined || items?.['contentMediaType'] !== undefined;
      return $ref === undefined && !isFile && examples.length === 0;
    });
    expect(without.map(([at]) => at)).toEqual([]);
  });

  it('says the same of every parameter and header', () => {
    const said = operations().flatMap(([at, { parameters = [], responses }]) => [
      ...parameters.map((parameter: any) => [`${at} ${parameter.name}`, parameter]),
      ...Object.values(responses).flatMap((response: any) => Object.entries(response.headers ?? {}).map(([name, header]) => [`${at} ${name}`, header])),
    ]);
    expect(said.length).toBeGreaterThan(100);
    for (const [at, { description, example, $ref }] of said)
      if ($ref === undefined) expect([at, description, example]).toEqual([at, expect.any(String), expect.anything()]);
  });

  it('has no reference that leads nowhere, and no schema that nothing leads to', () => {
    const references = new Set([...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path = '']) => path));
    const at = (path: string) => path.split('/').reduce((value: any, key) => value?.[key], document);
    expect([...references].filter((path) => at(path) === undefined)).toEqual([]);
    expect(Object.keys(document.components.schemas).filter((name) => !references.has(`components/schemas/${name}`))).toEqual([]);
  });

  it('is for whatever address it is read from', () => {
    expect(document.servers).toEqual([{ url: '/', description: expect.any(String) }]);
  });
});

/** The choices of a union are told apart by their members; what they are together is said once. */
function isChoice(at: string): boolean {
  return /\[\d+\]$/.test(at);
}

describe('the examples of requests', () => {
  const calendar = { nowMs: Date.parse('2026-11-28T00:00:00Z'), parse: Date.parse };
  const read: Partial<Record<RouteName, (body: unknown) => unknown>> = {
    describe: (body) => parseDescribeRequest(body, [], { model: 'm' }),
    estimate: (body) => parseDescribeRequest(body, [], { model: 'm' }, estimateBodySchema),
    createKey: (body) => parseCreateKey(body, calendar),
    changeKey: (body) => parseChangeKey(body, calendar),
    rotateKey: parseRotateKey,
    purge: (body) => parsePurge(body, Date.parse),
  };
  const examples = ROUTE_NAMES.flatMap((name) => {
    const content = operationOf(name).body?.content['application/json'];
    return content?.kind === 'json' ? Object.entries(content.examples).map(([summary, value]) => [name, summary, value, content.schema] as const) : [];
  });

  it.each(examples)('%s: %s is taken', (name, _summary, value, schema) => {
    expect(schema.safeParse(value).success).toBe(true);
    expect(() => read[name]?.(value)).not.toThrow();
  });

  it('are there for every JSON body', () => {
    const bodies = ROUTE_NAMES.filter((name) => operationOf(name).body?.content['application/json'] !== undefined);
    expect(new Set(examples.map(([name]) => name))).toEqual(new Set(bodies));
  });
});

describe('the composed example of an answer', () => {
  it('is one that its own schema takes', () => {
    const example = document.paths['/v1/describe'].post.responses['200'].content['application/json'].example;
    const content = operationOf('describe').answers[200]?.content?.['application/json'];
    if (content?.kind !== 'json') throw new Error('describe answers JSON');
    expect(content.schema.parse(example)).toEqual(example);
  });

  it('of a problem is one, too', () => {
    const { properties } = document.components.schemas.Problem;
    const example = Object.fromEntries(Object.entries(properties).map(([name, member]: [string, any]) => [name, member.examples?.[0]]));
    expect(problemSchema.partial().safeParse({ ...example, code: 'invalid_request', budget: undefined }).success).toBe(true);
  });
});
