// Takes the path tracer's grain away before the film adds its own: an edge-avoiding à-trous wavelet filter.
import { CHANNELS } from './render.mjs';

const KERNEL = [1 / 16, 1 / 4, 3 / 8, 1 / 4, 1 / 16];
const PASSES = 4;
// A lucky path is often two pixels wide: the second pass takes what the first left of it.
const SPECKLE_PASSES = 2;

/**
 * Filters the light (radiance over albedo) across neighbours that share normal, distance and brightness, so that
 * texture stays as sharp as it was traced.
 * Dammertz et al. 2010 for the wavelet; the brightness tolerance follows each pixel's own variance.
 * @param {Float32Array} traced {@link CHANNELS} values a pixel
 * @returns {Float32Array} linear RGB, 3 values a pixel
 */
export function denoise(traced, width, height, strength = 1) {
  const total = width * height;
  let light = new Float32Array(total * 3),
    next = new Float32Array(total * 3);
  let variance = new Float32Array(total),
    nextVariance = new Float32Array(total);
  for (let pixel = 0; pixel < total; pixel++) {
    const base = pixel * CHANNELS;
    let albedo = 0;
    for (let channel = 0; channel < 3; channel++) {
      const tint = traced[base + 3 + channel] + 0.02;
      light[pixel * 3 + channel] = traced[base + channel] / tint;
      albedo += tint / 3;
    }
    variance[pixel] = traced[base + 10] / (albedo * albedo);
  }
  for (let pass = 0; pass < SPECKLE_PASSES; pass++) removeSpeckles(light, variance, width, height);
  variance = blurVariance(variance, width, height);
  for (let pass = 0; pass < PASSES; pass++) {
    filterOnce(traced, light, variance, next, nextVariance, width, height, 1 << pass, strength);
    [light, next] = [next, light];
    [variance, nextVariance] = [nextVariance, variance];
  }
  for (let pixel = 0; pixel < total; pixel++) {
    for (let channel = 0; channel < 3; channel++) light[pixel * 3 + channel] *= traced[pixel * CHANNELS + 3 + channel] + 0.02;
  }
  return light;
}

function filterOnce(traced, light, variance, next, nextVariance, width, height, step, strength) {
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const pixel = y * width + x,
        base = pixel * CHANNELS;
      const here = luminance(light, pixel);
      const tolerance = 1 / (strength * 3.5 * Math.sqrt(variance[pixel]) + 1e-4);
      const depthTolerance = 1 / (0.02 * step * traced[base + 9] + 1e-4);
      let r = 0,
        g = 0,
        b = 0,
        weights = 0,
        spread = 0;
      for (let ky = -2; ky <= 2; ky++) {
        const qy = y + ky * step;
        if (qy < 0 || qy >= height) continue;
        for (let kx = -2; kx <= 2; kx++) {
          const qx = x + kx * step;
          if (qx < 0 || qx >= width) continue;
          const other = qy * width + qx,
            q = other * CHANNELS;
          const nx = traced[base + 6] - traced[q + 6],
            ny = traced[base + 7] - traced[q + 7],
            nz = traced[base + 8] - traced[q + 8];
          const ar = traced[base + 3] - traced[q + 3],
            ag = traced[base + 4] - traced[q + 4],
            ab = traced[base + 5] - traced[q + 5];
          const away =
            Math.abs(luminance(light, other) - here) * tolerance +
            Math.abs(traced[base + 9] - traced[q + 9]) * depthTolerance +
            (nx * nx + ny * ny + nz * nz) * 24 +
            (ar * ar + ag * ag + ab * ab) * 12;
          const weight = KERNEL[ky + 2] * KERNEL[kx + 2] * Math.exp(-away);
          r += light[other * 3] * weight;
          g += light[other * 3 + 1] * weight;
          b += light[other * 3 + 2] * weight;
          weights += weight;
          spread += variance[other] * weight * weight;
        }
      }
      next[pixel * 3] = r / weights;
      next[pixel * 3 + 1] = g / weights;
      next[pixel * 3 + 2] = b / weights;
      nextVariance[pixel] = spread / (weights * weights);
    }
  }
}

function luminance(light, pixel) {
  return 0.2126 * light[pixel * 3] + 0.7152 * light[pixel * 3 + 1] + 0.0722 * light[pixel * 3 + 2];
}

// One pixel's own variance is itself a noisy guess; its neighbourhood's mean is steadier. A pixel that is worse than its
// neighbourhood keeps its own, so that it yields to them.
function blurVariance(variance, width, height) {
  const blurred = new Float32Array(variance.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0,
        count = 0;
      for (let qy = Math.max(0, y - 2); qy <= Math.min(height - 1, y + 2); qy++) {
        for (let qx = Math.max(0, x - 2); qx <= Math.min(width - 1, x + 2); qx++) {
          sum += variance[qy * width + qx];
          count++;
        }
      }
      blurred[y * width + x] = Math.max(sum / count, variance[y * width + x]);
    }
  }
  return blurred;
}

// A pixel above all but two of its neighbours is a lucky path, not a light: it takes the third brightest's level.
function removeSpeckles(light, variance, width, height) {
  const source = light.slice();
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const pixel = y * width + x;
      let most = 0,
        second = 0,
        third = 0;
      for (let index = 0; index < 9; index++) {
        if (index === 4) continue;
        const level = luminance(source, pixel + (Math.floor(index / 3) - 1) * width + (index % 3) - 1);
        if (level > most) {
          third = second;
          second = most;
          most = level;
        } else if (level > second) {
          third = second;
          second = level;
        } else if (level > third) third = level;
      }
      const here = luminance(source, pixel);
      if (here <= third * 1.1) continue;
      const scale = (third * 1.1) / here;
      for (let channel = 0; channel < 3; channel++) light[pixel * 3 + channel] *= scale;
      variance[pixel] *= scale * scale;
    }
  }
}
