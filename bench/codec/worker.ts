/** The codec alone in workerd: `POST /?runs=n&width=…&height=…` transcodes the body n times. Timed from outside, since the clock stands still inside. */
import jpegDecode from '@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm';
import jpegEncode from '@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm';
import resize from '@jsquash/resize/lib/resize/pkg/squoosh_resize_bg.wasm';
import scanline from '../../dist/codec.wasm';
import { createCodec } from '../../src/codec/transcode.ts';
import { inspectImage } from '../../src/core/image/info.ts';

const codec = createCodec({ scanline, jpegDecode, jpegEncode, resize });

export default {
  async fetch(request): Promise<Response> {
    const parameters = new URL(request.url).searchParams;
    const bytes = new Uint8Array(await request.arrayBuffer());
    const info = inspectImage(bytes);
    const size = { width: Number(parameters.get('width')), height: Number(parameters.get('height')) };
    for (let run = Number(parameters.get('runs')); run > 0; run--) {
      await codec.transcode(bytes, info, { kind: 'transcode', decoder: 'scanline', size, isResized: true, imageTokens: 1, peakBytes: 0, bytesMax: 7_864_320 });
    }
    return new Response('done');
  },
} satisfies ExportedHandler;
