/** A line between a Durable Object and the request that it serves. */
import { RpcTarget } from 'cloudflare:workers';

/** Given to a request, it tells the object when that request ends: the platform disposes it then, however the end came. */
export class RpcSession extends RpcTarget {
  readonly #onEnd: () => void;

  constructor(onEnd: () => void) {
    super();
    this.#onEnd = onEnd;
  }

  [Symbol.dispose](): void {
    this.#onEnd();
  }
}
