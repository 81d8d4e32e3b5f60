// Runs a scene over worker threads, row by row, into shared buffers.
import { availableParallelism } from 'node:os';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { createRandom } from '../noise.mjs';
import { buildHierarchy } from './bvh.mjs';
import { result, tracePath } from './path.mjs';

/** Channels of one pixel: radiance 0 to 2, albedo 3 to 5, normal 6 to 8, distance 9, variance of the mean luminance 10. */
export const CHANNELS = 11;

/**
 * Path-traces a scene module.
 * @param {URL} moduleUrl a module whose `createScene(options)` gives mesh, materials, sky, lights, sun and camera
 * @param {{width: number, height: number, samples: number, [key: string]: unknown}} options also handed to the scene
 * @returns {Promise<Float32Array>} {@link CHANNELS} linear values a pixel, row-major
 */
export async function renderScene(moduleUrl, options) {
  const { width, height } = options;
  const pixels = new SharedArrayBuffer(width * height * CHANNELS * 4);
  const nextRow = new SharedArrayBuffer(4);
  const workers = Math.min(2, availableParallelism());
  await Promise.all(
    Array.from(
      { length: workers },
      () =>
        new Promise((resolve, reject) => {
          const worker = new Worker(new URL(import.meta.url), { workerData: { moduleUrl: moduleUrl.href, options, pixels, nextRow } });
          worker.once('message', resolve);
          worker.once('error', reject);
        }),
    ),
  );
  return new Float32Array(pixels);
}

async function work({ moduleUrl, options, pixels, nextRow }) {
  const { createScene } = await import(moduleUrl);
  const scene = createScene(options);
  scene.tree = buildHierarchy(scene.mesh);
  const rows = new Int32Array(nextRow),
    values = new Float32Array(pixels);
  for (let row = Atomics.add(rows, 0, 1); row < options.height; row = Atomics.add(rows, 0, 1)) {
    renderRow(scene, options, row, values);
  }
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread's port has no origin
  parentPort.postMessage('done');
}

function renderRow(scene, { width, height, samples }, row, values) {
  const random = createRandom(row + 1);
  const view = createView(scene.camera, width, height);
  const sum = new Float64Array(CHANNELS);
  for (let column = 0; column < width; column++) {
    sum.fill(0);
    let squares = 0;
    const turn1 = random(),
      turn2 = random(),
      turn3 = random(),
      turn4 = random();
    for (let sample = 0; sample < samples; sample++) {
      // Additive recurrences (the plastic number's powers) spread pixel and lens positions more evenly than chance.
      const px = (turn1 + sample * 0.7548776662466927) % 1,
        py = (turn2 + sample * 0.5698402909980532) % 1;
      const lens1 = (turn3 + sample * 0.8191725133961645) % 1,
        lens2 = (turn4 + sample * 0.6710436067037893) % 1;
      view(column + px, row + py, lens1, lens2);
      tracePath(scene, ray[0], ray[1], ray[2], ray[3], ray[4], ray[5], random);
      const fall = ray[6];
      const r = result.r * fall,
        g = result.g * fall,
        b = result.b * fall;
      sum[0] += r;
      sum[1] += g;
      sum[2] += b;
      sum[3] += result.ar;
      sum[4] += result.ag;
      sum[5] += result.ab;
      sum[6] += result.nx;
      sum[7] += result.ny;
      sum[8] += result.nz;
      sum[9] += result.t;
      const luminance = 0.2126 * r + 0.7152 * g + 0.0722 * b;
      squares += luminance * luminance;
    }
    const mean = (0.2126 * sum[0] + 0.7152 * sum[1] + 0.0722 * sum[2]) / samples;
    sum[10] = Math.max(0, squares / samples - mean * mean);
    const base = (row * width + column) * CHANNELS;
    for (let channel = 0; channel < CHANNELS; channel++) values[base + channel] = sum[channel] / samples;
  }
}

const ray = new Float64Array(7);

// A thin lens with a slightly cat-eyed round aperture; ray[6] is the natural fall-off of light to the corners.
function createView({ from, to, fovDegrees, aperture = 0, focus, tiltDegrees = 0 }, width, height) {
  const forward = normalize(to.map((value, axis) => value - from[axis]));
  const roll = (tiltDegrees * Math.PI) / 180;
  const level = normalize([-forward[2], 0, forward[0]]);
  const upright = cross(level, forward);
  const right = level.map((value, axis) => value * Math.cos(roll) + upright[axis] * Math.sin(roll));
  const up = cross(right, forward);
  const scale = Math.tan((fovDegrees * Math.PI) / 360) / (height / 2);
  const distance = focus ?? Math.hypot(...to.map((value, axis) => value - from[axis]));
  return (px, py, lens1, lens2) => {
    const sx = (px - width / 2) * scale,
      sy = (height / 2 - py) * scale;
    const angle = lens1 * 2 * Math.PI,
      radius = aperture * Math.sqrt(lens2);
    const lx = radius * Math.cos(angle),
      ly = radius * Math.sin(angle);
    let length = 0;
    for (let axis = 0; axis < 3; axis++) {
      const shift = right[axis] * lx + up[axis] * ly;
      const aim = (forward[axis] + right[axis] * sx + up[axis] * sy) * distance;
      ray[axis] = from[axis] + shift;
      ray[3 + axis] = aim - shift;
      length += ray[3 + axis] * ray[3 + axis];
    }
    length = Math.sqrt(length);
    ray[3] /= length;
    ray[4] /= length;
    ray[5] /= length;
    ray[6] = 1 / (1 + 0.6 * (sx * sx + sy * sy)) ** 2;
  };
}

function normalize(a) {
  const length = Math.hypot(...a);
  return a.map((value) => value / length);
}

function cross(a, b) {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

// Not awaited here: the scene module imports this one, and would wait for it for ever. A rejection reaches the main thread's `error`.
if (!isMainThread && workerData?.moduleUrl !== undefined) work(workerData);
