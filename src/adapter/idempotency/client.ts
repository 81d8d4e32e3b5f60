/** Idempotency keys over RPC to their objects. */
import { Fault } from '../../core/fault.ts';
import type { IdempotencyStore } from '../../port/idempotency.ts';
import type { Idempotency } from './object.ts';
import { IDEMPOTENCY_PREFIX } from '../../core/stored/version.ts';

/** An object that restarts cuts its callers off; the new one knows what was written down. */
const ATTEMPTS_MAX = 3;
const RETRY_AFTER_SECONDS = 2;

/** `report` gets failures that are not the caller's concern. */
export function idempotencyClient(namespace: DurableObjectNamespace<Idempotency>, report: (event: string, error: unknown) => void): IdempotencyStore {
  const objectOf = (name: string) => namespace.get(namespace.idFromName(name));
  return {
    async begin(owner, key, fingerprint) {
      const name = `${IDEMPOTENCY_PREFIX}${owner} ${key}`;
      const object = () => objectOf(name);
      const begun = await attempt(async () => await object().begin(fingerprint));
      if (begun.state === 'replay') return { kind: 'replay', answer: begun.answer };
      if (begun.state !== 'run') return { kind: begun.state };
      const { token } = begun;
      return {
        kind: 'run',
        name,
        async finish(answer) {
          try {
            await attempt(async () => await object().finish(token, answer));
            return true;
          } catch (error) {
            report('idempotency_write_failed', error);
            return false;
          } finally {
            begun[Symbol.dispose]();
          }
        },
        // The end of the session is the message.
        release: () => begun[Symbol.dispose](),
      };
    },

    forget: (name) => attempt(async () => await objectOf(name).forget()),
  };
}

/** @throws overloaded: without the object a request that was carried out might be carried out again */
async function attempt<T>(call: () => Promise<T>): Promise<T> {
  for (let attempts = 1; ; attempts++) {
    try {
      return await call();
    } catch (cause) {
      if (attempts >= ATTEMPTS_MAX) {
        throw new Fault('overloaded', `The Idempotency-Key cannot be looked up at this moment. Try again in ${RETRY_AFTER_SECONDS} s.`, {
          cause,
          retryAfterSeconds: RETRY_AFTER_SECONDS,
        });
      }
    }
  }
}
