import type { Decoders } from './image/decode.ts';

/** What a caller may choose; everything has a default. */
export interface SimulatorOptions {
  /** Compiled decoders. Without them images are checked by their headers and described by size alone. */
  readonly decoders?: Decoders;
  /** Keys that are let in; without a list, any non-empty key is. */
  readonly apiKeys?: readonly string[];
  /** Downloads url sources and their robots.txt. Default: the global `fetch`. */
  readonly fetch?: (request: Request) => Promise<Response>;
  /** Milliseconds since the epoch. Default: `Date.now`. */
  readonly now?: () => number;
  /** Waits for an injected delay. Default: a timer. */
  readonly sleep?: (ms: number) => Promise<void>;
  /** Requests of a batch that are worked off each time its state is asked for. Default 100. */
  readonly batchStep?: number;
}

/** The options with every default filled in. */
export interface Settings {
  readonly decoders: Decoders | undefined;
  readonly apiKeys: readonly string[] | undefined;
  readonly fetch: (request: Request) => Promise<Response>;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly batchStep: number;
}

/** Fills in the defaults. */
export function settle(options: SimulatorOptions): Settings {
  return {
    decoders: options.decoders,
    apiKeys: options.apiKeys,
    fetch: options.fetch ?? ((request) => fetch(request)),
    now: options.now ?? (() => Date.now()),
    sleep: options.sleep ?? ((ms) => new Promise((resolve) => setTimeout(resolve, ms))),
    batchStep: options.batchStep ?? 100,
  };
}
