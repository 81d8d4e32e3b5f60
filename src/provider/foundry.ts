/** The Worker with this provider beside the Anthropic API; `main` in wrangler.toml names it where `PROVIDER` is "foundry". */
import { foundryProvider } from '../adapter/upstream/foundry.ts';
import { createWorker } from '../index.ts';

export * from '../index.ts';
export default createWorker({ foundry: foundryProvider });
