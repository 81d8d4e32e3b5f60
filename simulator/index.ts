import jpeg from '@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm';
import png from '@jsquash/png/codec/pkg/squoosh_png_bg.wasm';
import webp from '@jsquash/webp/codec/dec/webp_dec.wasm';
import { createSimulator } from './app.ts';

/** The simulator as a Worker. Its state lives as long as the process. */
export default createSimulator({ decoders: { jpeg, png, webp } });
