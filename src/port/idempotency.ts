/** Requests that are carried out once, however often they are sent. */
import type { KeptAnswer } from '../core/idempotency/answer.ts';

/** What a request with an idempotency key is to do. */
export type IdempotentTurn =
  | {
      /** The first of its key: it is carried out. */
      readonly kind: 'run';
      /** Under which its answer can be forgotten. */
      readonly name: string;
      /** Writes the answer down for later ones. Never rejects; gives whether it stands there. */
      finish(answer: KeptAnswer): Promise<boolean>;
      /** Forgets the key, so that it may be tried again. */
      release(): void;
    }
  | { readonly kind: 'replay'; readonly answer: KeptAnswer }
  /** Another request had this key. */
  | { readonly kind: 'mismatch' }
  /** The first of its key is still at work. */
  | { readonly kind: 'running' };

export interface IdempotencyStore {
  /** `owner`: whose key it is, without a space. `fingerprint` says what the request is. @throws overloaded */
  begin(owner: string, key: string, fingerprint: string): Promise<IdempotentTurn>;
  /**
   * Drops the body of an answer, by the name of its turn. That there was one stays known, so that no repeat is carried out. May be
   * repeated. @throws overloaded
   */
  forget(name: string): Promise<void>;
}
