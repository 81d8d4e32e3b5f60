/** What jSquash's typings refer to and Workers do not declare. */
interface ImageData {
  readonly data: Uint8ClampedArray<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
}
declare namespace EmscriptenWasm {
  type Module = object;
  type ModuleFactory<T extends Module = Module> = (overrides: Record<string, unknown>) => Promise<T>;
}
