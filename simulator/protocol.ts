import { createMiddleware } from 'hono/factory';
import { ApiError, invalidRequest } from './error.ts';
import { parseFaultHeader, takeFault, type Fault, type FaultRoute } from './fault.ts';
import { faultError, faultResponse } from './fault-response.ts';
import { LATENCY_MS_MAX } from './limit.ts';
import { VERSION_WITHOUT_SAMPLING, type Protocol } from './message/request.ts';
import { keepRecord, openRecord, type RequestRecord } from './record.ts';
import { newId, type Simulation } from './state.ts';

/** What the middleware hands to the routes. */
export interface Variables {
  readonly record: RequestRecord;
  readonly protocol: Protocol;
  readonly fault: Fault | undefined;
}

const VERSIONS = ['2023-01-01', '2023-06-01', VERSION_WITHOUT_SAMPLING];
const REQUESTS_LIMIT = 4_000;
const TOKENS_LIMIT = 4_000_000;
const RATE_LIMIT_WINDOW_MS = 60_000;

/** Opens the record of a request, and stamps every answer with `request-id` and the rate-limit headers. */
export function recordRequests(simulation: Simulation) {
  return createMiddleware<{ Variables: Variables }>(async (context, next) => {
    const { settings, state } = simulation;
    const record = openRecord(context.req.raw, newId('req'), settings.now());
    keepRecord(state.records, record);
    context.set('record', record);
    // A client that leaves before the answer begins cancels no stream; only the request's own signal tells.
    context.req.raw.signal.addEventListener('abort', () => (record.is_cancelled = true));
    await next();
    record.status = context.res.status;
    if (context.error !== undefined) record.error = context.error.message;
    const { headers } = context.res;
    headers.set('request-id', record.request_id);
    headers.set('anthropic-organization-id', 'org_simulated');
    const isSpent = headers.has('retry-after');
    for (const [name, limit] of [
      ['requests', REQUESTS_LIMIT],
      ['tokens', 2 * TOKENS_LIMIT],
      ['input-tokens', TOKENS_LIMIT],
      ['output-tokens', TOKENS_LIMIT],
    ] as const) {
      headers.set(`anthropic-ratelimit-${name}-limit`, String(limit));
      headers.set(`anthropic-ratelimit-${name}-remaining`, String(isSpent ? 0 : limit - 1));
      headers.set(`anthropic-ratelimit-${name}-reset`, new Date(settings.now() + RATE_LIMIT_WINDOW_MS).toISOString());
    }
  });
}

/** Lets in requests with a key in either header and a version that is known. @throws 401, 400 */
export function authenticate(simulation: Simulation) {
  return createMiddleware<{ Variables: Variables }>(async (context, next) => {
    const bearer = /^Bearer\s+(\S+)$/i.exec(context.req.header('authorization') ?? '')?.[1];
    const key = context.req.header('x-api-key') ?? bearer;
    if (key === undefined || key === '') {
      throw new ApiError('authentication_error', 'x-api-key header is required');
    }
    const { apiKeys } = simulation.settings;
    if (apiKeys !== undefined && !apiKeys.includes(key)) {
      throw new ApiError('authentication_error', bearer === key ? 'invalid bearer token' : 'invalid x-api-key');
    }
    const version = context.req.header('anthropic-version');
    if (version === undefined) throw invalidRequest('anthropic-version: header is required');
    if (!VERSIONS.includes(version)) {
      throw invalidRequest(`anthropic-version: "${version}" is not a valid version`);
    }
    context.set('protocol', { version, hasBeta: (context.req.header('anthropic-beta') ?? '') !== '' });
    await next();
  });
}

/** Applies the fault that the request names or that waits for it; content and transport faults go on to the route. */
export function applyFaults(simulation: Simulation) {
  return createMiddleware<{ Variables: Variables }>(async (context, next) => {
    const header = context.req.header('x-simulator-fault');
    const fault = header === undefined ? takeFault(simulation.state.faults, routeOf(context.req.path)) : parseFaultHeader(header);
    context.set('fault', fault);
    if (fault === undefined) return next();
    context.get('record').fault = fault.kind;
    const { sleep } = simulation.settings;
    if (fault.latencyMs > 0) await sleep(fault.latencyMs);
    if (fault.kind === 'hang') {
      await sleep(LATENCY_MS_MAX);
      throw new ApiError('timeout_error', 'Request timed out');
    }
    const error = faultError(fault);
    if (error !== undefined) throw error;
    const response = faultResponse(fault);
    if (response === undefined) return next();
    return response;
  });
}

function routeOf(path: string): FaultRoute {
  if (path.startsWith('/v1/messages/count_tokens')) return 'count_tokens';
  if (path.startsWith('/v1/messages/batches')) return 'batches';
  if (path.startsWith('/v1/files')) return 'files';
  if (path.startsWith('/v1/models')) return 'models';
  return 'messages';
}
