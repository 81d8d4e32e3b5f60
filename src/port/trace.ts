/** Ports to the clock and to the traces of the platform. */

export interface Clock {
  nowMs(): number;
}

/** Opens a span under that of the request; the result ends it. */
export type StartSpan = (name: string) => () => void;

/** The platform's own traces. */
export interface Tracer {
  /** Marks the request's trace, so that it is found from a log line; `undefined` when this request is not sampled. */
  begin(attributes: Readonly<Record<string, string>>): StartSpan | undefined;
}
