/** CRC-32 of chunks (PNG 3rd ed. §5.5), eight bytes a step over eight tables of 1 KiB. */

const TABLES = memory.data(8192, 16);
const POLYNOMIAL: u32 = 0xedb88320;
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
  isReady = true;
}

@inline
function look(slice: usize, byte: u64): u32 {
  return load<u32>(TABLES + (slice << 10) + (<usize>(byte & 255) << 2));
}

/** Goes on with `crc` (0 at first) over `bytes` bytes. */
export function crc32(crc: u32, from: usize, bytes: usize): u32 {
  if (!isReady) prepare();
  crc = ~crc;
  const end = from + bytes;
  while (from + 8 <= end) {
    const word = load<u64>(from) ^ <u64>crc;
    crc = look(7, word) ^ look(6, word >> 8) ^ look(5, word >> 16) ^ look(4, word >> 24)
      ^ look(3, word >> 32) ^ look(2, word >> 40) ^ look(1, word >> 48) ^ look(0, word >> 56);
    from += 8;
  }
  while (from < end) {
    crc = look(0, <u64>(crc ^ <u32>load<u8>(from))) ^ (crc >> 8);
    from++;
  }
  return ~crc;
}
