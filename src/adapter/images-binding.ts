/** Cloudflare Images as the converter, by its binding. */
import { Fault } from '../core/fault.ts';
import type { ImageConverter } from '../port/converter.ts';

const RETRY_AFTER_SECONDS = 5;
/** "Input is not an image", as the type of the binding documents it. */
const NOT_AN_IMAGE = 9412;

/** What of the binding is used. */
export type ImagesService = Pick<ImagesBinding, 'input'>;

export function imagesConverter(images: ImagesService): ImageConverter {
  return {
    async convert(bytes, { size, mediaType, quality, bytesMax }) {
      let body: ReadableStream<Uint8Array>;
      try {
        const stream = new Response(bytes).body as ReadableStream<Uint8Array>;
        // "squeeze" gives exactly these sides; their proportions are those of the image, to a pixel.
        const output = await images.input(stream).transform({ ...size, fit: 'squeeze' }).output({ format: mediaType, quality }); // prettier-ignore
        body = output.image();
      } catch (cause) {
        throw toFault(cause);
      }
      return readAtMost(body, bytesMax);
    },
  };
}

function toFault(cause: unknown): Fault {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
  if (code === NOT_AN_IMAGE) return new Fault('image_undecodable', 'The conversion service cannot read the image. Convert it to JPEG or PNG first.', { cause });
  return new Fault('overloaded', `The image could not be converted just now. Try again in ${RETRY_AFTER_SECONDS} s, or convert it to JPEG first.`, {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
    cause,
  });
}

/** Stops at the first byte beyond. */
async function readAtMost(body: ReadableStream<Uint8Array>, bytesMax: number): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let total = 0;
  for await (const part of body) {
    total += part.length;
    if (total > bytesMax) throw new Fault('image_too_large', `The converted image passes ${bytesMax} bytes. Send it smaller.`);
    parts.push(part);
  }
  const whole = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
