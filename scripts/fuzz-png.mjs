// Fuzzes the PNG decoder: bytes, chunks with their CRC mended, and the zlib stream behind a right CRC.
// SEED, COUNT and SECONDS_MAX in the environment; needs dist/png.wasm.
import { crc32, deflateSync, inflateSync } from 'node:zlib';
import sharp from 'sharp';
import { decodePngToTarget } from '../src/codec/scanline/png.ts';
import { fuzz, mutateBytes } from './fuzz-codec.mjs';

const WIDTH = 64;
const HEIGHT = 48;

async function makeSeeds() {
  const pixels = Buffer.alloc(WIDTH * HEIGHT * 4, 255);
  for (let i = 0; i < pixels.length; i++) if (i % 4 < 3 || i > 6000) pixels[i] = (i * 7 + (i >> 5)) & 255;
  const image = () => sharp(pixels, { raw: { width: WIDTH, height: HEIGHT, channels: 4 } });
  const seeds = [];
  for (const progressive of [false, true]) {
    for (const adaptiveFiltering of [false, true]) {
      const options = { progressive, adaptiveFiltering };
      seeds.push(await image().png(options).toBuffer());
      seeds.push(await image().removeAlpha().png(options).toBuffer());
      seeds.push(
        await image()
          .png({ ...options, palette: true, colours: 12 })
          .toBuffer(),
      );
      seeds.push(await image().toColourspace('b-w').png(options).toBuffer());
      seeds.push(await image().toColourspace('rgb16').png(options).toBuffer());
      seeds.push(
        await image()
          .png({ ...options, compressionLevel: 0 })
          .toBuffer(),
      );
    }
  }
  return seeds.map((seed) => mergeData(Uint8Array.from(seed)));
}

/** All IDAT chunks as one, so that a mutant's zlib stream can be remade whole. */
function mergeData(bytes) {
  const chunks = split(bytes);
  const first = chunks.findIndex(({ type }) => type === 'IDAT');
  const data = Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map((chunk) => chunk.data));
  const others = chunks.filter(({ type }) => type !== 'IDAT');
  others.splice(first, 0, { type: 'IDAT', data: Uint8Array.from(data) });
  return join(bytes, others);
}

function split(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const chunks = [];
  for (let at = 8; at + 12 <= bytes.length;) {
    const length = view.getUint32(at);
    chunks.push({ type: String.fromCharCode(...bytes.subarray(at + 4, at + 8)), data: bytes.subarray(at + 8, at + 8 + length) });
    at += length + 12;
  }
  return chunks;
}

function join(bytes, chunks) {
  const parts = [bytes.subarray(0, 8)];
  for (const { type, data } of chunks) {
    const chunk = Buffer.alloc(data.length + 12);
    chunk.writeUInt32BE(data.length, 0);
    chunk.write(type, 4, 'latin1');
    chunk.set(data, 8);
    chunk.writeUInt32BE(crc32(chunk.subarray(4, data.length + 8)), data.length + 8);
    parts.push(chunk);
  }
  return Uint8Array.from(Buffer.concat(parts));
}

function mutate(bytes, random) {
  if (random(5) === 0) return mutateBytes(bytes, random);
  const chunks = split(bytes);
  const index = random(chunks.length);
  const chunk = chunks[index];
  switch (random(6)) {
    case 0:
      chunks.splice(index, 1);
      break;
    case 1:
      chunks.splice(random(chunks.length), 0, chunk);
      break;
    case 2:
      if (chunk.data.length) chunk.data = mutateBytes(chunk.data, random);
      break;
    case 3: {
      const data = chunks.find(({ type }) => type === 'IDAT');
      if (data) data.data = mutateBytes(data.data, random);
      break;
    }
    case 4: {
      const data = chunks.find(({ type }) => type === 'IDAT');
      if (data) data.data = deflateSync(mutateBytes(inflateSync(data.data), random), { level: random(10) });
      break;
    }
    default: {
      const header = Uint8Array.from(chunks[0].data);
      header[[1, 2, 3, 5, 6, 7, 8, 9, 12][random(9)]] = random(3) ? random(17) : random(256);
      chunks[0].data = header;
    }
  }
  return join(bytes, chunks);
}

fuzz({ name: 'PNG', seeds: await makeSeeds(), mutate, decode: decodePngToTarget });
