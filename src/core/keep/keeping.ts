/** What may be kept of a request, and for how long: what its key allows, or less where the request asks for less. */
import { Fault } from '../fault.ts';
import { type Caller, STORE_MODES, type StoreMode } from '../key/caller.ts';

const DAY_SECONDS = 86_400;

/**
 * The caller as this request wants to be treated. @throws forbidden (it asks to keep more than its key allows)
 */
export function callerKeeping(caller: Caller, asked: StoreMode | undefined): Caller {
  if (asked === undefined || asked === caller.store) return caller;
  if (STORE_MODES.indexOf(asked) > STORE_MODES.indexOf(caller.store)) {
    throw new Fault('forbidden', `"store": "${asked}" keeps more than this key allows, which is "${caller.store}". Ask for that or less, or leave it out.`, {
      param: 'store',
    });
  }
  return { ...caller, store: asked };
}

/** Whether anything at all may be kept that says this picture was here: hashes, facts of its header, addresses as hashes. */
export function keepsHashes({ store }: Pick<Caller, 'store'>): boolean {
  return store !== 'none';
}

/** Whether answers may be kept. */
export function keepsResults({ store }: Pick<Caller, 'store'>): boolean {
  return store === 'result' || store === 'image';
}

/** @throws forbidden (the key or the request does not let pictures be kept) */
export function requireImageKeeping({ store }: Pick<Caller, 'store'>): void {
  if (store === 'image') return;
  throw new Fault('forbidden', `Images are not stored for this key: it keeps "${store}", and storing needs "image". Send the picture with each request.`, {
    param: 'image',
  });
}

/** Seconds for which something may stay: as configured, or what is left to the caller's own bound. */
export function keepSeconds({ retentionDays }: Pick<Caller, 'retentionDays'>, configuredSeconds: number): number {
  return retentionDays === undefined ? configuredSeconds : Math.min(configuredSeconds, retentionDays * DAY_SECONDS);
}

/** When an original is to be removed, in milliseconds since 1970; `undefined`: when it is asked for. */
export function imageExpiryMs({ retentionDays }: Pick<Caller, 'retentionDays'>, nowMs: number): number | undefined {
  return retentionDays === undefined ? undefined : nowMs + retentionDays * DAY_SECONDS * 1000;
}
