/** What these tests run against: the whole service and the simulator behind it, as processes, and an origin for pictures. */
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Anthropic from '@anthropic-ai/sdk';
// @ts-expect-error -- a script without types
import { startBare } from '../../../../scripts/local/bare.mjs';
// @ts-expect-error -- a script without types
import { startStack } from '../../../../scripts/local/stack.mjs';

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
  stop(): Promise<void>;
}

/** Starts everything as `npm start` does; `variables` go to the service. */
export async function startRig(variables: Record<string, string> = {}): Promise<Rig> {
  const pictures = await startOrigin();
  const origin = originOf(pictures);
  const stack = await startStack({ isTemporary: true, variables: { DEV_ALLOWED_ORIGINS: origin, ...variables } });
  return rig({ url: stack.url, key: stack.key }, stack.simulatorUrl, pictures, stack.stop);
}

/** Starts everything without the development proxy of wrangler: a client that leaves is noticed, as it is in production. */
export async function startBareRig(variables: Record<string, string> = {}): Promise<Rig> {
  const pictures = await startOrigin();
  const simulator = await startBare({ configPath: 'simulator/wrangler.toml' });
  const key = 'key-of-the-tests-0123456789';
  const settings = {
    ENVIRONMENT: 'development',
    ANTHROPIC_BASE_URL: simulator.url,
    DEV_ALLOWED_ORIGINS: originOf(pictures),
    VIGNETTE_API_KEYS: `tests:${key}`,
  };
  const service = await startBare({ configPath: 'test/wrangler.toml', variables: { ...settings, ...variables } });
  return rig({ url: service.url, key }, simulator.url, pictures, () => Promise.all([service.stop(), simulator.stop()]));
}

function rig(vignette: Target, simulatorUrl: string, pictures: Server, stop: () => Promise<unknown>): Rig {
  const control = async (path: string, body?: unknown): Promise<any> => {
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    const response = await fetch(`${simulatorUrl}/simulator/${path}`, init);
    if (!response.ok) throw new Error(await response.text());
    return response.json();
  };
  return {
    vignette,
    direct: { url: simulatorUrl, key: 'any' },
    origin: originOf(pictures),
    fault: (...faults) => control('faults', { faults }),
    seen: async () => (await control('requests')).requests,
    reset: () => control('reset', {}),
    calls: async () => (await control('bill')).total.calls,
    async stop() {
      pictures.closeAllConnections();
      pictures.close();
      await stop();
    },
  };
}

function originOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
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

const MEDIA_TYPES: Readonly<Record<string, string>> = { jpg: 'image/jpeg', png: 'image/png', gif: 'image/gif', webp: 'image/webp' };

/** The type that a file name stands for. */
export function mediaTypeOf(name: string): Anthropic.Base64ImageSource['media_type'] {
  return (MEDIA_TYPES[name.split('.').at(-1) ?? ''] ?? 'image/jpeg') as Anthropic.Base64ImageSource['media_type'];
}

/** A sample picture's bytes. */
export function sample(name: string): Buffer {
  return readFileSync(new URL(`../../../../public/samples/${name}`, import.meta.url));
}

/** Serves the samples; Claude is kept from those below `/private/`. */
function startOrigin(): Promise<Server> {
  const server = createServer((request, response) => {
    if (request.url === '/robots.txt') return response.writeHead(200, { 'content-type': 'text/plain' }).end('User-agent: *\nDisallow: /private/\n');
    const name = /^\/(?:private\/)?([a-z-]+\.[a-z]+)$/.exec(request.url ?? '')?.[1];
    if (name === undefined) return response.writeHead(404).end();
    response.writeHead(200, { 'content-type': mediaTypeOf(name) }).end(sample(name));
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}
