/** `Idempotency-Key`: a request that is sent again is carried out once, and answered as the first time. */
import { createMiddleware } from 'hono/factory';
import { keepsResults } from '../../core/keep/keeping.ts';
import { ANSWER_BYTES_MAX, isFinal, KEEP_MS, type KeptAnswer, keptHeaders, withoutBody } from '../../core/idempotency/answer.ts';
import { type BodyFacts, fingerprintText } from '../../core/idempotency/fingerprint.ts';
import { readIdempotencyKey } from '../../core/idempotency/key.ts';
import { multipartBoundary, parseMultipart } from '../../core/input/multipart.ts';
import { ERROR_TABLE, Fault } from '../../error.ts';
import type { IdempotentTurn } from '../../port/idempotency.ts';
import { openLineage } from '../../stage/keep/lineage.ts';
import { Pictures } from '../../stage/keep/picture.ts';
import { type ReadBody, readBody } from '../body.ts';
import type { AppContext, AppEnv, AppOptions } from '../context.ts';

type Turn = IdempotentTurn & { readonly kind: 'run' };

/** Routes that spend or store. Others change nothing, or (keys) give what must not be kept. */
const PATHS: ReadonlySet<string> = new Set(['/v1/describe', '/v1/files', '/v1/images', '/v1/jobs', '/v1/messages']);
const RETRY_AFTER_SECONDS = 2;

/** Lets the first request of a key through, keeps its answer for 24 h, and gives it to those that come after. */
export function idempotency(options: AppOptions) {
  const { ports } = options;
  return createMiddleware<AppEnv>(async (c, next) => {
    const header = c.req.header('idempotency-key');
    if (header === undefined || c.req.method !== 'POST' || !PATHS.has(c.req.path)) return next();
    const key = readIdempotencyKey(header);
    const reservation = await ports.ledger.reserve(0);
    try {
      const body = await c.get('stopwatch').time('body', readBody(c, options, reservation, true));
      c.set('body', body);
      // Of the API key, and not of its tenant: another key may not be allowed to have the answer.
      const { tenant, key: keyId } = c.get('caller');
      const turn = await ports.idempotency.begin(`${tenant}:${keyId}`, key, await fingerprint(c, body, options));
      if (turn.kind === 'replay') {
        c.res = replay(turn.answer);
        return;
      }
      if (turn.kind === 'mismatch') throw mismatch();
      if (turn.kind === 'running') throw running();
      // Whoever sends a key may come back for the answer, so it is made whether or not he stays.
      c.set('outlivesCaller', true);
      c.set('pictures', new Pictures(ports.index, tenant, { areMet: keepsResults(c.get('caller')) }));
      const working = carryOut(c, next, turn, options);
      c.executionCtx.waitUntil(working.catch(() => undefined));
      await working;
    } finally {
      reservation.release();
    }
  });
}

async function carryOut(c: AppContext, next: () => Promise<void>, turn: Turn, options: AppOptions): Promise<void> {
  try {
    await next();
  } catch (error) {
    turn.release();
    throw error;
  }
  const { status, body } = c.res;
  if (!isFinal({ status, ...billOf(c) })) {
    turn.release();
    return;
  }
  const answer = { status, headers: keptHeaders(c.res.headers) };
  if (body === null) await turn.finish({ ...answer, body: new Uint8Array() });
  else if (!keepsResults(c.get('caller'))) await turn.finish(withoutBody(answer));
  else if (c.res.headers.get('content-type')?.startsWith('text/event-stream') === true) {
    // Events go out as they come. Should the caller lose them, the key is at work until the last one, and then answered.
    const [theirs, ours] = body.tee();
    c.res = new Response(theirs, c.res);
    c.executionCtx.waitUntil(gather(ours).then((gathered) => keep(answer, gathered, turn, c, options)));
  } else {
    // Written down before it is sent.
    const bytes = new Uint8Array(await new Response(body).arrayBuffer());
    c.res = new Response(bytes, c.res);
    await keep(answer, bytes, turn, c, options);
  }
}

