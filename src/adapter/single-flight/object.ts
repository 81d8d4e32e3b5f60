/**
 * The Durable Object behind a flight, one a key. It hands out leadership, lets followers wait, and keeps the outcome
 * for a moment; the work itself is done by the request that leads, since pictures are large and calls are long.
 * Promises shared between requests are safe here: they belong to the object and not to one of the requests.
 */
import { DurableObject } from 'cloudflare:workers';
import { LEASE_MS, OUTCOME_CHARACTERS_MAX, RESTART_GRACE_MS, WAIT_MS_MAX, WAITERS_MAX } from '../../core/flight/limit.ts';
import type { FlightOutcome } from '../../core/flight/outcome.ts';
import { RpcSession } from '../rpc-session.ts';

/** The right to lead, handed out and handed back. The epoch is the time between two `forget()`s in which it began. */
export interface Leadership {
  readonly token: string;
  readonly epoch: string;
}

/** What a request that joins is told, at once or when its turn has come. */
export type Joined =
  | { readonly role: 'lead'; readonly leadership: Leadership; readonly session: RpcSession }
  | { readonly role: 'landed'; readonly outcome: FlightOutcome; readonly isKept: boolean }
  | { readonly role: 'refused'; readonly reason: 'full' | 'late' };

interface Leader extends Leadership {
  readonly leaseUntilMs: number;
}

interface Kept {
  readonly outcome: FlightOutcome;
  readonly keptUntilMs: number;
}

/** Stored: `leader` ({@link Leader}) while somebody leads, `kept` ({@link Kept}) after the landing; both end by alarm. */
export class SingleFlight extends DurableObject {
  #leader: Leader | undefined;
  #kept: Kept | undefined;
  /** One that is not known any more, after a restart, counts as an earlier one. */
  #epoch: string;
  /** Those who wait, in their order, each with the leader whose outcome is theirs. */
  readonly #waiters = new Map<(joined: Joined) => void, Leadership>();

  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    super(ctx, env);
    this.#kept = ctx.storage.kv.get<Kept>('kept');
    const leader = ctx.storage.kv.get<Leader>('leader');
    this.#epoch = leader?.epoch ?? crypto.randomUUID();
    // Its session broke with the object that ended, so nothing but time can tell whether it lives.
    if (leader !== undefined) this.#setLeader({ ...leader, leaseUntilMs: Math.min(leader.leaseUntilMs, Date.now() + RESTART_GRACE_MS) });
  }

  /** Leads, waits or takes what is kept. `takesKept: false` waits for what flies, but takes nothing that landed before. */
  join({ takesKept }: { readonly takesKept: boolean }): Joined | Promise<Joined> {
    const nowMs = Date.now();
    if (takesKept && this.#kept !== undefined && this.#kept.keptUntilMs > nowMs) return { role: 'landed', outcome: this.#kept.outcome, isKept: true };
    if (this.#leader !== undefined && this.#leader.leaseUntilMs <= nowMs) this.abandon(this.#leader);
    const leader = this.#leader;
    if (leader === undefined) return this.#lead();
    if (this.#waiters.size >= WAITERS_MAX) return { role: 'refused', reason: 'full' };
    return new Promise((resolve) => {
      const settle = (joined: Joined): void => {
        clearTimeout(timer);
        this.#waiters.delete(settle);
        resolve(joined);
      };
      const timer = setTimeout(() => settle({ role: 'refused', reason: 'late' }), WAIT_MS_MAX);
      this.#waiters.set(settle, leader);
    });
  }

  /**
   * Hands in the outcome: written down for `keepMs`, then given to those who wait. A result is welcome from a leader whose
   * lease has passed, too; a failure of such a one is not, since another is at work. Of an earlier epoch it is for those
   * alone who came before the `forget()`, as their leader did: nobody who came after it gets it, and it is not kept.
   */
  land({ token, epoch }: Leadership, outcome: FlightOutcome, keepMs: number): void {
    const leads = this.#leader?.token === token;
    const isResult = outcome.kind === 'result';
    if (leads) this.#setLeader(undefined);
    if (keepMs > 0 && epoch === this.#epoch && (leads || isResult)) this.#setKept({ outcome, keptUntilMs: Date.now() + keepMs });
    for (const [settle, followed] of this.#waiters) {
      if (followed.token === token || (isResult && followed.epoch === epoch)) settle({ role: 'landed', outcome, isKept: false });
    }
    this.#setAlarm();
  }

  /** Gives up leadership without an outcome: the next in line leads, or those who followed wait for the one who leads by now. */
  abandon({ token }: Leadership): void {
    if (this.#leader?.token === token) this.#setLeader(undefined);
    for (const [settle, followed] of this.#waiters) {
      if (followed.token !== token) continue;
      if (this.#leader === undefined) settle(this.#lead());
      else this.#waiters.set(settle, this.#leader);
    }
  }

  /** Drops what is kept, and begins another epoch: whoever comes now gets nothing that was asked for before. */
  forget(): void {
    this.#epoch = crypto.randomUUID();
    this.#setKept(undefined);
    this.#setLeader(undefined);
  }

  /** A lease or what is kept has ended. */
  override alarm(): void {
    const nowMs = Date.now();
    if (this.#kept !== undefined && this.#kept.keptUntilMs <= nowMs) this.#setKept(undefined);
    if (this.#leader !== undefined && this.#leader.leaseUntilMs <= nowMs) this.abandon(this.#leader);
    this.#setAlarm();
  }

  #lead(): Joined {
    const leadership = { token: crypto.randomUUID(), epoch: this.#epoch };
    this.#setLeader({ ...leadership, leaseUntilMs: Date.now() + LEASE_MS });
    return { role: 'lead', leadership, session: new RpcSession(() => this.abandon(leadership)) };
  }

  #setLeader(leader: Leader | undefined): void {
    this.#leader = leader;
    if (leader === undefined) this.ctx.storage.kv.delete('leader');
    else this.ctx.storage.kv.put('leader', leader);
    this.#setAlarm();
  }

  #setKept(kept: Kept | undefined): void {
    this.#kept = kept;
    if (kept !== undefined && charactersOf(kept.outcome) <= OUTCOME_CHARACTERS_MAX) this.ctx.storage.kv.put('kept', kept);
    else this.ctx.storage.kv.delete('kept');
  }

  /** To the next end; none is left when nothing is stored. */
  #setAlarm(): void {
    const endsMs = [this.#leader?.leaseUntilMs, this.#kept?.keptUntilMs].filter((ms) => ms !== undefined);
    if (endsMs.length === 0) void this.ctx.storage.deleteAlarm();
    else void this.ctx.storage.setAlarm(Math.min(...endsMs));
  }
}

function charactersOf(outcome: FlightOutcome): number {
  return outcome.kind === 'result' ? outcome.result.length : outcome.fault.message.length;
}
