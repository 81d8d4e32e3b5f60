/** Length-limited canonical Huffman codes for DEFLATE (RFC 1951 §3.2.2). */

const SYMBOLS_MAX: i32 = 288;
const CODE_BITS_MAX: i32 = 15;

/** Used symbols, as weight << 16 | symbol, in rising order. */
const sorted = memory.data(SYMBOLS_MAX * 8, 16);
/** Nodes of the tree: weights at first, then parents, then depths. */
const nodes = memory.data(SYMBOLS_MAX * 4, 16);
const lengthCount = memory.data(64 * 4, 16);
const nextCode = memory.data(17 * 4, 16);

/**
 * Fills `lengths` (a byte a symbol) and `codes` (u32: code, first bit lowest, | length << 16) for `symbols` symbols
 * with the given `frequencies` (u32). No code is longer than `bitsMax`. A symbol alone gets one bit.
 */
export function buildCodes(frequencies: usize, symbols: i32, bitsMax: i32, lengths: usize, codes: usize): void {
  memory.fill(lengths, 0, symbols);
  let used = 0;
  for (let symbol = 0; symbol < symbols; symbol++) {
    const weight = load<u32>(frequencies + (<usize>symbol << 2));
    if (!weight) continue;
    store<u64>(sorted + (<usize>used << 3), (<u64>weight << 16) | <u64>symbol);
    used++;
  }
  if (used == 1) store<u8>(lengths + <usize>(load<u64>(sorted) & 0xffff), 1);
  else if (used > 1) {
    sortRising(used);
    assignDepths(used);
    limitLengths(used, bitsMax);
    let place = used - 1;
    for (let bits = 1; bits <= bitsMax; bits++) {
      for (let n = load<i32>(lengthCount + (bits << 2)); n > 0; n--) {
        store<u8>(lengths + <usize>(load<u64>(sorted + (<usize>place << 3)) & 0xffff), <u8>bits);
        place--;
      }
    }
  }
  assignCodes(lengths, symbols, codes);
}

/** Shell sort: a few hundred keys, mostly in no order. */
function sortRising(count: i32): void {
  for (let gap = 121; gap > 0; gap /= 3) {
    for (let i = gap; i < count; i++) {
      const key = load<u64>(sorted + (<usize>i << 3));
      let hole = i;
      while (hole >= gap && load<u64>(sorted + (<usize>(hole - gap) << 3)) > key) {
        store<u64>(sorted + (<usize>hole << 3), load<u64>(sorted + (<usize>(hole - gap) << 3)));
        hole -= gap;
      }
      store<u64>(sorted + (<usize>hole << 3), key);
    }
  }
}

@inline
function node(i: i32): u32 {
  return load<u32>(nodes + (<usize>i << 2));
}

@inline
function setNode(i: i32, value: u32): void {
  store<u32>(nodes + (<usize>i << 2), value);
}

@inline
function leaf(i: i32): u32 {
  return <u32>(load<u64>(sorted + (<usize>i << 3)) >> 16);
}

/** Counts in `lengthCount` how many codes an unlimited Huffman code has at each depth; two queues, linear time. */
function assignDepths(count: i32): void {
  let nextLeaf = 0;
  let nextRoot = 0;
  for (let made = 0; made < count - 1; made++) {
    let weight: u32 = 0;
    for (let child = 0; child < 2; child++) {
      if (nextLeaf >= count || (nextRoot < made && node(nextRoot) < leaf(nextLeaf))) {
        weight += node(nextRoot);
        setNode(nextRoot++, <u32>made);
      } else weight += leaf(nextLeaf++);
    }
    setNode(made, weight);
  }
  memory.fill(lengthCount, 0, 64 * 4);
  // From the root down: inner nodes of a depth are known, what is left of its places are leaves.
  setNode(count - 2, 0);
  for (let i = count - 3; i >= 0; i--) setNode(i, node(<i32>node(i)) + 1);
  let places = 1;
  let depth: u32 = 0;
  let root = count - 2;
  while (places > 0) {
    let inner = 0;
    while (root >= 0 && node(root) == depth) {
      inner++;
      root--;
    }
    const at = lengthCount + <usize>(min<u32>(depth, 63) << 2);
    store<i32>(at, load<i32>(at) + places - inner);
    places = inner << 1;
    depth++;
  }
}

/** Moves codes longer than `bitsMax` up and pays for them by lengthening the deepest shorter ones. */
function limitLengths(count: i32, bitsMax: i32): void {
  const last = lengthCount + (<usize>bitsMax << 2);
  for (let bits = bitsMax + 1; bits < 64; bits++) {
    const at = lengthCount + (<usize>bits << 2);
    store<i32>(last, load<i32>(last) + load<i32>(at));
    store<i32>(at, 0);
  }
  let total: u32 = 0;
  for (let bits = 1; bits <= bitsMax; bits++) total += <u32>load<i32>(lengthCount + (bits << 2)) << (bitsMax - bits);
  while (total > <u32>1 << bitsMax) {
    store<i32>(last, load<i32>(last) - 1);
    let bits = bitsMax - 1;
    while (!load<i32>(lengthCount + (bits << 2))) bits--;
    const at = lengthCount + (<usize>bits << 2);
    store<i32>(at, load<i32>(at) - 1);
    store<i32>(at, load<i32>(at, 4) + 2, 4);
    total--;
  }
}

/** Canonical codes from lengths, bit-reversed for a writer that fills bytes from their lowest bit. */
export function assignCodes(lengths: usize, symbols: i32, codes: usize): void {
  memory.fill(nextCode, 0, 17 * 4);
  for (let symbol = 0; symbol < symbols; symbol++) {
    const at = nextCode + (<usize>load<u8>(lengths + symbol) << 2);
    store<u32>(at, load<u32>(at) + 1);
  }
  let code: u32 = 0;
  let count: u32 = 0;
  for (let bits = 1; bits <= CODE_BITS_MAX; bits++) {
    code = (code + count) << 1;
    count = load<u32>(nextCode + (bits << 2));
    store<u32>(nextCode + (bits << 2), code);
  }
  for (let symbol = 0; symbol < symbols; symbol++) {
    const bits = <u32>load<u8>(lengths + symbol);
    if (!bits) {
      store<u32>(codes + (<usize>symbol << 2), 0);
      continue;
    }
    const at = nextCode + (bits << 2);
    const value = load<u32>(at);
    store<u32>(at, value + 1);
    let reversed: u32 = 0;
    for (let bit: u32 = 0; bit < bits; bit++) reversed |= ((value >> bit) & 1) << (bits - 1 - bit);
    store<u32>(codes + (<usize>symbol << 2), reversed | (bits << 16));
  }
}
