// A photograph of a harbour after sunset: boats at their moorings, a lighthouse, lit windows, all doubled in the water.
import sharp from 'sharp';
import { createRandom, fbm3, mix, noise3, smoothstep } from '../noise.mjs';
import { develop } from '../film.mjs';
import { saveJpeg } from '../save.mjs';
import { boatDrawing, lighthouseDrawing, townDrawing } from '../drawing/harbour.mjs';

const SIZE = { width: 1800, height: 1200 };
const EYE_HEIGHT = 2.6;
const FOV_DEGREES = 37;
// How far down the picture the horizon lies, and where on it the sun went under (tangent of its bearing).
const HORIZON = 0.57;
const SUN_BEARING = 0.16;
const WATER_REACH = 6000;

/** Renders `harbour-at-dusk.jpg`, 1800 × 1200. */
export async function render({ samples = 16, scale = 1 } = {}) {
  const width = SIZE.width / scale,
    height = SIZE.height / scale;
  const planes = await Promise.all([
    loadPlane(boatDrawing({ seed: 1, hull: '#8d99ad', light: '#ffb36b' }), { distance: 46, left: 3.1, bottom: -0.34 }),
    loadPlane(boatDrawing({ seed: 4, hull: '#2c3a52' }), { distance: 88, left: -19, bottom: -0.34, isMirrored: true }),
    loadPlane(boatDrawing({ seed: 6, hull: '#76808f', light: '#ffbf7d' }), { distance: 118, left: 6, bottom: -0.34, isMirrored: true }),
    loadPlane(boatDrawing({ seed: 9, hull: '#4d3336' }), { distance: 140, left: -9, bottom: -0.34 }),
    loadPlane(boatDrawing({ seed: 12, hull: '#6a7482' }), { distance: 165, left: 46, bottom: -0.34 }),
    loadPlane(lighthouseDrawing(), { distance: 420, left: -152, bottom: -0.3 }),
    loadPlane(townDrawing(), { distance: 760, left: -420, bottom: -0.5 }),
  ]);
  const light = new Float32Array(width * height * 3);
  const random = createRandom(3),
    colour = [0, 0, 0];
  const slope = (2 * Math.tan((FOV_DEGREES * Math.PI) / 360)) / height;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 3;
      for (let sample = 0; sample < samples; sample++) {
        const dx = (x + random() - width / 2) * slope,
          dy = (height * HORIZON - y - random()) * slope;
        look(planes, dx, dy, random, colour);
        // A firm lid on single glints keeps the lamps' reflections from becoming confetti.
        for (let channel = 0; channel < 3; channel++) light[at + channel] += Math.min(6, colour[channel]) / samples;
      }
    }
  }
  const picture = await develop(light, {
    width,
    height,
    exposure: 1.25,
    warmth: 0.05,
    glare: 0.09,
    contrast: 1.18,
    saturation: 1.06,
    fallOff: 0.35,
    grain: 0.01,
    sharpen: 0.3,
    seed: 5,
  });
  await saveJpeg('harbour-at-dusk.jpg', picture, { quality: 84 });
}

// What the camera sees along (dx, dy, 1): the world above the water, or the water and what it mirrors.
function look(planes, dx, dy, random, colour) {
  const reach = dy < 0 ? -EYE_HEIGHT / dy : Infinity;
  if (reach > WATER_REACH) return above(planes, 0, EYE_HEIGHT, 0, dx, Math.max(dy, 0), 1, colour, Infinity);
  if (above(planes, 0, EYE_HEIGHT, 0, dx, dy, 1, colour, reach)) return true;
  const x = dx * reach,
    z = reach;
  // Far off, the ripples hide each other's steep sides, and the water looks smoother than it is.
  // Ripples in three sizes; slopes along the view are larger, as a breeze across the harbour makes them.
  const calm = mix(0.55, 1, smoothstep(-0.25, 0.3, fbm3(x * 0.02, 4, z * 0.011, 3)));
  const gust = 0.05 * calm * mix(1, 0.4, smoothstep(60, 900, z));
  const sx = gust * (0.8 * noise3(x * 0.9, 1, z * 0.55) + 0.6 * noise3(x * 2.7, 2, z * 1.7) + 0.35 * (random() - 0.5));
  const sz = gust * (0.9 * noise3(x * 0.45, 5, z * 0.9) + 0.7 * noise3(x * 1.3, 6, z * 2.6) + 0.45 * noise3(x * 5, 8, z * 7) + 0.35 * (random() - 0.5));
  const length = Math.hypot(dx, dy, 1),
    normal = Math.hypot(sx, 1, sz);
  const nx = sx / normal,
    ny = 1 / normal,
    nz = sz / normal;
  const cosine = Math.max(0.001, -(dx * nx + dy * ny + nz) / length);
  const rx = dx / length + 2 * cosine * nx,
    ry = Math.max(0.002, dy / length + 2 * cosine * ny),
    rz = Math.max(0.05, 1 / length + 2 * cosine * nz);
  above(planes, x, 0, z, rx, ry, rz, colour, Infinity);
  const mirror = 0.02 + 0.98 * (1 - cosine) ** 5;
  const deep = [0.008, 0.017, 0.026];
  for (let channel = 0; channel < 3; channel++) colour[channel] = colour[channel] * mirror * 0.94 + deep[channel] * (1 - mirror);
  return true;
}

