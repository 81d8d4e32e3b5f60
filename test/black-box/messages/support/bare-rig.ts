/** A rig without the development proxy of wrangler, for what must notice that a client leaves, as production does. */
// @ts-expect-error -- a script without types
import { startBare } from '../../../../scripts/local/bare.mjs';
import { rigOf, type Target } from './rig.ts';

const KEY = 'key-of-the-tests-0123456789';

/** What its file has to stop. */
interface Stoppable {
  stop(): Promise<void>;
}

/** Starts the service and the simulator. */
export async function startBareRig(): Promise<ReturnType<typeof rigOf> & Stoppable> {
  const simulator = await startBare({ configPath: 'simulator/wrangler.toml' });
  const service = await startBareService(simulator.url);
  const stop = async (): Promise<void> => void (await Promise.all([service.stop(), simulator.stop()]));
  return { ...rigOf(service, simulator.url), stop };
}

/** Starts the service alone, before an upstream that runs already. */
export async function startBareService(upstreamUrl: string): Promise<Target & Stoppable> {
  const variables = { ENVIRONMENT: 'development', ANTHROPIC_BASE_URL: upstreamUrl, VIGNETTE_API_KEYS: `tests:${KEY}` };
  const { url, stop } = await startBare({ configPath: 'test/wrangler.toml', variables });
  return { url, key: KEY, stop };
}
