/** The pictures of the codec bench, made once under dist/bench: photographs at a camera's density of detail, and screenshots. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

const FOLDER = fileURLToPath(new URL('../../dist/bench/', import.meta.url));
const PHOTOGRAPH = fileURLToPath(new URL('../../public/samples/harbour-at-dusk.jpg', import.meta.url));
const SCREENSHOT = fileURLToPath(new URL('../../public/samples/dashboard.png', import.meta.url));
const UNLIMITED = { limitInputPixels: false, unlimited: true };

/** A row cannot be measured here. */
export class MissingTool extends Error {
  name = 'MissingTool';
}

/** An encoding that sharp does not write: by `cjpeg` of libjpeg-turbo with these options. */
export function cjpeg(...options) {
  return (image) => ({
    async toBuffer() {
      const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
      const input = Buffer.concat([Buffer.from(`P6\n${info.width} ${info.height}\n255\n`), data]);
      const { stdout, error, status } = spawnSync('cjpeg', options, { input, maxBuffer: 2 ** 28 });
      if (error !== undefined) throw new MissingTool('needs cjpeg (Debian: libjpeg-turbo-progs)');
      if (status !== 0) throw new Error(`cjpeg ${options.join(' ')} ended with ${status}`);
      return stdout;
    },
  });
}

/** The file `name`, made at first use: `encode` gets a sharp pipeline, and gives one that is still to be run. */
export async function picture(name, width, height, content, encode) {
  mkdirSync(FOLDER, { recursive: true });
  const path = `${FOLDER}${name}`;
  if (!existsSync(path)) {
    const raw = await tile(content === 'screenshot' ? SCREENSHOT : PHOTOGRAPH, width, height, content === 'photograph' ? 6 : 0);
    writeFileSync(path, await encode(sharp(raw, { raw: { width, height, channels: 3 }, ...UNLIMITED })).toBuffer());
  }
  return new Uint8Array(readFileSync(path));
}

/**
 * Mirror-tiles a picture at its own density, so that a large one has the entropy of a real one instead of an enlarged
 * one; `grain` adds sensor noise of so many levels.
 */
async function tile(path, width, height, grain) {
  const { data, info } = await sharp(path).removeAlpha().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  const out = Buffer.allocUnsafe(width * height * 3);
  let seed = 1;
  for (let y = 0, at = 0; y < height; y++) {
    const row = fold(y, info.height) * info.width;
    for (let x = 0; x < width; x++) {
      const from = (row + fold(x, info.width)) * 3;
      seed = (Math.imul(seed, 1103515245) + 12345) | 0;
      const noise = grain === 0 ? 0 : ((seed >>> 16) % (2 * grain + 1)) - grain;
      for (let channel = 0; channel < 3; channel++) out[at++] = Math.max(0, Math.min(255, data[from + channel] + noise));
    }
  }
  return out;
}

function fold(position, length) {
  const within = position % (2 * length);
  return within < length ? within : 2 * length - 1 - within;
}
