/**
 * jSquash's Emscripten codecs: JPEG in and out. Each call makes its own instance (1 ms, 16 MB) and drops
 * it: a shared one stops working for good after some dozens of undecodable files, and once gave a wrong picture.
 */
import jpegDecoder, { type MozJPEGModule as JpegDecoder } from '@jsquash/jpeg/codec/dec/mozjpeg_dec.js';
import jpegEncoder, { type MozJPEGModule as JpegEncoder } from '@jsquash/jpeg/codec/enc/mozjpeg_enc.js';
import { defaultOptions } from '@jsquash/jpeg/meta.js';
import { initEmscriptenModule } from '@jsquash/jpeg/utils.js';
import { Fault } from '../../core/fault.ts';
import type { Bitmap } from '../bitmap.ts';
import type { PeakCounter } from '../peak.ts';

/** Decodes a JPEG file as it is stored, orientation not applied. @throws image_undecodable */
export async function decodeJpeg(module: WebAssembly.Module, bytes: Uint8Array<ArrayBuffer>, peak: PeakCounter): Promise<Bitmap> {
  const instance = await instantiate<JpegDecoder>(jpegDecoder, module);
  try {
    const image = present(instance.value.decode(bytes, false));
    const memoryBytes = instance.memory().buffer.byteLength;
    const data = new Uint8Array(image.data.buffer, image.data.byteOffset, image.data.byteLength);
    peak.hold(memoryBytes + data.length);
    peak.drop(memoryBytes);
    return { width: image.width, height: image.height, data };
  } catch (cause) {
    throw new Fault('image_undecodable', 'The JPEG file is damaged. Check that it opens elsewhere, or save it again.', { cause });
  }
}

/** A baseline JPEG; quality 1 to 100, chroma halved on both axes below 90. Alpha is ignored. */
export async function encodeJpeg(module: WebAssembly.Module, bitmap: Bitmap, quality: number, peak: PeakCounter): Promise<Uint8Array<ArrayBuffer>> {
  const instance = await instantiate<JpegEncoder>(jpegEncoder, module);
  // Progressive coding and no Huffman optimisation are both slower here, for nothing that Claude sees.
  const view = instance.value.encode(bitmap.data, bitmap.width, bitmap.height, { ...defaultOptions, quality, progressive: false, baseline: true });
  peak.hold(instance.memory().buffer.byteLength + view.length);
  peak.drop(instance.memory().buffer.byteLength + view.length);
  return new Uint8Array(view);
}

function present(image: ImageData | null): ImageData {
  if (image === null) throw new Error('the decoder gave no picture');
  return image;
}

/** A fresh instance, and its memory, which Emscripten keeps to itself. Messages of the codec go nowhere. */
async function instantiate<T extends EmscriptenWasm.Module>(
  factory: EmscriptenWasm.ModuleFactory<T>,
  module: WebAssembly.Module,
): Promise<{ value: T; memory: () => WebAssembly.Memory }> {
  let memory: WebAssembly.Memory | undefined;
  const value: T = await initEmscriptenModule(factory, undefined, {
    print: () => undefined,
    printErr: () => undefined,
    instantiateWasm(imports: WebAssembly.Imports, callback: (instance: WebAssembly.Instance) => void) {
      const instance = new WebAssembly.Instance(module, imports);
      memory = Object.values(instance.exports).find((value) => value instanceof WebAssembly.Memory);
      callback(instance);
      return instance.exports;
    },
  });
  return {
    value,
    memory: () => {
      if (memory === undefined) throw new Error('the codec module exports no memory');
      return memory;
    },
  };
}
