/** The compiled WebAssembly modules that the codec runs. Workers cannot compile from bytes, so the entry imports them. */
export interface CodecModules {
  /** Our own, built from `wasm/`. */
  readonly scanline: WebAssembly.Module;
  readonly jpegDecode: WebAssembly.Module;
  readonly jpegEncode: WebAssembly.Module;
  readonly resize: WebAssembly.Module;
}
