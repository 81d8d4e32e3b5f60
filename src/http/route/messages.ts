/** `POST /v1/messages` and `POST /v1/messages/count_tokens`: the Anthropic API, with every image made right on the way. */
import { Hono } from 'hono';
import { keepSeconds } from '../../core/keep/keeping.ts';
import { requestHeaders } from '../../core/relay/header.ts';
import { readRelayOptions } from '../../core/relay/options.ts';
import { Fault } from '../../error.ts';
import type { CallerCredential } from '../../port/upstream.ts';
import { countMessageTokens, createMessage } from '../../operation/relay.ts';
import type { Reservation } from '../../port/memory.ts';
import type { RelayRequest, RelayResult } from '../../stage/relay/request.ts';
import { readJsonBytes } from '../body.ts';
import type { AppContext, AppEnv, AppOptions } from '../context.ts';
import { respond } from '../respond.ts';

export function messagesRoute(options: AppOptions): Hono<AppEnv> {
  const wire = (c: AppContext, path: RelayRequest['path']) => ({
    read: async (reservation: Reservation): Promise<RelayRequest> => {
      const body = await readJsonBytes(c, options, reservation);
      const credential = callerCredential(c, options);
      return {
        path,
        query: queryToPass(c),
        body,
        headers: requestHeaders(c.req.raw.headers),
        options: readRelayOptions((name) => c.req.header(name)),
        ...(credential === undefined ? {} : { credential }),
        isMeasuring: path !== 'messages',
        reservation,
      };
    },
    write: (result: RelayResult) => toResponse(result, c, options),
  });
  return new Hono<AppEnv>()
    .post('/', (c) => respond(c, options, createMessage, wire(c, 'messages')))
    .post('/count_tokens', (c) => respond(c, options, countMessageTokens, wire(c, 'messages/count_tokens')));
}

/**
 * The caller's own key of the provider. Beside `x-vignette-key`, which lets him in here, the two usual headers are
 * Anthropic's again.
 * @throws forbidden where the deployment takes no such keys, unauthorized for what is not one
 */
function callerCredential(c: AppContext, { config }: AppOptions): CallerCredential | undefined {
  if (c.req.header('x-vignette-key') === undefined) return undefined;
  const authorization = c.req.header('authorization') ?? '';
  const bearer = /^Bearer +(\S+) *$/i.exec(authorization)?.[1];
  // Whoever sends a key in a wrong form means to pay himself, so ours never stands in for it.
  const value = authorization === '' ? c.req.header('x-api-key') : (bearer ?? '');
  if (value === undefined) return undefined;
  if (!config.takesCallerKeys)
    throw new Fault('forbidden', "This deployment takes no keys of callers' own (CALLER_ANTHROPIC_KEYS). Send your key of this service alone.", {
      param: 'authorization',
    });
  if (!/^sk-ant-[\w-]{8,400}$/.test(value))
    throw new Fault(
      'unauthorized',
      'Beside x-vignette-key, the other key must be one of the Anthropic API (sk-ant-…). Leave it out to use that of this service.',
      {
        param: 'authorization',
      },
    );
  return { kind: bearer === undefined ? 'x-api-key' : 'bearer', value };
}

/** Anthropic's clients mark beta calls in the address; nothing else is passed on. */
function queryToPass(c: AppContext): string {
  return c.req.query('beta') === 'true' ? '?beta=true' : '';
}

function toResponse(result: RelayResult, c: AppContext, { config }: AppOptions): Response {
  const headers = new Headers(c.res.headers);
  for (const [name, value] of result.headers) headers.set(name, value);
  if (!headers.has('request-id')) headers.set('request-id', c.get('requestId'));
  if (result.plan !== undefined) headers.set('x-vignette-plan', JSON.stringify(result.plan));
  headers.set('cache-status', cacheStatus(result.cache, keepSeconds(c.get('caller'), config.cacheTtlSeconds)));
  return new Response(result.body, { status: result.status, headers });
}

/** RFC 9211 §2. Whether an answer was stored is known only at its end, when this is long gone. */
function cacheStatus({ status, ageSeconds }: RelayResult['cache'], ttlSeconds: number): string {
  switch (status) {
    case 'hit':
      return `Vignette; hit; ttl=${Math.max(0, ttlSeconds - ageSeconds)}`;
    case 'joined':
      return 'Vignette; fwd=uri-miss; collapsed';
    case 'miss':
      return 'Vignette; fwd=uri-miss';
    case 'refresh':
      return 'Vignette; fwd=request';
    case 'bypass':
      return 'Vignette; fwd=bypass';
  }
}
