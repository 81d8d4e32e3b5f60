/** A `.wasm` import gives the compiled module; Workers instantiate it themselves. */
declare module '*.wasm' {
  const module: WebAssembly.Module;
  export default module;
}
/** These two ship declarations of their exports instead, which is another way of loading them. */
declare module '@jsquash/png/codec/pkg/squoosh_png_bg.wasm' {
  const module: WebAssembly.Module;
  export default module;
}
declare module '@jsquash/resize/lib/resize/pkg/squoosh_resize_bg.wasm' {
  const module: WebAssembly.Module;
  export default module;
}
