/**
 * The codec's one allocator: a bump pointer over linear memory. A job allocates forwards and gives everything back at
 * once; nothing is freed singly, so there is no heap to corrupt. Out of memory is a value (0), never a trap.
 */

/** Hard limit of linear memory: 1024 pages, 64 MiB. The module is linked with the same maximum. */
const MEMORY_BYTES_MAX: usize = 64 << 20;
const PAGE_BYTES: usize = 65536;

let top: usize = 0;
let highest: usize = 0;

function firstFree(): usize {
  return (__heap_base + 15) & ~(<usize>15);
}

/** Gives the address of `bytes` bytes aligned to 16, contents undefined, or 0 when they do not fit. */
export function alloc(bytes: usize): usize {
  if (top == 0) top = firstFree();
  if (bytes > MEMORY_BYTES_MAX) return 0;
  const start = top;
  const end = (start + bytes + 15) & ~(<usize>15);
  if (end > MEMORY_BYTES_MAX) return 0;
  const pagesNeeded = <i32>((end + PAGE_BYTES - 1) / PAGE_BYTES);
  const pagesPresent = memory.size();
  if (pagesNeeded > pagesPresent && memory.grow(pagesNeeded - pagesPresent) < 0) return 0;
  top = end;
  if (end > highest) highest = end;
  return start;
}

/** A point to which `release` can return. */
export function mark(): usize {
  if (top == 0) top = firstFree();
  return top;
}

/** Gives back everything allocated since `mark` returned `to`. */
export function release(to: usize): void {
  if (to >= firstFree() && to <= top) top = to;
}

/** Highest address in use since `resetMemory`, in bytes from 0: static data included. */
export function peak(): usize {
  return highest;
}

/** Forgets all allocations. Pages already grown stay. */
export function resetMemory(): void {
  top = firstFree();
  highest = top;
}
