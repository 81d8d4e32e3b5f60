/** Which kind of file the bytes are: decided by magic bytes alone, never by a name or a header. */
import { type ForeignFile, recogniseForeign } from './foreign.ts';
import { FORMAT_ROWS, type ReadableFormat } from './format.ts';

export type Recognised = { readonly kind: 'image'; readonly format: ReadableFormat } | { readonly kind: 'foreign'; readonly file: ForeignFile } | undefined;

/**
 * Recognises a file by its first bytes (at most 512 are looked at). `undefined`: nothing known.
 * Cost: constant.
 */
export function recogniseFile(bytes: Uint8Array): Recognised {
  const image = FORMAT_ROWS.find(([, { recognises }]) => recognises(bytes));
  if (image !== undefined) return { kind: 'image', format: image[0] };
  const file = recogniseForeign(bytes);
  return file === undefined ? undefined : { kind: 'foreign', file };
}
