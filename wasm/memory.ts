// The codec's only allocator: a pointer that goes up and is put back. There is no free list: a decode allocates what
// its header asks for, and the next one starts over.

const PAGE_BYTES: usize = 65536;
/** The module is compiled with the same maximum: 64 MiB. */
const PAGES_MAX: usize = 1024;
const ALIGNMENT: usize = 16;

const START: usize = (__heap_base + ALIGNMENT - 1) & ~(ALIGNMENT - 1);

let top: usize = START;
let highest: usize = START;

/** A block of `bytes`, aligned to 16 and not cleared; 0 when the 64 MiB cannot hold it. */
export function alloc(bytes: usize): usize {
  const room = PAGES_MAX * PAGE_BYTES - top;
  if (bytes > room) return 0;
  const rounded = (bytes + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
  if (rounded > room) return 0;
  const end = top + rounded;
  const have = <usize>memory.size() * PAGE_BYTES;
  if (end > have) {
    const pages = (end - have + PAGE_BYTES - 1) / PAGE_BYTES;
    if (memory.grow(<i32>pages) < 0) return 0;
  }
  const block = top;
  top = end;
  if (top > highest) highest = top;
  return block;
}

/** Where the next block would start: give it to `release` to drop everything allocated since. */
export function mark(): usize {
  return top;
}

/** Drops every block allocated since `to` was marked. */
export function release(to: usize): void {
  top = to;
}

/** The most bytes in use at once since the last reset, static data included. */
export function peak(): usize {
  return highest;
}

/** Drops every block and forgets the peak. */
export function resetMemory(): void {
  top = START;
  highest = START;
}
