/** The markers of a baseline JPEG before its one scan (T.81 B.2): SOI, JFIF, DQT, SOF0, DHT, SOS. */
import { putByte, putWord } from './jpeg-output';
import { quantisationValue, STANDARD_COUNTS, standardSymbolCount, standardSymbols } from './jpeg-table';

/** Writes everything up to the first entropy-coded byte. Three components with luma sampled `factor` by `factor`, or gray. */
export function writeHeader(width: i32, height: i32, quality: i32, isGray: bool, factor: i32): void {
  const components = isGray ? 1 : 3;
  const tables = isGray ? 1 : 2;
  putWord(0xffd8);
  writeJfif();
  for (let table = 0; table < tables; table++) {
    putWord(0xffdb);
    putWord(67);
    putByte(table);
    for (let k = 0; k < 64; k++) putByte(quantisationValue(table, k, quality));
  }
  putWord(0xffc0);
  putWord(8 + 3 * components);
  putByte(8);
  putWord(height);
  putWord(width);
  putByte(components);
  for (let i = 0; i < components; i++) {
    putByte(i + 1);
    putByte(i == 0 ? factor * 0x11 : 0x11);
    putByte(i == 0 ? 0 : 1);
  }
  for (let table = 0; table < 4; table++) if (!isGray || (table & 1) == 0) writeHuffman(table);
  putWord(0xffda);
  putWord(6 + 2 * components);
  putByte(components);
  for (let i = 0; i < components; i++) {
    putByte(i + 1);
    putByte(i == 0 ? 0x00 : 0x11);
  }
  putByte(0);
  putByte(63);
  putByte(0);
}

/** JFIF 1.01, no density, no thumbnail (T.871 10.1). */
function writeJfif(): void {
  putWord(0xffe0);
  putWord(16);
  putWord(0x4a46);
  putWord(0x4946);
  putByte(0);
  putWord(0x0101);
  putByte(0);
  putWord(1);
  putWord(1);
  putWord(0);
}

/** Standard table 0 to 3 in the order DC luma, DC chroma, AC luma, AC chroma. */
function writeHuffman(table: i32): void {
  const count = standardSymbolCount(table);
  const symbols = standardSymbols(table);
  putWord(0xffc4);
  putWord(19 + count);
  putByte(((table >> 1) << 4) | (table & 1));
  for (let i = 0; i < 16; i++) putByte(load<u8>(STANDARD_COUNTS + <usize>(16 * table + i)));
  for (let i = 0; i < count; i++) putByte(load<u8>(symbols + <usize>i));
}
