/** The Worker with this provider beside the Anthropic API; `main` in wrangler.toml names it where `PROVIDER` is "bedrock". */
import { bedrockProvider } from '../adapter/upstream/bedrock.ts';
import { createImageIndex, createWorker } from '../index.ts';

export * from '../index.ts';
export const ImageIndex = createImageIndex({ bedrock: bedrockProvider });
export default createWorker({ bedrock: bedrockProvider });
