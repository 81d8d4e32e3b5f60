/** The Worker with this provider beside the Anthropic API; `main` in wrangler.toml names it where `PROVIDER` is "bedrock". */
import { bedrockProvider } from '../adapter/upstream/bedrock.ts';
import { createEntrypoint, createImageIndex, createWorker } from '../index.ts';

export * from '../index.ts';
export const ImageIndex = createImageIndex({ bedrock: bedrockProvider });
export const Vignette = createEntrypoint({ bedrock: bedrockProvider });
export default createWorker({ bedrock: bedrockProvider });
