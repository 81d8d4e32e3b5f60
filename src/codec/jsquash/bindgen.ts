/** The calling convention of wasm-bindgen: byte arrays go in by pointer, come out through a result slot on the stack. */

export interface BindgenExports {
  readonly memory: WebAssembly.Memory;
  __wbindgen_add_to_stack_pointer(bytes: number): number;
  __wbindgen_malloc(bytes: number, align: number): number;
  __wbindgen_free(pointer: number, bytes: number, align: number): void;
}

/** Copies an argument into the module's memory; the module frees it. */
export function withArgument(exports: BindgenExports, bytes: Uint8Array): number {
  const pointer = exports.__wbindgen_malloc(bytes.length, 1) >>> 0;
  new Uint8Array(exports.memory.buffer).set(bytes, pointer);
  return pointer;
}

/** Copies a byte array out of the result slot (pointer and length, 32 bits each). */
export function readResult(exports: BindgenExports, slot: number): Uint8Array<ArrayBuffer> {
  const [pointer = 0, length = 0] = new Uint32Array(exports.memory.buffer, slot, 2);
  return new Uint8Array(exports.memory.buffer, pointer, length).slice();
}
