/**
 * The window of file bytes that the host fills.
 *
 * Layout: INPUT_BYTES of buffer; [cursor, end) are the bytes not yet consumed. Before the host writes, the
 * remainder moves to the front, so any marker segment (at most 65,537 bytes, T.81 B.1.1.4) fits as a whole.
 */
import { alloc } from '../memory';

const INPUT_BYTES: usize = 80 * 1024;

let buffer: usize = 0;
let cursor: usize = 0;
let end: usize = 0;
let final: bool = false;

/** Allocates the window. False when memory is exhausted. */
export function openInput(): bool {
  buffer = alloc(INPUT_BYTES + 16);
  cursor = buffer;
  end = buffer;
  final = false;
  return buffer != 0;
}

/** Address where the host writes the next bytes; compacts the window first. */
export function inputAddress(): usize {
  const left = end - cursor;
  if (cursor > buffer) memory.copy(buffer, cursor, left);
  cursor = buffer;
  end = buffer + left;
  return end;
}

/** How many bytes fit at `inputAddress()`. */
export function inputSpace(): i32 {
  return <i32>(buffer + INPUT_BYTES - end);
}

/** Takes note of `bytes` that the host has written, and of the file's end. False when they cannot be there. */
export function acceptInput(bytes: i32, isFinal: bool): bool {
  if (bytes < 0 || bytes > inputSpace()) return false;
  end += bytes;
  if (isFinal) final = true;
  return true;
}

/** Address of the first byte not consumed. */
export function inputCursor(): usize {
  return cursor;
}

/** Address after the last byte. */
export function inputEnd(): usize {
  return end;
}

/** True once the host has said that no more bytes follow. */
export function inputIsFinal(): bool {
  return final;
}

/** Consumes everything before `address`, which lies inside the window. */
export function consumeTo(address: usize): void {
  cursor = address;
}
