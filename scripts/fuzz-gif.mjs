// Fuzzes the GIF decoder: bytes anywhere, and aimed at screen, descriptor and LZW data.
// SEED, COUNT and SECONDS_MAX in the environment; needs dist/png.wasm.
import sharp from 'sharp';
import { decodeGifToTarget } from '../src/codec/scanline/gif.ts';
import { fuzz, mutateBytes } from './fuzz-codec.mjs';

const WIDTH = 64;
const HEIGHT = 48;

async function makeSeeds() {
  const pixels = Buffer.alloc(WIDTH * HEIGHT * 4, 255);
  for (let i = 0; i < pixels.length; i++) if (i % 4 < 3 || i > 9000) pixels[i] = (i * 5 + (i >> 6)) & 255;
  const image = () => sharp(pixels, { raw: { width: WIDTH, height: HEIGHT, channels: 4 } });
  const seeds = [];
  for (const progressive of [false, true]) {
    for (const colours of [2, 16, 256]) {
      seeds.push(await image().gif({ progressive, colours }).toBuffer());
      seeds.push(await image().removeAlpha().gif({ progressive, colours, dither: 0 }).toBuffer());
    }
  }
  return seeds.map((seed) => Uint8Array.from(seed));
}

function mutate(bytes, random) {
  if (random(3) === 0) return mutateBytes(bytes, random);
  const copy = Uint8Array.from(bytes);
  const frame = copy.indexOf(0x2c, 13);
  const [from, to] = [
    [0, 13],
    [13, frame],
    [frame, frame + 12],
    [frame + 10, copy.length],
  ][random(4)];
  for (let n = 1 + random(3); n > 0; n--) {
    const at = Math.min(copy.length - 1, from + random(Math.max(1, to - from)));
    copy[at] = random(2) ? random(256) : copy[at] ^ (1 << random(8));
  }
  return copy;
}

fuzz({ name: 'GIF', seeds: await makeSeeds(), mutate, decode: decodeGifToTarget });
