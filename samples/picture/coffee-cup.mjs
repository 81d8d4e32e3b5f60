// A still life for WebP: a cappuccino and a croissant on a café table in the evening, with a shallow depth of field.
import sharp from 'sharp';
import { createRandom, fbm3, mix, noise3, smoothstep } from '../noise.mjs';
import { develop } from '../film.mjs';
import { write } from '../save.mjs';
import { denoise } from '../trace/denoise.mjs';
import { addWindow } from '../trace/light.mjs';
import { boards, glaze, plain } from '../trace/material.mjs';
import { addBox, addLathe, addTube, createMesh, place } from '../trace/mesh.mjs';
import { renderScene } from '../trace/render.mjs';
import { addSaucer, addSpoon } from '../trace/tableware.mjs';

const SIZE = { width: 1620, height: 1080 };
const CUP = [3.2, 0.42, 0];
const COFFEE_RADIUS = 4.62;
const FOLDS = 9;
const PASTRY = { middle: [-10.6, 2.7, -7.6], reach: 5.4, turn: 158 };

/** Renders `coffee-cup.webp`, 1620 × 1080. */
export async function render({ samples = 30, scale = 1 } = {}) {
  const options = { width: SIZE.width / scale, height: SIZE.height / scale, samples };
  const traced = await renderScene(new URL(import.meta.url), options);
  const light = denoise(traced, options.width, options.height, 0.9);
  const { data, width, height } = await develop(light, {
    ...options,
    exposure: 1.4,
    warmth: 0.12,
    glare: 0.06,
    contrast: 1.2,
    saturation: 1.06,
    fallOff: 0.42,
    grain: 0.009,
    sharpen: 0.3,
    seed: 71,
  });
  const bytes = await sharp(data, { raw: { width, height, channels: 3 } })
    .webp({ quality: 84, effort: 6, smartSubsample: true })
    .toBuffer();
  write('coffee-cup.webp', bytes, `${width} × ${height}`);
}

/** The table for the path tracer; lengths in cm, the table top at y = 0. */
export function createScene() {
  const mesh = createMesh();
  const scene = {
    mesh,
    lights: [],
    materials: [
      boards({ board: 11, light: [0.17, 0.088, 0.045], dark: [0.06, 0.03, 0.016], rough: 0.3 }),
      glaze([0.76, 0.75, 0.72], { speckle: 0, rough: 0.09 }),
      cappuccino,
      crust,
      glaze([0.17, 0.22, 0.27], { speckle: 0.35, rough: 0.18 }),
      plain([0.55, 0.54, 0.52], { metal: true, rough: 0.14 }),
      plain([0.86, 0.84, 0.79], { rough: 0.9 }),
    ],
  };
  addBox(mesh, [58, 2, 42], { material: 0, placed: place({ at: [0, -2, -16] }) });
  addSaucer(mesh, { at: [CUP[0], 0, CUP[2]], material: 1, radius: 8.4 });
  addCup(mesh);
  addSpoon(mesh, { at: [CUP[0] - 3.4, 1.2, 5.7], turn: [0, -14, 0], material: 5 });
  addLathe(
    mesh,
    [
      [0, 0.2],
      [5, 0.2],
      [5.2, 0],
      [5.8, 0.1],
      [8.6, 1],
      [9.6, 1.3],
      [9.7, 1.42],
      [9.5, 1.46],
      [8.3, 1.1],
      [6, 0.5],
      [0, 0.42],
    ],
    { material: 4, placed: place({ at: [-10.4, 0, -8.6] }) },
  );
  addPastry(mesh);
  addBox(mesh, [0.85, 0.75, 0.85], { material: 6, placed: place({ at: [14.6, 0.75, -5.2], turn: [0, 24, 0] }) });
  addBox(mesh, [0.85, 0.75, 0.85], { material: 6, placed: place({ at: [16.9, 0.75, -6.6], turn: [0, -12, 0] }) });
  addWindow(scene, { corner: [-70, 6, 16], across: [10, 0, -80], up: [8, 62, 0], colour: [5.4, 5.5, 5.8], panes: [3, 2] });
  addWindow(scene, { corner: [40, 44, -40], across: [0, 0, 30], up: [-24, 10, 0], colour: [5.5, 3.4, 1.7] });
  scene.sky = eveningRoom();
  scene.camera = { from: [0.5, 18.4, 45], to: [-1.2, 5.1, -1], fovDegrees: 29, aperture: 1.1, focus: 46.5, tiltDegrees: 0.6 };
  return scene;
}

