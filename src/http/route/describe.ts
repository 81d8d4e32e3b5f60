/** `POST /v1/describe` */
import { Hono } from 'hono';
import { callerKeeping, keepSeconds, keepsResults } from '../../core/keep/keeping.ts';
import { type CacheMode, type DescribeRequest, parseDescribeRequest } from '../../core/input/request.ts';
import { describe, type DescribeResult } from '../../operation/describe.ts';
import type { RequestRecord } from '../../stage/session/record.ts';
import { withBody } from '../body.ts';
import { type AppContext, type AppEnv, type AppOptions, stageContext } from '../context.ts';
import { describeResponse, firstText } from '../wire.ts';

export function describeRoute(options: AppOptions): Hono<AppEnv> {
  return new Hono<AppEnv>().post('/', (c) =>
    withBody(c, options, async ({ json, uploads }) => {
      const request = withCacheControl(parseDescribeRequest(json, uploads, { model: options.config.defaultModel }), c.req.header('cache-control'));
      const record = c.get('record');
      record.model = request.model;
      record.images = request.images.length;
      // For whatever keeps something of this request, its answer under an Idempotency-Key too.
      c.set('caller', callerKeeping(c.get('caller'), request.store));
      const result = await describe(request, stageContext(c, options));
      noteResult(record, result);
      setHeaders(c, request, result, options);
      if (prefersText(c.req.header('accept'))) return c.text(firstText(request, result));
      return c.json(describeResponse(c.get('requestId'), request, result));
    }),
  );
}

/** RFC 9111 §5.2.1: the directives that mean the same as our modes. The body's own mode wins. */
function withCacheControl(request: DescribeRequest, header: string | undefined): DescribeRequest {
  if (header === undefined || request.cache !== 'default') return request;
  const directives = header
    .toLowerCase()
    .split(',')
    .map((directive) => directive.trim());
  const modes: readonly (readonly [string, CacheMode])[] = [
    ['no-store', 'bypass'],
    ['no-cache', 'refresh'],
    ['only-if-cached', 'only'],
  ];
  const mode = modes.find(([directive]) => directives.includes(directive))?.[1];
  return mode === undefined ? request : { ...request, cache: mode };
}

function noteResult(record: RequestRecord, { cache, usage, costUsd, savedUsd, upstreamRequestId }: DescribeResult): void {
  record.cache = cache.status;
  record.inputTokens = usage.inputTokens + usage.cacheCreationInputTokens + usage.cacheReadInputTokens;
  record.outputTokens = usage.outputTokens;
  if (costUsd !== undefined) record.costUsd = costUsd;
  if (savedUsd !== undefined) record.savedUsd = savedUsd;
  if (upstreamRequestId !== undefined) record.upstreamRequestId = upstreamRequestId;
}

function setHeaders(c: AppContext, request: DescribeRequest, { cache, upstreamRequestId }: DescribeResult, { config }: AppOptions): void {
  const caller = c.get('caller');
  // RFC 9211 §2.5: what is left of its lifetime; below zero for one that is used although it is stale.
  const lifetimeSeconds = Math.min(keepSeconds(caller, config.cacheTtlSeconds), request.maxAgeSeconds ?? Infinity);
  c.header('cache-status', cacheStatus(cache, lifetimeSeconds, keepsResults(caller)));
  if (upstreamRequestId !== undefined) c.header('x-upstream-request-id', upstreamRequestId.replace(/[^\w-]/g, '').slice(0, 64));
}

/** RFC 9211 §2. */
function cacheStatus({ status, ageSeconds }: DescribeResult['cache'], lifetimeSeconds: number, isStored: boolean): string {
  switch (status) {
    case 'hit':
      return `Vignette; hit; ttl=${lifetimeSeconds - ageSeconds}`;
    case 'miss':
      return `Vignette; fwd=uri-miss${isStored ? '; stored' : ''}`;
    case 'refresh':
      return `Vignette; fwd=request${isStored ? '; stored' : ''}`;
    case 'bypass':
      return 'Vignette; fwd=bypass';
    case 'joined':
      return 'Vignette; fwd=uri-miss; collapsed';
  }
}

/** Plain text only when it is asked for by name, and not below JSON (RFC 9110 §12.5.1); of equals the first. */
function prefersText(accept = ''): boolean {
  const wanted = accept
    .toLowerCase()
    .split(',')
    .map((item) => {
      const [type = '', ...parameters] = item.split(';').map((part) => part.trim());
      const weight = /^q=([\d.]{1,5})$/.exec(parameters.find((parameter) => parameter.startsWith('q=')) ?? '')?.[1];
      return { type, weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter(({ type, weight }) => weight > 0 && (type === 'text/plain' || type === 'application/json'));
  return wanted.toSorted((one, other) => other.weight - one.weight)[0]?.type === 'text/plain';
}
