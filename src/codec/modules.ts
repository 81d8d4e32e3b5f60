/** The compiled WebAssembly modules that the codec runs. Workers cannot compile from bytes, so the entry imports them. */
export interface CodecModules {
  readonly jpegDecode: WebAssembly.Module;
  readonly jpegEncode: WebAssembly.Module;
  readonly png: WebAssembly.Module;
  readonly webpDecode: WebAssembly.Module;
  readonly resize: WebAssembly.Module;
}
