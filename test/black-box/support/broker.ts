/**
 * Running services for the tests that go over HTTP, started once for a whole run and not once a file: a start costs seconds of CPU. Each worker of
 * Vitest has one of its own, because what a test sets in the simulator holds for every request that reaches it; files of a worker run one after another.
 */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { TestProject } from 'vitest/node';
// @ts-expect-error -- a script without types
import { startStack } from '../../../scripts/local/stack.mjs';
import { originOf, startOrigin } from './origin.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where a worker asks for its service, by its number. */
    brokerUrl: string;
  }
}

/** More than there are files: each file is a tenant of its own, to which nothing is known that another has done. */
const TENANTS = 50;

/** What a file is lent. */
export interface Lent {
  readonly url: string;
  readonly key: string;
  readonly simulatorUrl: string;
  /** Folder of the local state, for the command line. */
  readonly state: string;
  /** Serves the samples, and is allowed as a source. */
  readonly origin: string;
}

interface Service {
  readonly stack: Omit<Lent, 'key' | 'origin'> & { readonly stop: () => Promise<void> };
  readonly keys: string[];
}

/** Global set-up of Vitest: nothing is started before a file asks. */
export default async function broker({ provide }: TestProject): Promise<() => Promise<void>> {
  const services = new Map<string, Promise<Service>>();
  const pictures = await startOrigin();
  const origin = originOf(pictures);

  async function lend(worker: string): Promise<Lent> {
    const starting = services.get(worker) ?? start(origin);
    services.set(worker, starting);
    const { stack, keys } = await starting;
    const key = keys.pop();
    if (key === undefined) throw new Error(`A service has ${TENANTS} keys, and all are lent. Start the tests again.`);
    const { url, simulatorUrl, state } = stack;
    await fetch(`${simulatorUrl}/simulator/reset`, { method: 'POST', body: '{}' });
    return { url, key, simulatorUrl, state, origin };
  }

  const server = createServer((request, response) => {
    lend(request.url ?? '').then(
      (lent) => response.end(JSON.stringify(lent)),
      (error: Error) => response.writeHead(500).end(error.message),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  provide('brokerUrl', originOf(server));
  return async () => {
    for (const each of [server, pictures]) {
      each.closeAllConnections();
      each.close();
    }
    await Promise.allSettled([...services.values()].map(async (service) => (await service).stack.stop()));
  };
}

async function start(origin: string): Promise<Service> {
  const keys = Array.from({ length: TENANTS }, () => randomBytes(16).toString('hex'));
  const apiKeys = keys.map((key, index) => `file-${index}:${key}`).join(',');
  return { stack: await startStack({ isTemporary: true, apiKeys, variables: { DEV_ALLOWED_ORIGINS: origin } }), keys };
}
