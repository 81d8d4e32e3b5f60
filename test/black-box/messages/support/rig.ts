/** What these tests run against: the whole service and the simulator behind it, as processes, and an origin for pictures. */
import Anthropic from '@anthropic-ai/sdk';
import { lendService } from '../../support/lent.ts';

/** What the same tests run through. With `THROUGH=all` the simulator is asked directly as well, which proves the tests themselves. */
export const TARGETS = process.env['THROUGH'] === 'all' ? (['direct', 'vignette'] as const) : (['vignette'] as const);

/** A base URL and its key: all that a client is given. */
export interface Target {
  readonly url: string;
  readonly key: string;
}

/** One picture as the simulator saw it. */
export interface SeenImage {
  readonly path: string;
  readonly source: string;
  readonly media_type: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly width: number;
  readonly height: number;
  readonly orientation: number;
  readonly resized: { readonly width: number; readonly height: number };
  readonly image_tokens: number;
  /** Mean colours of the quarters: top left, top right, bottom left, bottom right. */
  readonly quadrants: readonly (readonly [number, number, number])[] | null;
}

/** One request as the simulator saw it. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly status: number | null;
  readonly stream: boolean;
  readonly images: readonly SeenImage[];
  readonly body_bytes: number | null;
  readonly is_cancelled: boolean;
}

export interface Rig {
  /** The service. */
  readonly vignette: Target;
  /** The simulator, called without the service in between. */
  readonly direct: Target;
  /** Where `url` sources point. */
  readonly origin: string;
  /** Queues faults for the next requests that reach the simulator. */
  fault(...faults: unknown[]): Promise<void>;
  /** What reached the simulator since the last reset, newest last. */
  seen(): Promise<SeenRequest[]>;
  reset(): Promise<void>;
  calls(): Promise<number>;
}

/** Everything as `npm start` starts it, lent to one file. */
export async function lendRig(): Promise<Rig> {
  const { url, key, simulatorUrl, origin } = await lendService();
  return { ...rigOf({ url, key }, simulatorUrl), origin };
}

/** A rig of what is running already; pictures have no origin. */
export function rigOf(vignette: Target, simulatorUrl: string): Omit<Rig, 'origin'> {
  const control = async (path: string, body?: unknown): Promise<any> => {
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    const response = await fetch(`${simulatorUrl}/simulator/${path}`, init);
    if (!response.ok) throw new Error(await response.text());
    return response.json();
  };
  return {
    vignette,
    direct: { url: simulatorUrl, key: 'any' },
    fault: (...faults) => control('faults', { faults }),
    seen: async () => (await control('requests')).requests,
    reset: () => control('reset', {}),
    calls: async () => (await control('bill')).total.calls,
  };
}

/** Anthropic's own client with nothing but base URL and key changed. Its retries are off where a test counts calls. */
export function connect(target: Target, maxRetries = 0): Anthropic {
  return new Anthropic({ baseURL: target.url, apiKey: target.key, maxRetries });
}

/** Looks again until it is true, for at most ten seconds. What another process does tells nobody when it is done. */
export async function eventually(isTrue: () => Promise<boolean>): Promise<boolean> {
  for (const startMs = performance.now(); performance.now() - startMs < 10_000;) {
    if (await isTrue()) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}
