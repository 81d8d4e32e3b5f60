/**
 * CRC-32 of chunks (PNG 3rd ed. §5.5), eight bytes a step over eight tables of 1 KiB.
 *
 * Each step waits for the one before it, so long inputs go as three lanes side by side, which are joined with a table
 * that moves a CRC over one lane's length of zeros (CRC is linear).
 */

const TABLES = memory.data(8192, 16);
const MOVE = memory.data(4096, 16);
const POLYNOMIAL: u32 = 0xedb88320;
const LANE_BYTES: usize = 2048;
let isReady: bool = false;

function prepare(): void {
  for (let n: u32 = 0; n < 256; n++) {
    let value = n;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? POLYNOMIAL ^ (value >> 1) : value >> 1;
    store<u32>(TABLES + (<usize>n << 2), value);
  }
  for (let n: usize = 0; n < 256; n++) {
    let value = load<u32>(TABLES + (n << 2));
    for (let slice: usize = 1; slice < 8; slice++) {
      value = load<u32>(TABLES + (<usize>(value & 255) << 2)) ^ (value >> 8);
      store<u32>(TABLES + (slice << 10) + (n << 2), value);
    }
  }
  // One bit at a time over a lane of zeros; all other values are sums of these.
  for (let bit: usize = 0; bit < 32; bit++) {
    let value = <u32>1 << <u32>bit;
    for (let i: usize = 0; i < LANE_BYTES; i += 8) value = stepWord(<u64>value);
    store<u32>(MOVE + ((bit >> 3) << 10) + ((<usize>1 << (bit & 7)) << 2), value);
  }
  for (let byte: usize = 0; byte < 4; byte++) {
    const row = MOVE + (byte << 10);
    for (let n: usize = 3; n < 256; n++) {
      const rest = n & (n - 1);
      if (rest) store<u32>(row + (n << 2), load<u32>(row + (rest << 2)) ^ load<u32>(row + ((n ^ rest) << 2)));
    }
  }
  isReady = true;
}

@inline
function look(slice: usize, byte: u64): u32 {
  return load<u32>(TABLES + (slice << 10) + (<usize>(byte & 255) << 2));
}

/** Eight bytes, the CRC so far already mixed into the first four. */
@inline
function stepWord(word: u64): u32 {
  return look(7, word) ^ look(6, word >> 8) ^ look(5, word >> 16) ^ look(4, word >> 24)
    ^ look(3, word >> 32) ^ look(2, word >> 40) ^ look(1, word >> 48) ^ look(0, word >> 56);
}

@inline
function moveLane(crc: u32): u32 {
  return load<u32>(MOVE + (<usize>(crc & 255) << 2)) ^ load<u32>(MOVE + 1024 + (<usize>((crc >> 8) & 255) << 2))
    ^ load<u32>(MOVE + 2048 + (<usize>((crc >> 16) & 255) << 2)) ^ load<u32>(MOVE + 3072 + (<usize>(crc >> 24) << 2));
}

/** Goes on with `crc` (0 at first) over `bytes` bytes. */
export function crc32(crc: u32, from: usize, bytes: usize): u32 {
  if (!isReady) prepare();
  crc = ~crc;
  const end = from + bytes;
  while (from + 3 * LANE_BYTES <= end) {
    let second: u32 = 0;
    let third: u32 = 0;
    for (const laneEnd = from + LANE_BYTES; from < laneEnd; from += 8) {
      crc = stepWord(load<u64>(from) ^ <u64>crc);
      second = stepWord(load<u64>(from, LANE_BYTES) ^ <u64>second);
      third = stepWord(load<u64>(from, 2 * LANE_BYTES) ^ <u64>third);
    }
    crc = moveLane(moveLane(crc) ^ second) ^ third;
    from += 2 * LANE_BYTES;
  }
  while (from + 8 <= end) {
    crc = stepWord(load<u64>(from) ^ <u64>crc);
    from += 8;
  }
  while (from < end) {
    crc = look(0, <u64>(crc ^ <u32>load<u8>(from))) ^ (crc >> 8);
    from++;
  }
  return ~crc;
}
