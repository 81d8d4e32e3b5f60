// Stands in for wasm/memory.ts when the decoder is fuzzed (AssemblyScript): the same allocator with a guard on both sides
// of every block, and a count of the guards that were found broken.
//
// A block is [previous block, bytes, 24 bytes of guard][bytes, rounded up to 16][32 bytes of guard]. The guard behind starts
// at the rounded size, as the real allocator's next block does.

const PAGE_BYTES: usize = 65536;
const PAGES_MAX: usize = 1024;
const FRONT: usize = 32;
const BACK: usize = 32;
const GUARD: u8 = 0xa5;

const START: usize = (__heap_base + 15) & ~15;

let top: usize = START;
let highest: usize = START;
let newest: usize = 0;
let broken: i32 = 0;

export function alloc(bytes: usize): usize {
  const room = PAGES_MAX * PAGE_BYTES - top;
  if (bytes > room || ((bytes + 15) & ~15) + FRONT + BACK > room) return 0;
  const rounded = (bytes + 15) & ~15;
  const end = top + FRONT + rounded + BACK;
  const have = <usize>memory.size() * PAGE_BYTES;
  if (end > have && memory.grow(<i32>((end - have + PAGE_BYTES - 1) / PAGE_BYTES)) < 0) return 0;
  const header = top;
  store<usize>(header, newest);
  store<usize>(header, rounded, 4);
  memory.fill(header + 8, GUARD, FRONT - 8);
  // Blocks are not cleared: what a decode reads before it writes shows as a difference between two runs.
  memory.fill(header + FRONT, 0x5a, rounded);
  memory.fill(header + FRONT + rounded, GUARD, BACK);
  newest = header;
  top = end;
  if (top > highest) highest = top;
  return header + FRONT;
}

export function mark(): usize {
  return top;
}

export function release(to: usize): void {
  while (newest >= to && newest != 0) {
    check(newest);
    newest = load<usize>(newest);
  }
  top = to;
}

export function peak(): usize {
  return highest;
}

export function resetMemory(): void {
  release(START);
  newest = 0;
  highest = START;
}

/** Guards found broken so far, those of the blocks in use included. */
export function brokenGuards(): i32 {
  for (let block = newest; block != 0; block = load<usize>(block)) check(block);
  return broken;
}

function check(header: usize): void {
  const behind = header + FRONT + load<usize>(header, 4);
  for (let i: usize = 8; i < FRONT; i++) if (load<u8>(header + i) != GUARD) broken++;
  for (let i: usize = 0; i < BACK; i++) if (load<u8>(behind + i) != GUARD) broken++;
}
