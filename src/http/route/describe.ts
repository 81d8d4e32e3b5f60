/** `POST /v1/describe` */
import { Hono } from 'hono';
import { keepSeconds, keepsResults } from '../../core/keep/keeping.ts';
import type { Caller } from '../../core/key/caller.ts';
import { type CacheMode, type DescribeRequest, parseDescribeRequest } from '../../core/input/request.ts';
import { describe, type DescribeResult } from '../../operation/describe.ts';
import { readImageBody } from '../body.ts';
import type { AppContext, AppEnv, AppOptions } from '../context.ts';
import { respond } from '../respond.ts';
import { describeResponse, firstText } from '../wire.ts';

export function describeRoute(options: AppOptions): Hono<AppEnv> {
  return new Hono<AppEnv>().post('/', (c) =>
    respond(c, options, describe, {
      read: async (hold) => {
        const { json, uploads } = await readImageBody(c, options, hold);
        return withCacheControl(parseDescribeRequest(json, uploads, { model: options.config.defaultModel }), c.req.header('cache-control'));
      },
      write: (result, request, caller) => {
        setHeaders(c, request, result, caller, options);
        if (prefersText(c.req.header('accept'))) return c.text(firstText(request, result));
        return c.json(describeResponse(c.get('requestId'), request, result));
      },
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

function setHeaders(c: AppContext, request: DescribeRequest, { cache, upstreamRequestId }: DescribeResult, caller: Caller, { config }: AppOptions): void {
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
