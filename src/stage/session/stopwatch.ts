/** Time spent in each stage, for `Server-Timing`, the log and the platform's traces. In production a Worker's clock moves only with I/O. */
import type { StartSpan } from '../../port/trace.ts';
import type { Place } from '../../port/door.ts';

/** Stages in which others are at work: the caller who sends the body, the image's server, Claude, the request that asks Claude for this one. */
const WAITING: ReadonlySet<string> = new Set(['body', 'fetch', 'model', 'flight']);
/** Those of them in which nothing is done here; the bytes of a body come through us. */
const AWAY: ReadonlySet<string> = new Set(['fetch', 'model', 'flight']);

export class Stopwatch {
  /** The request's place behind the door, where it has one: free for others while it waits. */
  place: Place | undefined;
  readonly #nowMs: () => number;
  readonly #startSpan: StartSpan | undefined;
  readonly #startMs: number;
  readonly #stages = new Map<string, number>();

  /** `startSpan` only where the request's trace is kept. */
  constructor(nowMs: () => number, startSpan?: StartSpan) {
    this.#nowMs = nowMs;
    this.#startSpan = startSpan;
    this.#startMs = nowMs();
  }

  /** Adds the duration of `work` to a stage, also when it fails, and makes it a span of the trace. */
  async time<T>(stage: string, work: Promise<T>): Promise<T> {
    const startMs = this.#nowMs();
    const endSpan = this.#startSpan?.(stage);
    const place = AWAY.has(stage) ? this.place : undefined;
    place?.pause();
    try {
      return await work;
    } finally {
      endSpan?.();
      place?.resume();
      this.#stages.set(stage, (this.#stages.get(stage) ?? 0) + this.#nowMs() - startMs);
    }
  }

  /** Milliseconds since the start. */
  totalMs(): number {
    return this.#nowMs() - this.#startMs;
  }

  /** Milliseconds of the total in which nobody else was waited for: what this service adds. */
  overheadMs(): number {
    let waitedMs = 0;
    for (const [stage, durationMs] of this.#stages) if (WAITING.has(stage)) waitedMs += durationMs;
    // Stages may overlap, e.g. two downloads at once.
    return Math.max(0, this.totalMs() - waitedMs);
  }

  /** Milliseconds by stage, in order of first use. */
  stagesMs(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#stages);
  }

  /** `Server-Timing` value (W3C Server Timing §3): the stages in order of first use, the total, and what of it is ours, in ms. */
  header(): string {
    let header = '';
    for (const [stage, durationMs] of this.#stages) header += `${stage};dur=${durationMs}, `;
    return `${header}total;dur=${this.totalMs()}, overhead;dur=${this.overheadMs()}`;
  }
}
