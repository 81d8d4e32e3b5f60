// @ts-expect-error -- a script without types
import { buildCodec } from '../../scripts/codec.mjs';

/** Global set-up of Vitest: tests run on the codec of the sources as they are. */
export default async function codec(): Promise<void> {
  await buildCodec();
}
