// Windows over ranges of the file. A WebP is not decodable front to back in bounded memory: the alpha plane lies before
// the colours, and the token partitions of VP8 lie one after another but are read by turns. So each range that is read
// by itself has a window, and the decoder asks the host for the bytes at a place in the file.

import { alloc } from "../memory";

/** Bytes that may be read past the end of a window without leaving it. */
const SLACK: usize = 16;

/** A window over one range of the file. `read` to `end` is what has been fetched and not yet used. */
@unmanaged
export class Source {
  read: usize;
  end: usize;
  base: usize;
  capacity: u32;
  /** Place in the file of the byte that comes to `end`. */
  next: u32;
  /** Place in the file behind the last byte of the range. */
  limit: u32;
  /** 1 when the file ended before the range did. */
  isCut: u32;
}

let wanted: Source = changetype<Source>(0);

/** Opens a window of `capacity` bytes over `bytes` of the file from `offset`; false when memory is out. */
export function openSource(source: Source, offset: u32, bytes: u32, capacity: u32): bool {
  const base = alloc(<usize>capacity + SLACK);
  if (base == 0) return false;
  source.base = base;
  source.capacity = capacity;
  rewind(source, offset, bytes);
  return true;
}

/** Points an open window at another range of the file. */
export function rewind(source: Source, offset: u32, bytes: u32): void {
  source.read = source.base;
  source.end = source.base;
  source.next = offset;
  source.limit = offset + bytes;
  source.isCut = 0;
}

/** True when `bytes` of the range, or all that is left of it, lie in the window; otherwise the host is asked for more. */
@inline
export function has(source: Source, bytes: usize): bool {
  return source.end - source.read >= bytes ? true : hasAll(source);
}

/** True when nothing of the range is left outside the window. */
export function hasAll(source: Source): bool {
  if (source.next == source.limit) return true;
  wanted = source;
  return false;
}

/** Where the host puts the next bytes. What is not used yet moves to the start of the window. */
export function inputPointer(): usize {
  if (changetype<usize>(wanted) == 0) return 0;
  const kept = wanted.end - wanted.read;
  if (wanted.read > wanted.base) {
    memory.copy(wanted.base, wanted.read, kept);
    wanted.read = wanted.base;
    wanted.end = wanted.base + kept;
  }
  return wanted.end;
}

/** How many bytes it may put there. */
export function inputSpace(): u32 {
  if (inputPointer() == 0) return 0;
  const free = wanted.capacity - <u32>(wanted.end - wanted.base);
  return min(free, wanted.limit - wanted.next);
}

/** Which byte of the file comes first. */
export function inputOffset(): u32 {
  return changetype<usize>(wanted) == 0 ? 0 : wanted.next;
}

/** Takes `bytes` that the host has put; `isFinal` says that the file holds no more. */
export function accept(bytes: u32, isFinal: bool): void {
  if (changetype<usize>(wanted) == 0) return;
  const taken = min(bytes, inputSpace());
  wanted.end += taken;
  wanted.next += taken;
  if (isFinal && wanted.next < wanted.limit) {
    wanted.limit = wanted.next;
    wanted.isCut = 1;
  }
  wanted = changetype<Source>(0);
}

/** Forgets what was asked for. */
export function forget(): void {
  wanted = changetype<Source>(0);
}
