/**
 * Stands in for wasm/memory.ts when the codec is fuzzed (AssemblyScript): the same allocator with a guard on both sides
 * of every block, and a count of guard bytes that were found changed.
 *
 * A block is [previous block: 4][bytes: 4][guard: 24][bytes, rounded up to 16][guard: 32]. The guard behind starts at
 * the rounded size, where the real allocator's next block begins.
 */

const PAGE_BYTES: usize = 65536;
export const MEMORY_BYTES_MAX: usize = 64 * 1024 * 1024;
const FRONT_BYTES: usize = 32;
const LINK_BYTES: usize = 8;
const BACK_BYTES: usize = 32;
const GUARD: u8 = 0xa5;
/** Blocks are not cleared, as those of the real allocator: what a decoder reads before it writes shows in its picture. */
const STALE: u8 = 0x5a;

let top: usize = 0;
let highest: usize = 0;
let newest: usize = 0;
let broken: i32 = 0;

export function alloc(bytes: usize): usize {
  if (top == 0) resetMemory();
  if (bytes > MEMORY_BYTES_MAX) return 0;
  const rounded = (bytes + 15) & ~(<usize>15);
  const header = top;
  const end = header + FRONT_BYTES + rounded + BACK_BYTES;
  if (end > MEMORY_BYTES_MAX) return 0;
  const pagesNeeded = <i32>((end + PAGE_BYTES - 1) / PAGE_BYTES);
  const pages = memory.size();
  if (pagesNeeded > pages && memory.grow(pagesNeeded - pages) < 0) return 0;
  store<usize>(header, newest);
  store<usize>(header, rounded, 4);
  memory.fill(header + LINK_BYTES, GUARD, FRONT_BYTES - LINK_BYTES);
  memory.fill(header + FRONT_BYTES, STALE, rounded);
  memory.fill(header + FRONT_BYTES + rounded, GUARD, BACK_BYTES);
  newest = header;
  top = end;
  if (end > highest) highest = end;
  return header + FRONT_BYTES;
}

export function mark(): usize {
  if (top == 0) resetMemory();
  return top;
}

export function release(to: usize): void {
  while (newest >= to && newest != 0) {
    checkBlock(newest);
    newest = load<usize>(newest);
  }
  top = to;
}

export function peak(): usize {
  return highest;
}

export function resetMemory(): void {
  release((__heap_base + 15) & ~(<usize>15));
  newest = 0;
  highest = top;
}

/** Guard bytes found changed since the instance was made, those around the blocks in use included. */
export function brokenGuards(): i32 {
  for (let block = newest; block != 0; block = load<usize>(block)) checkBlock(block);
  return broken;
}

function checkBlock(header: usize): void {
  const back = header + FRONT_BYTES + load<usize>(header, 4);
  for (let at = header + LINK_BYTES; at < header + FRONT_BYTES; at++) if (load<u8>(at) != GUARD) broken++;
  for (let at = back; at < back + BACK_BYTES; at++) if (load<u8>(at) != GUARD) broken++;
}
