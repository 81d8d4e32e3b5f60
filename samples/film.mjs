// From scene light to a developed photograph: glare, exposure, tone curve, fall-off, grain, 8 bits.
import sharp from 'sharp';
import { createRandom } from './noise.mjs';

/**
 * Develops linear light into an sRGB picture.
 * @param {Float32Array} light linear RGB, row-major, 3 values a pixel
 * @param {{width: number, height: number, exposure?: number, warmth?: number, glare?: number, contrast?: number,
 *   saturation?: number, fallOff?: number, grain?: number, enlarge?: number, sharpen?: number, seed?: number}} look
 *   `enlarge` scales the picture up (Lanczos) before sharpening and grain
 * @returns {Promise<{data: Buffer, width: number, height: number}>} RGB, 8 bits a channel
 */
export async function develop(light, look) {
  const { width, height, exposure = 1, warmth = 0, glare = 0.04, contrast = 1, saturation = 1, fallOff = 0.25 } = look;
  const { grain = 0.012, enlarge = 1, sharpen = 0, seed = 7 } = look;
  const halo = glare > 0 ? await blur(light, width, height, width / 60) : light;
  const tones = new Float32Array(width * height * 3);
  const balance = [1 + 0.12 * warmth, 1, 1 - 0.16 * warmth];
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      const dx = (x / width - 0.5) * 2,
        dy = (y / height - 0.5) * 2;
      const shade = 1 - fallOff * ((dx * dx + dy * dy) / 2) ** 1.4;
      const rgb = [0, 1, 2].map((channel) =>
        filmCurve((light[at + channel] * (1 - glare) + halo[at + channel] * glare) * exposure * shade * balance[channel], contrast),
      );
      const grey = 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2];
      for (let channel = 0; channel < 3; channel++) tones[at + channel] = grey + (rgb[channel] - grey) * saturation;
    }
  }
  let picture = { data: tones, width, height };
  if (enlarge !== 1) picture = await resizeTones(picture, enlarge);
  if (sharpen > 0) await sharpenTones(picture, sharpen);
  return addGrain(picture, grain, seed);
}

/** sRGB's curve (IEC 61966-2-1) from linear 0..1 to encoded 0..1. */
export function encodeSrgb(linear) {
  return linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
}

/** sRGB's curve backwards: encoded 0..1 to linear 0..1. */
export function decodeSrgb(encoded) {
  return encoded <= 0.04045 ? encoded / 12.92 : ((encoded + 0.055) / 1.055) ** 2.4;
}

// Negative film's S: straight in the middle, a soft toe, and a long shoulder that keeps lamps from clipping at once.
function filmCurve(value, contrast) {
  const x = Math.max(0, value);
  const shouldered = (x * (1 + x / 9)) / (1 + x * 0.86);
  const encoded = encodeSrgb(Math.min(1, shouldered * 1.12));
  const pivot = 0.42;
  const bent = encoded + (contrast - 1) * (encoded - pivot) * 4 * encoded * (1 - encoded);
  return Math.min(1, Math.max(0, bent));
}

// Three box blurs come close to a Gaussian; this works on values above 1, which an 8-bit blur would clip.
async function blur(light, width, height, radius) {
  let from = light,
    to = new Float32Array(light.length),
    spare = new Float32Array(light.length);
  const reach = Math.max(1, Math.round(radius / 2));
  for (let pass = 0; pass < 3; pass++) {
    boxBlur(from, to, width, height, reach, 3, width * 3);
    boxBlur(to, spare, height, width, reach, width * 3, 3);
    from = spare;
  }
  return spare;
}

function boxBlur(from, to, length, lines, reach, step, lineStep) {
  for (let line = 0; line < lines; line++) {
    for (let channel = 0; channel < 3; channel++) {
      const start = line * lineStep + channel;
      const at = (index) => from[start + Math.min(length - 1, Math.max(0, index)) * step];
      let sum = 0;
      for (let index = -reach; index <= reach; index++) sum += at(index);
      for (let index = 0; index < length; index++) {
        to[start + index * step] = sum / (2 * reach + 1);
        sum += at(index + reach + 1) - at(index - reach);
      }
    }
  }
}

async function resizeTones({ data, width, height }, enlarge) {
  const wide = Math.round(width * enlarge),
    high = Math.round(height * enlarge);
  const deep = Uint16Array.from(data, (value) => Math.min(1, Math.max(0, value)) * 65535);
  const resized = await sharp(deep, { raw: { width, height, channels: 3 } })
    .resize(wide, high, { kernel: 'lanczos3', fit: 'fill' })
    .toColourspace('rgb16')
    .raw({ depth: 'ushort' })
    .toBuffer();
  const values = new Uint16Array(resized.buffer, resized.byteOffset, resized.length / 2);
  return { data: Float32Array.from(values, (value) => value / 65535), width: wide, height: high };
}

async function sharpenTones({ data, width, height }, amount) {
  const soft = await blur(data, width, height, 2);
  for (let index = 0; index < data.length; index++) data[index] += (data[index] - soft[index]) * amount;
}

// Sensor noise: strongest in the lower mid-tones, mostly brightness, a little colour, and softened as by demosaicing.
function addGrain({ data, width, height }, grain, seed) {
  const random = createRandom(seed);
  const bytes = Buffer.alloc(data.length);
  const field = new Float32Array(width * height);
  for (let index = 0; index < field.length; index++) field[index] = random() + random() + random() - 1.5;
  for (let pixel = 0; pixel < field.length; pixel++) {
    const at = pixel * 3;
    const grey = 0.3 * data[at] + 0.6 * data[at + 1] + 0.1 * data[at + 2];
    const strength = grain * (0.5 + 2 * Math.sqrt(Math.max(0, grey)) * (1 - 0.75 * grey));
    const shared = (field[pixel] + 0.5 * (field[pixel + 1] ?? 0) + 0.5 * (field[pixel + width] ?? 0)) * strength;
    for (let channel = 0; channel < 3; channel++) {
      const own = (random() - 0.5) * strength * (channel === 1 ? 0.4 : 0.9);
      // A random half step before rounding keeps skies and walls free of bands.
      const value = (data[at + channel] + shared + own) * 255 + random();
      bytes[at + channel] = Math.min(255, Math.max(0, Math.floor(value)));
    }
  }
  return { data: bytes, width, height };
}