// The first painted plane on the ray, else hills, else the sky; false when the water comes first.
function above(planes, ox, oy, oz, dx, dy, dz, colour, reach) {
  let through = 1;
  const r = [0, 0, 0];
  for (const plane of planes) {
    const t = (plane.distance - oz) / dz;
    if (t <= 0.01 || t > reach) continue;
    const alpha = readPlane(plane, ox + dx * t, oy + dy * t);
    if (alpha <= 0) continue;
    // Evening haze takes the contrast from what is far.
    const haze = 1 - Math.exp(-plane.distance / 2600);
    for (let channel = 0; channel < 3; channel++) r[channel] += through * alpha * mix(texel[channel], HAZE[channel], haze);
    through *= 1 - alpha;
    if (through < 0.01) break;
  }
  const isWaterNext = reach !== Infinity;
  if (isWaterNext && through > 0.99) return false;
  const far = isWaterNext ? [0.05, 0.06, 0.09] : distant(ox, dx / dz, dy / dz + oy / WATER_REACH);
  for (let channel = 0; channel < 3; channel++) colour[channel] = r[channel] + through * far[channel];
  return true;
}

const HAZE = [0.34, 0.24, 0.26];
const texel = [0, 0, 0];

// Two ranges of hills before the sky; `bearing` and `rise` are tangents.
function distant(ox, bearing, rise) {
  const near = 0.021 + 0.022 * fbm3(bearing * 5 + 3, 1, 0, 5) + 0.028 * smoothstep(-0.1, -0.75, bearing);
  if (rise < near) return tint(sky(bearing, 0.012), [0.17, 0.17, 0.24], 0.72);
  const back = 0.04 + 0.035 * fbm3(bearing * 3.1 + 8, 2, 0, 5) + 0.03 * smoothstep(0.1, 0.7, bearing);
  if (rise < back) return tint(sky(bearing, 0.03), [0.3, 0.27, 0.36], 0.5);
  return sky(bearing, rise);
}

function sky(bearing, rise) {
  const sun = Math.exp(-((bearing - SUN_BEARING) ** 2) * 5 - rise * 6);
  const low = Math.exp(-rise * 5.5),
    high = Math.exp(-rise * 1.7);
  const clear = [0.045 + 0.085 * high + 0.46 * low + 1.35 * sun, 0.085 + 0.125 * high + 0.2 * low + 0.52 * sun, 0.19 + 0.19 * high + 0.03 * low + 0.08 * sun];
  // Clouds on a level sheet, seen in perspective; the side towards the sun glows, the thick middle stays slate.
  const reach = 1 / (rise + 0.055),
    x = bearing * reach * 1.15,
    z = reach * 1.7;
  const density = cloudAt(x, z);
  if (density <= 0) return clear;
  const shade = smoothstep(-0.05, 0.32, density - cloudAt(x + (SUN_BEARING - bearing) * 0.5, z + 0.35));
  const warm = Math.exp(-rise * 3.2) * (0.35 + 0.65 * Math.exp(-((bearing - SUN_BEARING) ** 2) * 2.5));
  const glow = [0.2 + 1.5 * warm, 0.17 + 0.52 * warm, 0.24 + 0.22 * warm],
    slate = [0.13 + 0.22 * warm, 0.13 + 0.1 * warm, 0.2 + 0.07 * warm];
  const opacity = smoothstep(0, 0.4, density) * 0.9 * smoothstep(0.012, 0.07, rise);
  return clear.map((value, channel) => mix(value, mix(slate[channel], glow[channel], shade * 0.75 + 0.25 * (1 - smoothstep(0.1, 0.5, density))), opacity));
}

function cloudAt(x, z) {
  const sheet = fbm3(x * 0.16 + 2, 3, z * 0.1, 2);
  return fbm3(x * 0.55 + 0.35 * z * 0.2, 1.5, z * 0.5, 6) + 0.55 * sheet - 0.02;
}

function tint(colour, other, amount) {
  return colour.map((value, channel) => mix(value * 0.5, other[channel] * 0.45, amount));
}

// A drawing on a plane across the view: metres per pixel from the drawing itself; lamps in it shine above white.
async function loadPlane({ svg, width, height, pixelsPerMetre }, { distance, left, bottom, isMirrored = false }) {
  const { data } = await sharp(Buffer.from(svg)).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data, width, height, pixelsPerMetre, distance, left, bottom, isMirrored };
}

function readPlane({ data, width, height, pixelsPerMetre, left, bottom, isMirrored }, x, y) {
  let column = Math.floor((x - left) * pixelsPerMetre);
  const row = height - 1 - Math.floor((y - bottom) * pixelsPerMetre);
  if (column < 0 || row < 0 || column >= width || row >= height) return 0;
  if (isMirrored) column = width - 1 - column;
  const at = (row * width + column) * 4;
  const alpha = data[at + 3] / 255;
  if (alpha === 0) return 0;
  const lamp = data[at] > 235 ? 3.6 : 1;
  for (let channel = 0; channel < 3; channel++) texel[channel] = (data[at + channel] / 255) ** 2.2 * 0.42 * lamp;
  return alpha;
}
