/** Block headers with their code lengths: RFC 1951 §3.2.6 (fixed) and §3.2.7 (dynamic). */
import { bitBuffer, bitCount, readAt, setReader } from "./symbols";
import {
  ALPHABET_DISTANCE, ALPHABET_LITERAL, ALPHABET_PRECODE, buildTable, DISTANCE_BITS, EXCEPTIONAL, LITERAL_BITS,
  PRECODE_BITS, PRECODE_ENTRIES,
} from "./table";

const LITERAL_SYMBOLS_MAX: i32 = 286;
const DISTANCE_SYMBOLS_MAX: i32 = 30;
const END_OF_BLOCK_SYMBOL: usize = 256;

/** The order in which precode lengths are stored. */
const PRECODE_ORDER = memory.data<u8>([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]);

const codeLengths = memory.data(464, 16);
const precodeTable = memory.data(PRECODE_ENTRIES << 2, 16);

/** Builds both tables of a fixed block. Always true. */
export function buildFixedTables(literals: usize, distances: usize): bool {
  memory.fill(codeLengths, 8, 144);
  memory.fill(codeLengths + 144, 9, 112);
  memory.fill(codeLengths + 256, 7, 24);
  memory.fill(codeLengths + 280, 8, 8);
  buildTable(literals, ALPHABET_LITERAL, LITERAL_BITS, codeLengths, 288);
  memory.fill(codeLengths, 5, 32);
  return buildTable(distances, ALPHABET_DISTANCE, DISTANCE_BITS, codeLengths, 32);
}

@inline
function refill(): void {
  const count = bitCount;
  setReader(readAt + <usize>(7 - (count >> 3)), bitBuffer | (load<u64>(readAt) << <u64>count), count | 56);
}

@inline
function take(bits: i32): u32 {
  const value = <u32>bitBuffer & ((1 << bits) - 1);
  setReader(readAt, bitBuffer >> <u64>bits, bitCount - bits);
  return value;
}

/** Reads the code lengths of a dynamic block and builds both tables. False when they are not valid. */
export function readDynamicTables(literals: usize, distances: usize): bool {
  refill();
  const literalSymbols = <i32>take(5) + 257;
  const distanceSymbols = <i32>take(5) + 1;
  const precodeSymbols = <i32>take(4) + 4;
  if (literalSymbols > LITERAL_SYMBOLS_MAX || distanceSymbols > DISTANCE_SYMBOLS_MAX) return false;
  memory.fill(codeLengths, 0, 19);
  for (let i = 0; i < precodeSymbols; i++) {
    refill();
    store<u8>(codeLengths + <usize>load<u8>(PRECODE_ORDER + i), <u8>take(3));
  }
  if (!buildTable(precodeTable, ALPHABET_PRECODE, PRECODE_BITS, codeLengths, 19)) return false;
  if (!readCodeLengths(literalSymbols + distanceSymbols)) return false;
  if (!load<u8>(codeLengths + END_OF_BLOCK_SYMBOL)) return false;
  return (
    buildTable(literals, ALPHABET_LITERAL, LITERAL_BITS, codeLengths, literalSymbols) &&
    buildTable(distances, ALPHABET_DISTANCE, DISTANCE_BITS, codeLengths + literalSymbols, distanceSymbols)
  );
}

function readCodeLengths(total: i32): bool {
  let filled = 0;
  while (filled < total) {
    refill();
    const entry = load<u32>(precodeTable + (<usize>(<u32>bitBuffer & ((1 << PRECODE_BITS) - 1)) << 2));
    if (entry & EXCEPTIONAL) return false;
    take(<i32>(entry & 63));
    const symbol = <i32>(entry >> 16);
    if (symbol < 16) {
      store<u8>(codeLengths + filled, <u8>symbol);
      filled++;
      continue;
    }
    let repeated: u8 = 0;
    let times: i32;
    if (symbol == 16) {
      if (!filled) return false;
      repeated = load<u8>(codeLengths + filled - 1);
      times = 3 + <i32>take(2);
    } else if (symbol == 17) times = 3 + <i32>take(3);
    else times = 11 + <i32>take(7);
    if (filled + times > total) return false;
    memory.fill(codeLengths + filled, repeated, times);
    filled += times;
  }
  return true;
}
