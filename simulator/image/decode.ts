import jpegGlue from '@jsquash/jpeg/codec/dec/mozjpeg_dec.js';
import webpGlue from '@jsquash/webp/codec/dec/webp_dec.js';
import { decodeGif } from './decode-gif.ts';
import { decodePng } from './decode-png.ts';
import type { ImageHeader } from './header.ts';
import type { Pixels } from './pixels.ts';

/** The compiled decoders; the caller imports them, because only its bundler knows how. */
export interface Decoders {
  readonly jpeg: WebAssembly.Module;
  readonly png: WebAssembly.Module;
  readonly webp: WebAssembly.Module;
}

/**
 * What became of a decode. `unsupported` is a legal file that these decoders do not read (CMYK JPEG, animated WebP …);
 * `undecodable` is a damaged one.
 */
export type Decoded = { readonly kind: 'pixels'; readonly pixels: Pixels } | { readonly kind: 'unsupported' } | { readonly kind: 'undecodable' };

/** What an Emscripten factory is told. */
interface FactoryOptions {
  readonly noInitialRun: boolean;
  readonly locateFile: (path: string) => string;
  readonly print: () => void;
  readonly printErr: () => void;
  readonly instantiateWasm: (imports: WebAssembly.Imports, ready: (instance: WebAssembly.Instance) => void) => WebAssembly.Exports;
}

type Factory<Arguments extends unknown[]> = (options: FactoryOptions) => Promise<{ decode(bytes: Uint8Array, ...rest: Arguments): Pixels | null }>;

// The published types say that `ready` takes a module; the generated code takes the instance.
const jpegFactory = jpegGlue as unknown as Factory<[keepsOrientation: boolean]>;
const webpFactory = webpGlue as unknown as Factory<[]>;

/**
 * Decodes the first frame, orientation not applied. Every call instantiates its decoder anew: a mozjpeg instance that
 * has met some dozens of broken files answers good ones wrongly (platform notes, "jSquash").
 */
export async function decodeImage(bytes: Uint8Array, header: ImageHeader, decoders: Decoders): Promise<Decoded> {
  if (header.isBeyondDecoders) return { kind: 'unsupported' };
  const pixels = await attempt(() => decode(bytes, header, decoders));
  return pixels === undefined ? { kind: 'undecodable' } : { kind: 'pixels', pixels };
}

async function decode(bytes: Uint8Array, header: ImageHeader, decoders: Decoders): Promise<Pixels | undefined> {
  switch (header.mediaType) {
    case 'image/jpeg': {
      const decoder = await jpegFactory(freshInstance(decoders.jpeg));
      return decoder.decode(bytes, false) ?? undefined;
    }
    case 'image/webp': {
      const decoder = await webpFactory(freshInstance(decoders.webp));
      return decoder.decode(bytes) ?? undefined;
    }
    case 'image/png':
      return decodePng(bytes, decoders.png);
    case 'image/gif':
      return decodeGif(bytes);
  }
}

/** A decoder says "damaged" by throwing or trapping; what it threw tells a client of the API nothing. */
async function attempt(run: () => Promise<Pixels | undefined>): Promise<Pixels | undefined> {
  try {
    return await run();
  } catch {
    return undefined;
  }
}

/** Options that make an Emscripten factory use a compiled module, and keep its complaints out of the log. */
function freshInstance(module: WebAssembly.Module): FactoryOptions {
  return {
    noInitialRun: true,
    locateFile: (path: string) => path,
    print: () => undefined,
    printErr: () => undefined,
    instantiateWasm: (imports: WebAssembly.Imports, ready: (instance: WebAssembly.Instance) => void): WebAssembly.Exports => {
      const instance = new WebAssembly.Instance(module, imports);
      ready(instance);
      return instance.exports;
    },
  };
}
