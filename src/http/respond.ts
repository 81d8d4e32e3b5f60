/** Calls an operation for an HTTP request: parse, call, write. Whatever stands around it, the operation does itself. */
import { type BodyFacts, fingerprintText } from '../core/idempotency/fingerprint.ts';
import { keptHeaders } from '../core/idempotency/answer.ts';
import { readIdempotencyKey } from '../core/idempotency/key.ts';
import { multipartBoundary, parseMultipart } from '../core/input/multipart.ts';
import { traceHeaders } from '../core/trace/trace-context.ts';
import type { Actor } from '../operation/actor.ts';
import type { Once } from '../operation/once.ts';
import type { Entrance, Operation } from '../operation/perform.ts';
import type { Reservation } from '../port/memory.ts';
import { readBody } from './body.ts';
import type { AppContext, AppOptions } from './context.ts';
import { problemHandler } from './problem.ts';

/** How one route reads its requests and writes its answers. */
export type Wire<Request, Result> = Pick<Entrance<Request, Result, Response>, 'read' | 'write'>;

/** The response of an operation to a request; faults become problems. */
export function respond<Request, Result>(
  c: AppContext,
  options: AppOptions,
  operation: Operation<Request, Result>,
  { read, write }: Wire<Request, Result>,
): Promise<Response> {
  const actor = actorOf(c, options);
  c.set('actor', actor);
  return operation(actor, {
    read,
    write,
    refuse: (error) => problemHandler(options)(error instanceof Error ? error : new Error('thrown'), c),
    statusOf: ({ status }) => status,
    once: onceOf(c, options),
  });
}

function actorOf(c: AppContext, service: AppOptions): Actor {
  return {
    service,
    caller: c.get('caller'),
    requestId: c.get('requestId'),
    route: c.req.path,
    signal: () => c.req.raw.signal,
    stopwatch: c.get('stopwatch'),
    trace: traceHeaders(c.get('trace')),
    record: c.get('record'),
    afterResponse: (work) => c.executionCtx.waitUntil(work),
  };
}

/** `Idempotency-Key`: the request is carried out once. */
function onceOf(c: AppContext, options: AppOptions): Once<Response> | undefined {
  const header = c.req.header('idempotency-key');
  if (header === undefined) return undefined;
  return {
    key: () => readIdempotencyKey(header),
    fingerprint: (hold) => fingerprint(c, options, hold),
    open: ({ status, headers, body }) => ({
      status,
      headers: keptHeaders(headers),
      stream: body,
      isEvents: headers.get('content-type')?.startsWith('text/event-stream') === true,
    }),
    withBody: (answer, body) => new Response(body, answer),
    replay: ({ status, headers, body }) => {
      const response = new Response(body.length === 0 && status === 204 ? null : body, { status, headers });
      response.headers.set('idempotent-replayed', 'true');
      return response;
    },
  };
}

async function fingerprint(c: AppContext, options: AppOptions, hold: Reservation): Promise<string> {
  const body = await readBody(c, options, hold, true);
  const { sha256 } = options.ports;
  const { pathname, search } = new URL(c.req.url);
  const type = c.req.header('content-type') ?? '';
  const boundary = /^multipart\/form-data\b/i.test(type) ? multipartBoundary(type) : undefined;
  const facts: BodyFacts =
    boundary === undefined
      ? { kind: 'bytes', type, sha256: body.sha256 ?? (await sha256(body.bytes)) }
      : {
          kind: 'parts',
          parts: await Promise.all(parseMultipart(body.bytes, boundary).map(async ({ bytes, ...part }) => ({ ...part, sha256: await sha256(bytes) }))),
        };
  return sha256(fingerprintText({ method: c.req.method, path: pathname, query: search, headers: c.req.raw.headers, body: facts }));
}
