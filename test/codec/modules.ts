/** The codec's modules, compiled from disk: for tests and benches that run in Node, beside sharp. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { CodecModules } from '../../src/codec/modules.ts';

const require = createRequire(import.meta.url);
const compile = (path: string) => new WebAssembly.Module(readFileSync(path));

export function loadModules(): CodecModules {
  return {
    scanline: compile(new URL('../../dist/codec.wasm', import.meta.url).pathname),
    jpegDecode: compile(require.resolve('@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm')),
    jpegEncode: compile(require.resolve('@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm')),
    resize: compile(require.resolve('@jsquash/resize/lib/resize/pkg/squoosh_resize_bg.wasm')),
  };
}
