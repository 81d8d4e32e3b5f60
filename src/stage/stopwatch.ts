/** Time spent in each stage, for `Server-Timing`. In production a Worker's clock moves only with I/O. */

export class Stopwatch {
  readonly #nowMs: () => number;
  readonly #startMs: number;
  readonly #stages = new Map<string, number>();

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
    this.#startMs = nowMs();
  }

  /** Adds the duration of `work` to a stage, also when it fails. */
  async time<T>(stage: string, work: Promise<T>): Promise<T> {
    const startMs = this.#nowMs();
    try {
      return await work;
    } finally {
      this.#stages.set(stage, (this.#stages.get(stage) ?? 0) + this.#nowMs() - startMs);
    }
  }

  /** `Server-Timing` value (W3C Server Timing §3): the stages in order of first use, then the total, in ms. */
  header(): string {
    const entries = [...this.#stages, ['total', this.#nowMs() - this.#startMs] as const];
    return entries.map(([stage, durationMs]) => `${stage};dur=${durationMs}`).join(', ');
  }
}
