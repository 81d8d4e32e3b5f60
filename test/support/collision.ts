/**
 * Files that differ and have one MD5, or one SHA-1. The colliding blocks are data: those of MD5 were computed for the beginning below, those of
 * SHA-1 are the published ones of 2017. Tests compute the hashes again before they rely on them.
 */

const ascii = (text: string) => new TextEncoder().encode(text);

/** Begins both pictures: 64 x 64, a table of red and blue, and a comment whose second part begins at byte 83, in the colliding blocks. */
const GIF_BEGINNING = [
  ascii('GIF89a'),
  // Width and height; a colour table of two follows.
  [64, 0, 64, 0, 0x80, 0, 0],
  [200, 40, 40, 40, 40, 200],
  [0x21, 0xfe, 61],
  ascii('two pictures with the same MD5'),
].flatMap((part) => [...part]);
const SPACE = 0x20;
/** MD5 works on blocks of this many bytes (RFC 1321 §3.4). */
const BLOCK_BYTES = 64;

/** Two blocks each, with one MD5 behind the beginning. They differ in seven bytes, of which the first is the length of a part of the comment. */
const MD5_BLOCKS = [
  'ef74a94c72fcf7d714e949c3105335a494684c75ffc66581e0bea6ae2e9e5389c16d345dfb8d53ac0bb0748d81690965fa1e46ee0a26baf2b759f4ac93ee4536f0e7471f34be6fd1cb8e1a551a9061cc19b31cc4c1437e0bfa5857c5509a12dfc5a7fbf789d33de54e095e988950158ecf88aa81c6b16b68870b72b4bb3951a7',
  'ef74a94c72fcf7d714e949c3105335a494684cf5ffc66581e0bea6ae2e9e5389c16d345dfb8d53ac0bb0748d81e90965fa1e46ee0a26baf2b759f42c93ee4536f0e7471f34be6fd1cb8e1a551a9061cc19b31c44c1437e0bfa5857c5509a12dfc5a7fbf789d33de54e095e9889d0148ecf88aa81c6b16b68870b7234bb3951a7',
];
/** Where the comment of each ends: the length at byte 83 is 117 in one and 245 in the other. */
const COMMENT_ENDS = [83 + 1 + 117, 83 + 1 + 245];

/** Two GIF files of one size and one MD5: the first shows red, the second blue. */
export function md5Pictures(): readonly [red: Uint8Array<ArrayBuffer>, blue: Uint8Array<ArrayBuffer>] {
  const [red = '', blue = ''] = MD5_BLOCKS;
  return [gifWith(red), gifWith(blue)];
}

/** The beginning, these blocks, and both pictures, of which the comment hides one. */
function gifWith(blocks: string): Uint8Array<ArrayBuffer> {
  const pictures = [solidPicture(0), solidPicture(1)];
  const file = new Uint8Array((COMMENT_ENDS.at(-1) ?? 0) + 1 + (pictures.at(-1)?.length ?? 0)).fill(SPACE);
  file.set(GIF_BEGINNING);
  file.set(Uint8Array.fromHex(blocks), BLOCK_BYTES);
  for (const [index, end] of COMMENT_ENDS.entries()) file.set([0, ...(pictures[index] ?? [])], end);
  return file;
}

/**
 * The image descriptor, the pixels and the trailer of a 64 x 64 picture in one colour of two (GIF89a §20, §22, §27). In LZW each code
 * is the run that the one before began, one pixel longer: 90 of them make 4,095 pixels, and one more the last.
 */
function solidPicture(colour: number): number[] {
  const [clear, end, first] = [4, 5, 6];
  const runs = Array.from({ length: 90 }, (_, index) => (index === 0 ? colour : first + index - 1));
  const bits: number[] = [];
  const write = (code: number, width: number) => bits.push(...Array.from({ length: width }, (_, bit) => (code >> bit) & 1));
  // A reader's table grows with each code but the first; its size sets the width.
  const widthAt = (index: number) => (first + Math.max(0, index - 1)).toString(2).length;
  write(clear, 3);
  for (const [index, code] of [...runs, colour, end].entries()) write(code, widthAt(index));
  const bytes = Array.from({ length: Math.ceil(bits.length / 8) }, (_, at) =>
    bits.slice(at * 8, at * 8 + 8).reduce((sum, bit, place) => sum | (bit << place), 0),
  );
  return [0x2c, 0, 0, 0, 0, 64, 0, 64, 0, 0, 2, bytes.length, ...bytes, 0, 0x3b];
}

/** Begins both documents of 2017: a PDF, in which a JPEG begins. */
const PDF_BEGINNING =
  '255044462d312e330a25e2e3cfd30a0a0a312030206f626a0a3c3c2f57696474682032203020522f4865696768742033203020522f547970652034203020522f537562747970652035203020522f46696c7465722036203020522f436f6c6f7253706163652037203020522f4c656e6774682038203020522f42697473506572436f6d706f6e656e7420383e3e0a73747265616d0affd8fffe00245348412d3120697320646561642121212121852fec092339759c39b1a1c63c4c97e1fffe01';
const SHA1_BLOCKS = [
  '7f46dc93a6b67e013b029aaa1db2560b45ca67d688c7f84b8c4c791fe02b3df614f86db1690901c56b45c1530afedfb76038e972722fe7ad728f0e4904e046c230570fe9d41398abe12ef5bc942be33542a4802d98b5d70f2a332ec37fac3514e74ddc0f2cc1a874cd0c78305a21566461309789606bd0bf3f98cda8044629a1',
  '7346dc9166b67e118f029ab621b2560ff9ca67cca8c7f85ba84c79030c2b3de218f86db3a90901d5df45c14f26fedfb3dc38e96ac22fe7bd728f0e45bce046d23c570feb141398bb552ef5a0a82be331fea48037b8b5d71f0e332edf93ac3500eb4ddc0decc1a864790c782c76215660dd309791d06bd0af3f98cda4bc4629b1',
];

/** The first 320 bytes of two PDF files with one SHA-1: enough for whoever hashes them, whatever follows. */
export function sha1Documents(): readonly [one: Uint8Array<ArrayBuffer>, other: Uint8Array<ArrayBuffer>] {
  const [one = '', other = ''] = SHA1_BLOCKS;
  return [Uint8Array.fromHex(PDF_BEGINNING + one), Uint8Array.fromHex(PDF_BEGINNING + other)];
}
