/** Pictures of any size, made here: a PNG with a soft gradient, so that nothing takes it for a flat graphic. */

export interface PictureOptions {
  /** Text for a tEXt chunk: other bytes, the same pixels. */
  readonly comment?: string;
  /** Gray value of a pixel, 0 to 255, in place of the gradient. */
  readonly light?: (x: number, y: number) => number;
}

/** A truecolour PNG file (PNG, third edition, §5). */
export async function pngPicture(width: number, height: number, { comment, light }: PictureOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
  const rows = new Uint8Array(height * (1 + width * 3));
  for (let y = 0, at = 0; y < height; y++) {
    at += 1;
    for (let x = 0; x < width; x++) {
      const gray = light?.(x, y);
      rows[at++] = gray ?? (x * 255) / width;
      rows[at++] = gray ?? (y * 255) / height;
      rows[at++] = gray ?? ((x + y) * 255) / (width + height);
    }
  }
  const text = comment === undefined ? [] : [chunk('tEXt', new TextEncoder().encode(`Comment\0${comment}`))];
  return joined([PNG_SIGNATURE, chunk('IHDR', pngHeader(width, height)), ...text, chunk('IDAT', await deflate(rows)), chunk('IEND', new Uint8Array())]);
}

/** A PNG file that claims a size and ends before its pixels: enough for everything that is judged by the header. */
export function pngClaim(width: number, height: number): Uint8Array<ArrayBuffer> {
  return joined([PNG_SIGNATURE, chunk('IHDR', pngHeader(width, height)), chunk('IDAT', new Uint8Array(16)), chunk('IEND', new Uint8Array())]);
}

/** The header of a JPEG of 12 bits a sample (ITU-T T.81 B.2.2, SOF1): a kind that nothing here decodes. Gray. */
export function deepJpegClaim(width: number, height: number): Uint8Array<ArrayBuffer> {
  const frame = [0xff, 0xc1, 0, 11, 12, height >> 8, height & 255, width >> 8, width & 255, 1, 1, 0x11, 0];
  const scan = [0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0];
  return Uint8Array.from([0xff, 0xd8, ...frame, ...scan, 0, 0, 0xff, 0xd9]);
}

const PNG_SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** Eight bits a sample, truecolour, not interlaced (§11.2.2). */
function pngHeader(width: number, height: number): Uint8Array {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, 2, 0, 0, 0], 8);
  return header;
}

async function deflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate'))).arrayBuffer());
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = joined([new TextEncoder().encode(type), data]);
  const frame = new Uint8Array(body.length + 8);
  const view = new DataView(frame.buffer);
  view.setUint32(0, data.length);
  frame.set(body, 4);
  view.setUint32(body.length + 4, crc32(body));
  return frame;
}

/** CRC-32 of PNG, third edition, annex D, bit by bit. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/** The parts, one after the other. */
export function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
