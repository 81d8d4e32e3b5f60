/** How long a call to the provider may go on when its caller does not wait for it any more. */

/** After the caller has left, for the cache and for others: what a Worker is granted after a response, in milliseconds. */
export const FINISH_MS = 30_000;

export interface Lifetime {
  /** Ends the call. */
  readonly signal: AbortSignal;
  /** Says that the caller is gone, which his connection may say as well. */
  readonly leave: () => void;
}

/** Opens the lifetime of a call; `isFinished`: it goes on for a while after `caller` has aborted. */
export function openLifetime(isFinished: boolean, caller: AbortSignal): Lifetime {
  const controller = new AbortController();
  const leave = () => {
    if (isFinished) setTimeout(() => controller.abort(), FINISH_MS);
    else controller.abort();
  };
  if (caller.aborted) leave();
  else caller.addEventListener('abort', leave, { once: true });
  return { signal: controller.signal, leave };
}
