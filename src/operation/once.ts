/**
 * A request that is carried out once, however often it is sent: the first of its key is let through and its answer is kept for 24 h, for
 * those that come after it.
 */
import { keepsResults } from '../core/keep/keeping.ts';
import { ANSWER_BYTES_MAX, isFinal, KEEP_MS, type KeptAnswer, withoutBody } from '../core/idempotency/answer.ts';
import type { Caller } from '../core/key/caller.ts';
import { ERROR_TABLE, Fault } from '../error.ts';
import type { IdempotentTurn } from '../port/idempotency.ts';
import type { Reservation } from '../port/memory.ts';
import { openLineage } from '../stage/keep/lineage.ts';
import { Pictures } from '../stage/session/picture.ts';
import type { Actor } from './actor.ts';
import type { Part } from './perform.ts';

/** What the entrance knows of a request that is to be carried out once. */
export interface Once<Answer> {
  /** The caller's own name for it. @throws invalid_request */
  readonly key: () => string;
  /** Two requests with the same are the same in everything that can change the answer. Reads the body. */
  readonly fingerprint: (hold: Reservation) => Promise<string>;
  /** What can be kept of an answer. */
  readonly open: (answer: Answer) => KeptAnswer & { readonly stream: ReadableStream<Uint8Array> | null; readonly isEvents: boolean };
  /** The same answer with this body in place of the one that was read. */
  readonly withBody: (answer: Answer, body: BodyInit) => Answer;
  /** An answer that was kept. */
  readonly replay: (kept: KeptAnswer & { readonly body: Uint8Array<ArrayBuffer> }) => Answer;
}

interface Wire<Answer> {
  readonly once?: Once<Answer> | undefined;
  readonly refuse: (error: unknown) => Answer;
}

type Turn = IdempotentTurn & { readonly kind: 'run' };

const RETRY_AFTER_SECONDS = 2;

/** Runs `work` for the first request of a key, or at once where there is no key. @throws idempotency_conflict, idempotency_mismatch; what `work` throws */
export async function carryOutOnce<Answer>(
  { once, refuse }: Wire<Answer>,
  actor: Actor,
  hold: Reservation,
  work: (part: Part) => Promise<Answer>,
): Promise<Answer> {
  const { caller, service } = actor;
  const { ports } = service;
  if (once === undefined) return work({ pictures: new Pictures(ports.index, caller.tenant, { areMet: false }), outlivesCaller: false, caller });
  const key = once.key();
  // Of the API key, and not of its tenant: another key may not be allowed to have the answer.
  const turn = await ports.idempotency.begin(`${caller.tenant}:${caller.key}`, key, await once.fingerprint(hold));
  if (turn.kind === 'replay') return replay(turn.answer, once);
  if (turn.kind === 'mismatch') throw mismatch();
  if (turn.kind === 'running') throw running();
  // Whoever sends a key may come back for the answer, so it is made whether or not they stay.
  const part = { pictures: new Pictures(ports.index, caller.tenant, { areMet: keepsResults(caller) }), outlivesCaller: true, caller };
  const working = carryOut(once, refuse, turn, actor, part, work);
  actor.afterResponse(working.catch(() => undefined));
  return working;
}

async function carryOut<Answer>(
  once: Once<Answer>,
  refuse: Wire<Answer>['refuse'],
  turn: Turn,
  actor: Actor,
  part: Part,
  work: (part: Part) => Promise<Answer>,
): Promise<Answer> {
  const { answer, fault } = await work(part).then(
    (made) => ({ answer: made, fault: undefined }),
    (error: unknown) => ({ answer: refuse(error), fault: error instanceof Fault ? error : undefined }),
  );
  const { caller, pictures } = part;
  const { status, headers, stream, isEvents } = once.open(answer);
  if (!isFinal({ status, ...billOf(status, fault) })) {
    turn.release();
    return answer;
  }
  const kept = { status, headers };
  const keepBody = (body: Uint8Array<ArrayBuffer>) => keep({ ...kept, body }, turn, { actor, caller, pictures });
  if (stream === null) {
    await turn.finish({ ...kept, body: new Uint8Array() });
    return answer;
  }
  if (!keepsResults(caller)) {
    await turn.finish(withoutBody(kept));
    return answer;
  }
  if (isEvents) {
    // Events go out as they come. Should the caller lose them, the key is at work until the last one, and then answered.
    const [theirs, ours] = stream.tee();
    actor.afterResponse(gather(ours).then(keepBody));
    return once.withBody(answer, theirs);
  }
  // Written down before it is sent.
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  await keepBody(bytes);
  return once.withBody(answer, bytes);
}

/**
 * Keeps the answer with its body, listed with every picture that the request met, so that deleting one of them makes it forgotten.
 * Without its body where one was deleted meanwhile: that there was an answer stays known.
 */
async function keep(
  answer: KeptAnswer & { readonly body: Uint8Array<ArrayBuffer> },
  turn: Turn,
  { actor, caller, pictures }: { readonly actor: Actor; readonly caller: Caller; readonly pictures: Pictures },
): Promise<void> {
  const { config, ports } = actor.service;
  const { cache } = actor.record;
  let isWritten = false;
  if (answer.body.length <= ANSWER_BYTES_MAX) {
    const lineage = openLineage(pictures.hashes(), [], { ports, config, caller, tenant: caller.tenant, pictures });
    await lineage.keep([{ kind: 'outcome', name: turn.name }], ports.clock.nowMs() + KEEP_MS, {
      write: () => {
        isWritten = true;
        return turn.finish(answer);
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
function billOf(status: number, fault: Fault | undefined): { readonly isBilled: boolean; readonly isRetryable: boolean } {
  if (fault !== undefined) return { isBilled: fault.billed, isRetryable: fault.retryable ?? ERROR_TABLE[fault.code].retryable };
  return { isBilled: status === 504, isRetryable: status >= 500 };
}

function replay<Answer>({ status, headers, body }: KeptAnswer, once: Once<Answer>): Answer {
  if (body !== undefined) return once.replay({ status, headers, body });
  throw new Fault(
    'idempotency_conflict',
    `This Idempotency-Key was answered before, with status ${status}, and that answer is not kept. Use a new key to ask anew; what is in the cache costs nothing.`,
    { param: 'idempotency-key', retryable: false },
  );
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