function addCup(mesh) {
  const placed = place({ at: CUP, turn: [0, -28, 0] });
  addLathe(
    mesh,
    [
      [0, 0.35],
      [2.1, 0.35],
      [2.25, 0],
      [2.7, 0.05],
      [3, 0.6],
      [4.1, 2.2],
      [4.75, 4],
      [5.0, 5.6],
      [5.08, 6.35],
      [5.0, 6.5],
    ],
    { material: 1, placed, segments: 144 },
  );
  addLathe(
    mesh,
    [
      [5.0, 6.5],
      [4.84, 6.45],
      [4.74, 6.1],
      [4.55, 4.8],
      [4.2, 3.2],
      [0, 1],
    ],
    { material: 1, placed, segments: 144 },
  );
  addLathe(
    mesh,
    [
      [4.72, 5.78],
      [4.5, 5.71],
      [4.2, 5.7],
      [0, 5.7],
    ],
    { material: 2, placed, segments: 96 },
  );
  addTube(
    mesh,
    [
      [4.6, 5.1, 0],
      [5.6, 5.5, 0],
      [6.9, 5.3, 0],
      [7.4, 4.4, 0],
      [6.9, 3.3, 0],
      [5.8, 2.6, 0],
      [4.0, 2.1, 0],
    ],
    { radius: (v) => 0.36 + 0.2 * (2 * v - 1) ** 4, squash: 1.5, material: 1, placed },
  );
}

// Poured milk: a fern of white bands in the brown crema, each band bent towards the cup's far side.
function cappuccino(s) {
  const turn = 0.5,
    px = (s.x - CUP[0]) / COFFEE_RADIUS,
    pz = (s.z - CUP[2]) / COFFEE_RADIUS;
  const wave = 0.05 * fbm3(px * 3, 1, pz * 3, 3);
  const x = Math.abs(px * Math.cos(turn) - pz * Math.sin(turn) + wave),
    y = px * Math.sin(turn) + pz * Math.cos(turn) + wave;
  const along = (y + 0.74) / 1.46,
    half = along > 0 && along < 1 ? 0.66 * Math.sin(Math.PI * along ** 0.8) ** 0.75 : 0;
  const band = Math.sin((y - 0.95 * x - 0.25 * x * x) * 21 + 6 * wave);
  const leaf = smoothstep(0, 0.08, half - x) * smoothstep(-0.15, 0.35, band + 0.25 * smoothstep(0.3, 0.9, along));
  const stem = smoothstep(0.035, 0.012, x) * smoothstep(0, 0.06, along) * smoothstep(1, 0.94, along);
  const rim = smoothstep(0.9, 1.0, Math.hypot(px, pz));
  const milk = Math.min(1, Math.max(leaf, stem) * 0.95 + 0.12 * smoothstep(0.1, 0.5, fbm3(px * 7, 5, pz * 7, 3)));
  const crema = 1 + 0.35 * fbm3(px * 5, 3, pz * 5, 4) - 0.35 * rim;
  s.r = mix(0.3 * crema, 0.8, milk);
  s.g = mix(0.125 * crema, 0.69, milk);
  s.b = mix(0.035 * crema, 0.5, milk);
  const foam = noise3(s.x * 14, 1, s.z * 14);
  s.r *= 1 - 0.06 * foam;
  s.g *= 1 - 0.06 * foam;
  s.b *= 1 - 0.06 * foam;
  s.f0 = 0.025;
  s.rough = 0.32;
}

