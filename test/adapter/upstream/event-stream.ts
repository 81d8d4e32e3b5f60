/** Frames of the AWS event stream encoding, as Bedrock sends them. */

const encoder = new TextEncoder();

/** CRC-32 (ISO 3309), bit by bit. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/** One frame: total length, length of the headers, checksum of both; headers (name, type 7, value); payload; checksum of all. */
export function frame(headers: Readonly<Record<string, string>>, payload: string): Uint8Array<ArrayBuffer> {
  const head = Object.entries(headers).flatMap(([name, value]) => [
    name.length,
    ...encoder.encode(name),
    7,
    value.length >> 8,
    value.length & 255,
    ...encoder.encode(value),
  ]);
  const body = encoder.encode(payload);
  const bytes = new Uint8Array(12 + head.length + body.length + 4);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, bytes.length);
  view.setUint32(4, head.length);
  view.setUint32(8, crc32(bytes.subarray(0, 8)));
  bytes.set(head, 12);
  bytes.set(body, 12 + head.length);
  view.setUint32(bytes.length - 4, crc32(bytes.subarray(0, -4)));
  return bytes;
}

/** A frame that carries one event of the Messages API. */
export function chunk(event: Readonly<Record<string, unknown>>): Uint8Array<ArrayBuffer> {
  const payload = JSON.stringify({ bytes: btoa(String.fromCharCode(...encoder.encode(JSON.stringify(event)))) });
  return frame({ ':event-type': 'chunk', ':content-type': 'application/json', ':message-type': 'event' }, payload);
}
