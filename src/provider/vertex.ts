/** The Worker with this provider beside the Anthropic API; `main` in wrangler.toml names it where `PROVIDER` is "vertex". */
import { vertexProvider } from '../adapter/upstream/vertex.ts';
import { createEntrypoint, createImageIndex, createWorker } from '../index.ts';

export * from '../index.ts';
export const ImageIndex = createImageIndex({ vertex: vertexProvider });
export const Vignette = createEntrypoint({ vertex: vertexProvider });
export default createWorker({ vertex: vertexProvider });
