/**
 * The module's only allocator: a bump pointer over linear memory, with marks to fall back to.
 *
 * Nothing is freed by itself; a job allocates upwards and the next job resets. Memory handed out is
 * not cleared: whoever needs zeros writes them. A request that does not fit gives 0 and changes nothing.
 */

const PAGE_BYTES: usize = 65536;

/** The fixed ceiling of the whole module, equal to `--maximumMemory` of the build. */
export const MEMORY_BYTES_MAX: usize = 64 * 1024 * 1024;

let top: usize = 0;
let highest: usize = 0;

/** Address of `bytes` fresh bytes, 16-aligned, or 0 when they do not fit in the 64 MiB maximum. */
export function alloc(bytes: usize): usize {
  if (top == 0) resetMemory();
  const start = top;
  if (bytes > MEMORY_BYTES_MAX - start - 16) return 0;
  const end = (start + bytes + 15) & ~(<usize>15);
  const pagesNeeded = <i32>((end + PAGE_BYTES - 1) / PAGE_BYTES);
  const pages = memory.size();
  if (pagesNeeded > pages && memory.grow(pagesNeeded - pages) < 0) return 0;
  top = end;
  if (end > highest) highest = end;
  return start;
}

/** The present top, to be handed to `release` when everything allocated after it is done with. */
export function mark(): usize {
  if (top == 0) resetMemory();
  return top;
}

/** Gives back everything that was allocated since `mark` returned `to`. */
export function release(to: usize): void {
  top = to;
}

/** Highest address ever in use since the last reset, in bytes: the static data and all allocations. */
export function peak(): usize {
  return highest;
}

/** Forgets every allocation of the previous job. Memory that has grown stays grown. */
export function resetMemory(): void {
  top = (__heap_base + 15) & ~(<usize>15);
  highest = top;
}
