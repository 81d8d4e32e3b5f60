/**
 * jSquash's PNG codec, driven through its raw exports. Its own JavaScript keeps one instance for ever, which leaks
 * with every failed decode; here each call has an instance of its own.
 */
import { Fault } from '../../core/fault.ts';
import type { Bitmap } from '../bitmap.ts';
import type { PeakCounter } from '../peak.ts';
import { type BindgenExports, readResult, withArgument } from './bindgen.ts';

interface PngExports extends BindgenExports {
  decode(pointer: number, length: number): number;
  encode(result: number, pointer: number, length: number, width: number, height: number, bitDepth: number): void;
}

/** Decodes any PNG to RGBA, 8 bits a sample. @throws image_undecodable */
export function decodePng(module: WebAssembly.Module, bytes: Uint8Array<ArrayBuffer>, peak: PeakCounter): Bitmap {
  let bitmap: Bitmap | undefined;
  const exports = instantiate(module, (decoded) => {
    bitmap = decoded;
  });
  try {
    exports.decode(withArgument(exports, bytes), bytes.length);
  } catch (cause) {
    throw new Fault('image_undecodable', 'The PNG file is damaged. Check that it opens elsewhere, or save it again.', { cause });
  }
  if (bitmap === undefined) throw new Fault('image_undecodable', 'The PNG file holds no picture.');
  peak.hold(exports.memory.buffer.byteLength + bitmap.data.length);
  peak.drop(exports.memory.buffer.byteLength);
  return bitmap;
}

/** Encodes RGBA losslessly. */
export function encodePng(module: WebAssembly.Module, bitmap: Bitmap, peak: PeakCounter): Uint8Array<ArrayBuffer> {
  const exports = instantiate(module, () => undefined);
  const stack = exports.__wbindgen_add_to_stack_pointer(-16);
  exports.encode(stack, withArgument(exports, bitmap.data), bitmap.data.length, bitmap.width, bitmap.height, 8);
  const bytes = readResult(exports, stack);
  peak.hold(exports.memory.buffer.byteLength + bytes.length);
  peak.drop(exports.memory.buffer.byteLength + bytes.length);
  return bytes;
}

/** The imports are those that wasm-bindgen names; the one that matters hands over the decoded picture. */
function instantiate(module: WebAssembly.Module, onDecoded: (bitmap: Bitmap) => void): PngExports {
  const wanted = WebAssembly.Module.imports(module);
  const receive = (pointer: number, length: number, width: number, height: number): number => {
    const data = new Uint8Array(exports.memory.buffer, pointer, length).slice();
    exports.__wbindgen_free(pointer, length, 1);
    onDecoded({ width, height, data });
    return 0;
  };
  const refuse = () => {
    throw new Error('the PNG codec gave up');
  };
  const functions = wanted.map(
    ({ name }) => [name, name.startsWith('__wbg_newwithownedu8clampedarray') ? receive : name === '__wbindgen_throw' ? refuse : () => 0] as const,
  );
  const exports = new WebAssembly.Instance(module, { wbg: Object.fromEntries(functions) }).exports as unknown as PngExports;
  return exports;
}
