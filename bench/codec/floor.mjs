/**
 * What no decoder can do without, in CPU ms; NaN where nothing is measured.
 *
 * JPEG: libjpeg-turbo (inside sharp) at an eighth of the size, which reads every coefficient, of progressive files too, and transforms one of
 * each block. PNG: `libdeflate-gzip` (Debian: libdeflate-tools) on the zlib stream; without it, Node's zlib, which is slower.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { crc32, inflateSync } from 'node:zlib';
import sharp from 'sharp';

const UNLIMITED = { limitInputPixels: false, unlimited: true };
const hasLibdeflate = spawnSync('libdeflate-gzip', ['-h']).error === undefined;

export async function floorMs(bytes, info) {
  if (info.format === 'jpeg') {
    const size = { width: Math.ceil(info.storedWidth / 8), height: Math.ceil(info.storedHeight / 8) };
    return cpuMs(() => sharp(bytes, UNLIMITED).resize(size.width, size.height, { fit: 'fill', kernel: 'nearest' }).raw().toBuffer());
  }
  if (info.format !== 'png') return NaN;
  const stream = imageData(bytes);
  return hasLibdeflate ? libdeflateMs(stream) : cpuMs(async () => inflateSync(stream));
}

async function cpuMs(work) {
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/** The zlib stream of a PNG: its IDAT chunks joined. */
function imageData(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const parts = [];
  for (let at = 8; at + 12 <= bytes.length; at += view.getUint32(at) + 12) {
    if (view.getUint32(at + 4) === 0x49444154) parts.push(bytes.subarray(at + 8, at + 8 + view.getUint32(at)));
  }
  return Buffer.concat(parts);
}

/** The same deflate data in the clothes of gzip (RFC 1952), decompressed by a process whose CPU time the shell tells. */
function libdeflateMs(stream) {
  const plain = inflateSync(stream);
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc32(plain), 0);
  trailer.writeUInt32LE(plain.length % 2 ** 32, 4);
  const path = `${tmpdir()}/vignette-floor-${process.pid}.gz`;
  writeFileSync(path, Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]), stream.subarray(2, -4), trailer]));
  const { stderr, status } = spawnSync('bash', ['-c', 'TIMEFORMAT="%U %S"; time libdeflate-gzip -d -c "$0" > /dev/null; code=$?; rm "$0"; exit $code', path]);
  if (status !== 0) throw new Error(`libdeflate-gzip: ${stderr}`);
  return String(stderr)
    .trim()
    .split(/\s+/)
    .reduce((sum, seconds) => sum + Number(seconds) * 1000, 0);
}
