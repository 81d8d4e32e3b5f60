import type { Pixels } from './pixels.ts';

/**
 * Decodes a PNG with the raw exports of @jsquash/png. Its own glue keeps one instance for the life of the isolate
 * and leaks 0.39 MB a failed decode, so this calls a fresh instance and drops it.
 *
 * @returns RGBA, or `undefined` when the decoder handed nothing over. A damaged file traps, which throws.
 */
export function decodePng(bytes: Uint8Array, module: WebAssembly.Module): Pixels | undefined {
  let pixels: Pixels | undefined;
  const instance = new WebAssembly.Instance(module, {
    wbg: importsOf(module, (pointer, length, width, height) => {
      pixels = { width, height, data: new Uint8Array(memory.buffer, pointer, length).slice() };
    }),
  });
  const memory = instance.exports['memory'] as WebAssembly.Memory;
  const allocate = instance.exports['__wbindgen_malloc'] as (bytes: number, align: number) => number;
  const decode = instance.exports['decode'] as (pointer: number, length: number) => number;
  const pointer = allocate(bytes.length, 1) >>> 0;
  new Uint8Array(memory.buffer).set(bytes, pointer);
  decode(pointer, bytes.length);
  return pixels;
}

type TakePixels = (pointer: number, length: number, width: number, height: number) => void;

/**
 * wasm-bindgen names its imports with a hash of the build, so they are told apart by their stems. Only the
 * constructor of the 8-bit ImageData matters here; the rest serve exports that are not called.
 */
function importsOf(module: WebAssembly.Module, take: TakePixels): Record<string, WebAssembly.ImportValue> {
  const imports: Record<string, WebAssembly.ImportValue> = {};
  for (const { name } of WebAssembly.Module.imports(module)) {
    imports[name] = name.startsWith('__wbg_newwithownedu8clampedarray')
      ? (pointer: number, length: number, width: number, height: number) => {
          take(pointer >>> 0, length >>> 0, width >>> 0, height >>> 0);
          return 0;
        }
      : name === '__wbindgen_throw'
        ? () => {
            throw new Error('the PNG decoder threw');
          }
        : () => 0;
  }
  return imports;
}
