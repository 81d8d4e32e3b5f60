/** The Worker with this provider beside the Anthropic API; `main` in wrangler.toml names it where `PROVIDER` is "bedrock". */
import { bedrockProvider } from '../adapter/upstream/bedrock.ts';
import { createWorker } from '../index.ts';

export * from '../index.ts';
export default createWorker({ bedrock: bedrockProvider });
