/** The tables that markers define and scans use: quantisation (T.81 B.2.4.1) and Huffman (B.2.4.2). */
import { alloc } from '../memory';
import { STANDARD_COUNTS, standardSymbols } from '../encode/jpeg-table';
import { createTable, defineTable, HuffmanTable } from './huffman';

let quantisers: usize = 0;
let definedQuantisers: i32 = 0;
/** Addresses of eight tables: DC 0 to 3, then AC 0 to 3. */
let huffman: usize = 0;

/** Allocates the tables and defines the standard Huffman ones, which Motion JPEG frames leave out. False: no memory. */
export function openTables(): bool {
  quantisers = alloc(4 * 128);
  huffman = alloc(8 * sizeof<usize>());
  definedQuantisers = 0;
  if (quantisers == 0 || huffman == 0) return false;
  for (let i = 0; i < 8; i++) {
    const table = createTable(i >= 4);
    if (table === null) return false;
    store<usize>(huffman + <usize>i * sizeof<usize>(), changetype<usize>(table));
  }
  for (let id = 0; id < 2; id++) {
    defineTable(huffmanTable(0, id), STANDARD_COUNTS + <usize>(16 * id), standardSymbols(id));
    defineTable(huffmanTable(1, id), STANDARD_COUNTS + <usize>(16 * (2 + id)), standardSymbols(2 + id));
  }
  return true;
}

/** The Huffman table of `kind` 0 (DC) or 1 (AC) in slot `id` 0 to 3. */
export function huffmanTable(kind: i32, id: i32): HuffmanTable {
  return changetype<HuffmanTable>(load<usize>(huffman + <usize>(kind * 4 + id) * sizeof<usize>()));
}

/** Address of the 64 values (u16, zig-zag) of slot `id`, or 0 when it was never defined. */
export function quantiser(id: i32): usize {
  return (definedQuantisers >> id) & 1 ? quantisers + <usize>(id * 128) : 0;
}

/** Reads a DQT segment's content. False when it is malformed. */
export function readQuantisers(from: usize, end: usize): bool {
  while (from < end) {
    const header = <i32>load<u8>(from++);
    const id = header & 15;
    const isWide = header >> 4 == 1;
    if (id > 3 || header >> 4 > 1 || end - from < <usize>(isWide ? 128 : 64)) return false;
    const into = quantisers + <usize>(id * 128);
    for (let k = 0; k < 64; k++) {
      const value = isWide ? ((<i32>load<u8>(from)) << 8) | load<u8>(from, 1) : <i32>load<u8>(from);
      store<u16>(into + <usize>(k << 1), <u16>value);
      from += isWide ? 2 : 1;
    }
    definedQuantisers |= 1 << id;
  }
  return true;
}

/** Reads a DHT segment's content. False when it is malformed. */
export function readHuffmanTables(from: usize, end: usize): bool {
  while (from < end) {
    if (end - from < 17) return false;
    const header = <i32>load<u8>(from);
    const counts = from + 1;
    let symbols: usize = 0;
    for (let i: usize = 0; i < 16; i++) symbols += load<u8>(counts + i);
    if (header >> 4 > 1 || (header & 15) > 3 || symbols > 256 || end - from < 17 + symbols) return false;
    if (!defineTable(huffmanTable(header >> 4, header & 15), counts, from + 17)) return false;
    from += 17 + symbols;
  }
  return true;
}
