/** The Durable Object behind an idempotency key, one an API key and idempotency key: whether its request is at work, and what it was answered. */
import { DurableObject } from 'cloudflare:workers';
import { KEEP_MS, type KeptAnswer, LEASE_MS, RESTART_GRACE_MS, withoutBody } from '../../core/idempotency/answer.ts';
import { RpcSession } from '../rpc-session.ts';

export type Begun =
  | { readonly state: 'run'; readonly token: string; readonly session: RpcSession }
  | { readonly state: 'replay'; readonly answer: KeptAnswer }
  | { readonly state: 'mismatch' | 'running' };

/** What is stored, in one row. */
type Known = { readonly fingerprint: string; readonly untilMs: number } & (
  { readonly state: 'running'; readonly token: string } | { readonly state: 'done'; readonly answer: KeptAnswer }
);

/** Stored: `known` ({@link Known}), until its alarm. */
export class Idempotency extends DurableObject {
  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    super(ctx, env);
    const known = this.#known();
    // Its session broke with the object that ended, so nothing but time can tell whether it lives.
    if (known?.state === 'running') this.#remember({ ...known, untilMs: Math.min(known.untilMs, Date.now() + RESTART_GRACE_MS) });
  }

  begin(fingerprint: string): Begun {
    const known = this.#known();
    if (known === undefined || known.untilMs <= Date.now()) {
      const token = crypto.randomUUID();
      this.#remember({ state: 'running', fingerprint, token, untilMs: Date.now() + LEASE_MS });
      return { state: 'run', token, session: new RpcSession(() => this.release(token)) };
    }
    if (known.fingerprint !== fingerprint) return { state: 'mismatch' };
    return known.state === 'running' ? { state: 'running' } : { state: 'replay', answer: known.answer };
  }

  /** Writes the answer down, unless another request has taken over and may answer otherwise. */
  finish(token: string, answer: KeptAnswer): void {
    const known = this.#known();
    if (known?.state !== 'running' || known.token !== token) return;
    this.#remember({ state: 'done', fingerprint: known.fingerprint, answer, untilMs: Date.now() + KEEP_MS });
  }

  release(token: string): void {
    const known = this.#known();
    if (known?.state === 'running' && known.token === token) this.#remove();
  }

  /** Drops the body of the answer. A request that is at work is asked by the index whether it may keep one. */
  forget(): void {
    const known = this.#known();
    if (known?.state !== 'done') return;
    this.#remember({ ...known, answer: withoutBody(known.answer) });
  }

  override alarm(): void {
    const known = this.#known();
    if (known === undefined || known.untilMs <= Date.now()) this.#remove();
    else this.#remember(known);
  }

  #known(): Known | undefined {
    return this.ctx.storage.kv.get<Known>('known');
  }

  #remember(known: Known): void {
    this.ctx.storage.kv.put('known', known);
    void this.ctx.storage.setAlarm(known.untilMs);
  }

  #remove(): void {
    this.ctx.storage.kv.delete('known');
    void this.ctx.storage.deleteAlarm();
  }
}
