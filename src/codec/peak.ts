/** Counts what one transcode holds, so that its memory plan can be held against what really happened. */

export interface PeakCounter {
  hold(bytes: number): void;
  drop(bytes: number): void;
  readonly peakBytes: number;
}

export function peakCounter(): PeakCounter {
  let held = 0;
  let peak = 0;
  return {
    hold(bytes) {
      held += bytes;
      peak = Math.max(peak, held);
    },
    drop(bytes) {
      held -= bytes;
    },
    get peakBytes() {
      return peak;
    },
  };
}
