/** The Worker with this provider beside the Anthropic API; `main` in wrangler.toml names it where `PROVIDER` is "foundry". */
import { foundryProvider } from '../adapter/upstream/foundry.ts';
import { createEntrypoint, createImageIndex, createWorker } from '../index.ts';

export * from '../index.ts';
export const ImageIndex = createImageIndex({ foundry: foundryProvider });
export const Vignette = createEntrypoint({ foundry: foundryProvider });
export default createWorker({ foundry: foundryProvider });