function addPastry(mesh) {
  const arc = Array.from({ length: 11 }, (_, index) => {
    const angle = ((index / 10 - 0.5) * 200 * Math.PI) / 180;
    return [Math.sin(angle) * PASTRY.reach, -0.9 * Math.abs(index / 5 - 1) ** 2, Math.cos(angle) * PASTRY.reach - 3.4];
  });
  const radius = (v) => {
    const middle = 1 - Math.abs(2 * v - 1),
      fold = (v * FOLDS) % 1;
    return 2.5 * Math.sin((middle * Math.PI) / 2) ** 0.75 * (0.88 + 0.2 * Math.sqrt(Math.max(0, 1 - (2 * fold - 1) ** 2)));
  };
  addTube(mesh, arc, { radius, segments: 72, perPoint: 26, material: 3, placed: place({ at: PASTRY.middle, turn: [0, PASTRY.turn, 0] }) });
}

// Baked crust: dark where it stood out in the oven, pale butter yellow in the folds, with fine flakes across.
function crust(s) {
  const fold = (s.v * FOLDS) % 1,
    raised = Math.sqrt(Math.max(0, 1 - (2 * fold - 1) ** 2));
  const top = smoothstep(-0.4, 0.8, s.ny);
  const flake = noise3(s.u * 9, s.v * 150, 2) * 0.6 + noise3(s.u * 24, s.v * 330, 7) * 0.4;
  const baked = Math.min(
    1,
    Math.max(0, 0.1 + 0.75 * raised * (0.35 + 0.65 * top) + 0.1 * top + 0.22 * fbm3(s.x * 0.7, s.y * 0.7, s.z * 0.7, 3) + 0.12 * flake),
  );
  s.r = mix(0.6, 0.19, baked);
  s.g = mix(0.31, 0.055, baked);
  s.b = mix(0.085, 0.011, baked);
  s.f0 = 0.04;
  s.rough = 0.38 + 0.12 * flake;
  s.nx += 0.16 * flake;
  s.nz += 0.1 * flake;
  const length = Math.hypot(s.nx, s.ny, s.nz);
  s.nx /= length;
  s.ny /= length;
  s.nz /= length;
}

// The room behind, far out of focus: each small lamp is a disc, slightly brighter at its edge as in a real lens.
function eveningRoom() {
  const random = createRandom(29);
  const lamps = Array.from({ length: 46 }, () => {
    const kind = random();
    const colour = kind < 0.6 ? [1, 0.62, 0.27] : kind < 0.85 ? [1, 0.8, 0.5] : [0.5, 0.72, 0.95];
    return { x: (random() - 0.5) * 1.15, y: -0.17 + 0.2 * random(), size: 0.011 + 0.008 * random(), strength: 0.4 + 3 * random() ** 2.5, colour };
  });
  return (dx, dy, dz, out, depth) => {
    const ahead = -dz,
      x = dx / Math.max(0.05, ahead),
      y = dy / Math.max(0.05, ahead);
    const wall = 0.5 + 0.5 * fbm3(x * 2.2, y * 2.2, 3, 2),
      warm = 0.05 + 0.13 * wall;
    out[0] = warm * 1.25;
    out[1] = warm * 0.8;
    out[2] = warm * 0.52;
    if (depth > 0) {
      const up = Math.max(0, dy);
      out[0] += 0.12 + 0.3 * up;
      out[1] += 0.1 + 0.26 * up;
      out[2] += 0.08 + 0.22 * up;
    }
    if (ahead <= 0.05) return;
    const plant = smoothstep(-0.28, -0.4, x + 0.08 * fbm3(y * 4, 2, 1, 2));
    out[0] = mix(out[0], 0.025 + 0.03 * wall, plant * 0.8);
    out[1] = mix(out[1], 0.05 + 0.05 * wall, plant * 0.8);
    out[2] = mix(out[2], 0.03, plant * 0.8);
    for (const lamp of lamps) {
      const distance = Math.hypot(x - lamp.x, y - lamp.y) / lamp.size;
      if (distance > 1.1) continue;
      const disc = smoothstep(1.06, 0.97, distance) * (0.8 + 0.3 * distance ** 4) * lamp.strength;
      for (let channel = 0; channel < 3; channel++) out[channel] += lamp.colour[channel] * disc;
    }
  };
}
