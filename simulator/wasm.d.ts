// The decoders arrive as compiled modules: workerd and the bundler both turn a `.wasm` import into one. The names are
// exact because @jsquash/png ships a declaration of its own beside the binary, which describes a browser's bundler.
declare module '@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm' {
  const module: WebAssembly.Module;
  export default module;
}
declare module '@jsquash/png/codec/pkg/squoosh_png_bg.wasm' {
  const module: WebAssembly.Module;
  export default module;
}
declare module '@jsquash/webp/codec/dec/webp_dec.wasm' {
  const module: WebAssembly.Module;
  export default module;
}
