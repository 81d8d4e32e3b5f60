/**
 * Entropy-coded bits (T.81 B.1.1.5, F.2.2.5), made ready for reading without a refill loop.
 *
 * The bytes of one entropy-coded segment are copied out of the input window with the stuffed zeros taken out, and
 * stored in descending addresses: byte i of the segment lies at `origin - i`. A plain little-endian 64-bit load at
 * `origin - i - 7` then has byte i on top, so `peekBits` needs neither a byte swap nor a test for 0xFF. The reader's
 * whole state is one bit position.
 *
 *   lowest address                                                        origin
 *   | zeros read past the end (SLACK) | unread, last byte first ...  byte 1, byte 0 |
 *
 * Reading past the segment's end gives zero bits, as libjpeg does; `bitsAreOverrun` tells afterwards.
 */
import { alloc } from "../memory";
import { inputCursor, inputEnd, inputIsFinal, consumeTo } from "./input";

const WINDOW_BYTES: i32 = 64 * 1024;

/** Zero bytes kept behind the segment: more than an MCU of ten blocks with Huffman codes can read (10 · 64 · 31 bits), or an arithmetic block. */
const SLACK_BYTES: i32 = 4096;

let buffer: usize = 0;
let origin: usize = 0;
let bytesHeld: i32 = 0;
let ended: bool = false;
let endsAtMarker: bool = false;
let position: i32 = 0;

/** Allocates the window. False when memory is exhausted. */
export function openBits(): bool {
  buffer = alloc(WINDOW_BYTES + SLACK_BYTES + 32);
  origin = buffer + WINDOW_BYTES + SLACK_BYTES + 15;
  startSegment();
  return buffer != 0;
}

/** Begins a new entropy-coded segment at the input's cursor. */
export function startSegment(): void {
  bytesHeld = 0;
  position = 0;
  ended = false;
  endsAtMarker = false;
}

/** Bit position of the reader inside the window. */
@inline
export function bitPosition(): i32 {
  return position;
}

/** Puts the reader at `bit`. */
@inline
export function setBitPosition(bit: i32): void {
  position = bit;
}

/** Address to be handed to `peekBits`; constant while the decoder is open. */
@inline
export function bitOrigin(): usize {
  return origin - 7;
}

/** The bits from position `bit` on, left-aligned; at least 57 of the 64 are valid. */
@inline
export function peekBits(from: usize, bit: i32): u64 {
  return load<u64>(from - <usize>(bit >>> 3)) << <u64>(bit & 7);
}

/** The last bit position at which `bits` more are certainly in the window. */
export function safePosition(bits: i32): i32 {
  return (bytesHeld << 3) - bits;
}

/** True when the segment's last byte is in the window. */
export function segmentIsHeld(): bool {
  return ended;
}

/** True when that byte is followed by a marker: nothing of the segment was cut off. */
export function segmentEndsAtMarker(): bool {
  return endsAtMarker;
}

/** The bit position behind the last byte in the window. */
@inline
export function heldBits(): i32 {
  return bytesHeld << 3;
}

/** True when the reader has consumed more bits than the segment had. */
export function bitsAreOverrun(): bool {
  return position > bytesHeld << 3;
}

/**
 * Moves what is unread to the origin and takes in more, up to the window's size, the next marker or the input's end.
 * The marker is left in the input, the cursor on its first 0xFF.
 */
export function takeInput(): void {
  const used = min(position >>> 3, bytesHeld);
  if (used > 0) {
    const left = bytesHeld - used;
    memory.copy(origin - <usize>left + 1, origin - <usize>bytesHeld + 1, left);
    bytesHeld = left;
    position -= used << 3;
  }
  if (!ended) unstuff();
  if (ended) memory.fill(origin - <usize>(bytesHeld + SLACK_BYTES) + 1, 0, SLACK_BYTES);
}

function unstuff(): void {
  let from = inputCursor();
  let held = bytesHeld;
  const limit = inputEnd();
  const marker = i8x16.splat(-1);
  while (held + 16 <= WINDOW_BYTES && limit - from >= 18) {
    const bytes = v128.load(from);
    const found = i8x16.bitmask(i8x16.eq(bytes, marker));
    const reversed = v128.shuffle<i8>(bytes, bytes, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    v128.store(origin - <usize>held - 15, reversed);
    if (found == 0) {
      held += 16;
      from += 16;
      continue;
    }
    const plain = ctz(found);
    held += plain;
    from += plain;
    const next = load<u8>(from, 1);
    if (next == 0) {
      store<u8>(origin - <usize>held, 0xff);
      held++;
      from += 2;
    } else if (next == 0xff) {
      from++;
    } else {
      ended = true;
      endsAtMarker = true;
      break;
    }
  }
  while (!ended && held < WINDOW_BYTES && from < limit && limit - from < 18) {
    const byte = load<u8>(from);
    if (byte == 0xff) {
      if (from + 1 == limit) {
        if (!inputIsFinal()) break;
        from++;
        continue;
      }
      const next = load<u8>(from, 1);
      if (next == 0xff) {
        from++;
        continue;
      }
      if (next != 0) {
        ended = true;
        endsAtMarker = true;
        break;
      }
      from++;
    }
    store<u8>(origin - <usize>held, byte);
    held++;
    from++;
  }
  if (inputIsFinal() && from == limit) ended = true;
  bytesHeld = held;
  consumeTo(from);
}

/**
 * Drops the rest of the segment, in the window and in the input.
 * True when the cursor stands on a marker or at the file's end; false when more input is needed to get there.
 */
export function skipSegment(): bool {
  position = 0;
  bytesHeld = 0;
  while (!ended) {
    const before = inputCursor();
    takeInput();
    position = 0;
    bytesHeld = 0;
    if (!ended && inputCursor() == before) return false;
  }
  return true;
}

/** Declares the present segment empty, as when its data is lost; the input's cursor stays where it is. */
export function closeSegment(): void {
  bytesHeld = 0;
  position = 0;
  ended = true;
  memory.fill(origin - <usize>SLACK_BYTES + 1, 0, SLACK_BYTES);
}
