/** How a flight ends for those who did not fly it: the leader's result, or its failure where that is theirs as well. */
import { Fault, type ErrorCode } from '../fault.ts';
import { KEEP_FAULT_MS, KEEP_RESULT_MS } from './limit.ts';

/** A failure as plain data. `image` is the position of the picture that it speaks of. */
export interface SharedFault {
  readonly code: ErrorCode;
  readonly message: string;
  readonly param?: string;
  readonly image?: number;
  readonly retryable?: boolean;
  readonly retryAfterSeconds?: number;
  readonly isLasting: boolean;
}

export type FlightOutcome = { readonly kind: 'result'; readonly result: string } | { readonly kind: 'fault'; readonly fault: SharedFault };

/** Before the call, failures of the leader alone: another key of the tenant may have money, rights or pace left. */
const OWN_CODES: ReadonlySet<ErrorCode> = new Set(['budget_exceeded', 'forbidden', 'rate_limited']);

/** Billed, and the same request would most likely end the same way. */
const LASTING_CODES: ReadonlySet<ErrorCode> = new Set(['model_refused', 'model_truncated']);

/**
 * The failure as all followers get it, or `undefined` when the next of them should try. Whatever may have been billed
 * is shared: another try would be billed again. `params` name the leader's pictures; `hasDeparted`: the call had begun.
 */
export function shareFault(fault: Fault, params: readonly string[], hasDeparted: boolean): SharedFault | undefined {
  if (!hasDeparted && OWN_CODES.has(fault.code)) return undefined;
  const image = fault.param === undefined ? -1 : params.indexOf(fault.param);
  return {
    code: fault.code,
    message: fault.message,
    ...(image >= 0 ? { image } : fault.param === undefined ? {} : { param: fault.param }),
    ...(fault.retryable === undefined ? {} : { retryable: fault.retryable }),
    ...(fault.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: fault.retryAfterSeconds }),
    isLasting: fault.billed && LASTING_CODES.has(fault.code),
  };
}

/** The fault for a follower, said of its own picture. It was not billed: the leader was. */
export function followersFault(shared: SharedFault, params: readonly string[]): Fault {
  const param = shared.image === undefined ? shared.param : params[shared.image];
  return new Fault(shared.code, shared.message, {
    ...(param === undefined ? {} : { param }),
    ...(shared.retryable === undefined ? {} : { retryable: shared.retryable }),
    ...(shared.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: shared.retryAfterSeconds }),
  });
}

/** Milliseconds for which an outcome answers those who come after the landing; 0: not at all. */
export function keepMs(outcome: FlightOutcome): number {
  if (outcome.kind === 'result') return KEEP_RESULT_MS;
  return outcome.fault.isLasting ? KEEP_FAULT_MS : 0;
}
