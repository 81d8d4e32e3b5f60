/** Progressive JPEGs with scans that no encoder writes. */
import { joined } from './picture.ts';

/** One code, `0`, for symbol 0xN0: an end-of-band run of 2^N blocks and N further bits (ITU-T T.81 G.1.2.3), AC table 3. */
function runTable(bits: number): Uint8Array {
  return Uint8Array.of(0xff, 0xc4, 0, 20, 0x13, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, bits << 4);
}

/** A refinement of the second component that says "nothing new" for all its blocks at once (T.81 G.1.2.3): 12 to 14 bytes. */
function emptyScan(blocks: number, bits: number): Uint8Array {
  const header = [0xff, 0xda, 0, 8, 1, 2, 0x03, 1, 63, 0x10];
  // The code, the rest of the run, and ones to the end of the byte.
  const code = (blocks - 2 ** bits).toString(2).padStart(bits, '0');
  const text = `0${bits === 0 ? '' : code}`;
  const data = text.padEnd(Math.ceil(text.length / 8) * 8, '1');
  return Uint8Array.from([...header, ...Array.from({ length: data.length / 8 }, (_, at) => Number.parseInt(data.slice(at * 8, at * 8 + 8), 2))]);
}

/** `file` with `count` more scans, whose every block is empty. `blocks`: of the second component, 1 to 32,767. */
export function withEmptyScans(file: Uint8Array, count: number, blocks: number): Uint8Array<ArrayBuffer> {
  const bits = Math.floor(Math.log2(blocks));
  const scan = emptyScan(blocks, bits);
  return joined([file.subarray(0, file.length - 2), runTable(bits), ...Array.from({ length: count }, () => scan), file.subarray(file.length - 2)]);
}

/** `file` with an EXIF segment of this orientation behind its SOI, so that it has to be turned (EXIF 3.0 §4.6.5). */
export function withOrientation(file: Uint8Array, orientation: number): Uint8Array<ArrayBuffer> {
  const tiff = [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0];
  const body = [0x45, 0x78, 0x69, 0x66, 0, 0, ...tiff];
  return joined([file.subarray(0, 2), Uint8Array.from([0xff, 0xe1, 0, body.length + 2, ...body]), file.subarray(2)]);
}
