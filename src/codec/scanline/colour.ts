/** What a file says about its colours, and the tables with which the module converts them to sRGB. */
import { readIccProfile } from '../../core/image/colour/icc.ts';
import { readJpegColour } from '../../core/image/colour/jpeg.ts';
import { readPngColour } from '../../core/image/colour/png.ts';
import { encodingTable, lightTable, type SourceColour, SRGB } from '../../core/image/colour/space.ts';
import { readWebpColour } from '../../core/image/colour/webp.ts';
import type { ImageInfo } from '../../core/image/info.ts';
import type { Transcoded } from '../../port/codec.ts';

/** Exports of `wasm/resample/rgba-colour.ts`. */
export interface ColourExports {
  readonly memory: WebAssembly.Memory;
  colourTables(): number;
  colourConvert(rgba: number, pixels: number): void;
}

/** Bytes of a profile in a PNG once it is inflated; those of displays and cameras have some kilobytes. */
const INFLATED_BYTES_MAX = 1024 * 1024;

/** Reads headers, and in a PNG the compressed profile. Broken profiles count as none; nothing is thrown. */
export async function readSourceColour(bytes: Uint8Array<ArrayBuffer>, info: ImageInfo): Promise<SourceColour> {
  switch (info.format) {
    case 'jpeg':
      return readJpegColour(bytes);
    case 'webp':
      return readWebpColour(bytes);
    case 'png': {
      const found = readPngColour(bytes);
      if (found.kind === 'known') return found.colour;
      const profile = await inflate(found.bytes);
      return profile === undefined ? SRGB : readIccProfile(profile, info.colourModel === 'gray' ? 1 : 3);
    }
    // Formats whose files bring no profile that is applied here.
    default:
      return SRGB;
  }
}

/** zlib data inflated, or `undefined` when they are broken or become larger than `INFLATED_BYTES_MAX`. */
async function inflate(compressed: Uint8Array): Promise<Uint8Array | undefined> {
  const source = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      controller.enqueue(compressed.slice(0, INFLATED_BYTES_MAX));
      controller.close();
    },
  });
  const reader = source.pipeThrough(new DecompressionStream('deflate')).getReader();
  const profile = new Uint8Array(INFLATED_BYTES_MAX);
  let length = 0;
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      if (length + part.value.length > INFLATED_BYTES_MAX) {
        await reader.cancel();
        return undefined;
      }
      profile.set(part.value, length);
      length += part.value.length;
    }
  } catch {
    // A checksum or an end that is missing does not spoil what has come.
  }
  return length === 0 ? undefined : profile.subarray(0, length);
}

/** Allocates and fills the module's tables, above what is in use. False when memory is short. */
export function placeColourTables(exports: ColourExports, colour: SourceColour & { readonly kind: 'rgb' }): boolean {
  const address = exports.colourTables();
  if (address === 0) return false;
  const light = new Uint8Array(lightTable(colour).buffer);
  const memory = new Uint8Array(exports.memory.buffer, address);
  memory.set(light);
  memory.set(encodingTable(), light.length);
  return true;
}

/** What the caller is told when colours are not exactly those that the file means. */
export function colourWarnings(colour: SourceColour): Transcoded['warnings'] {
  const code = 'colour_approximated';
  if (colour.kind === 'unknown') return [{ code, message: `The file has ${colour.reason}, which is not applied; its colours may differ a little.` }];
  if (colour.kind !== 'rgb' || colour.approximation === undefined) return [];
  return [{ code, message: `The colours were brought to sRGB, but ${colour.approximation}.` }];
}