/**
 * Keeps the answer with its body, listed with every picture that the request met, so that deleting one of them makes it forgotten.
 * Without its body where one was deleted meanwhile: that there was an answer stays known.
 */
async function keep(answer: KeptAnswer, body: Uint8Array<ArrayBuffer>, turn: Turn, c: AppContext, { config, ports }: AppOptions): Promise<void> {
  const caller = c.get('caller');
  const pictures = c.get('pictures');
  const { cache } = c.get('record');
  let isWritten = false;
  if (pictures !== undefined && body.length <= ANSWER_BYTES_MAX) {
    const lineage = openLineage(pictures.hashes(), [], { ports, config, caller, tenant: caller.tenant, pictures });
    await lineage.keep([{ kind: 'outcome', name: turn.name }], ports.clock.nowMs() + KEEP_MS, {
      write: () => {
        isWritten = true;
        return turn.finish({ ...answer, body });
      },
      // Where this fails the index sweeps it.
      remove: () => ports.idempotency.forget(turn.name).catch(() => undefined),
      isCopy: cache === 'hit' || cache === 'joined',
    });
  }
  if (!isWritten) await turn.finish(withoutBody(answer));
}

/** All of a stream up to where it ends or breaks off. Once it is too large to be kept, the rest is read and dropped. */
async function gather(stream: ReadableStream<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of stream) {
      if (length <= ANSWER_BYTES_MAX) chunks.push(chunk);
      length += chunk.length;
    }
  } catch {
    // What was billed is kept as far as it came: its repeat breaks off there, too.
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

/** Of a fault it is known; of an answer that was passed on from the API its status tells. */
function billOf(c: AppContext): { readonly isBilled: boolean; readonly isRetryable: boolean } {
  if (c.error instanceof Fault) return { isBilled: c.error.billed, isRetryable: c.error.retryable ?? ERROR_TABLE[c.error.code].retryable };
  return { isBilled: c.res.status === 504, isRetryable: c.res.status >= 500 };
}

async function fingerprint(c: AppContext, body: ReadBody, { ports }: AppOptions): Promise<string> {
  const { pathname, search } = new URL(c.req.url);
  const type = c.req.header('content-type') ?? '';
  const boundary = /^multipart\/form-data\b/i.test(type) ? multipartBoundary(type) : undefined;
  const sha256 = body.sha256 ?? (await ports.sha256(body.bytes));
  const facts: BodyFacts =
    boundary === undefined
      ? { kind: 'bytes', type, sha256 }
      : {
          kind: 'parts',
          parts: await Promise.all(parseMultipart(body.bytes, boundary).map(async ({ bytes, ...part }) => ({ ...part, sha256: await ports.sha256(bytes) }))),
        };
  return ports.sha256(fingerprintText({ method: c.req.method, path: pathname, query: search, headers: c.req.raw.headers, body: facts }));
}

function replay({ status, headers, body }: KeptAnswer): Response {
  if (body === undefined) {
    throw new Fault(
      'idempotency_conflict',
      `This Idempotency-Key was answered before, with status ${status}, and that answer is not kept. Use a new key to ask anew; what is in the cache costs nothing.`,
      { param: 'idempotency-key', retryable: false },
    );
  }
  const response = new Response(body.length === 0 && status === 204 ? null : body, {
    status,
    headers,
  });
  response.headers.set('idempotent-replayed', 'true');
  return response;
}

function mismatch(): Fault {
  return new Fault('idempotency_mismatch', 'This Idempotency-Key was used within 24 h for another request. Use a new key for a new request.', {
    param: 'idempotency-key',
  });
}

function running(): Fault {
  return new Fault('idempotency_conflict', `A request with this Idempotency-Key is still at work. Try again in ${RETRY_AFTER_SECONDS} s.`, {
    param: 'idempotency-key',
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}
