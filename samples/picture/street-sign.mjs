// A photograph of an enamel street sign on an old brick wall in low sun.
import { textElement } from '../font.mjs';
import { fbm3, hash3, mix, noise3, smoothstep } from '../noise.mjs';
import { develop } from '../film.mjs';
import { rasterize, saveJpeg } from '../save.mjs';
import { denoise } from '../trace/denoise.mjs';
import { createSun, dappledPanes, roomGlow } from '../trace/light.mjs';
import { plain, printed } from '../trace/material.mjs';
import { addEllipsoid, addSurface, createMesh, place } from '../trace/mesh.mjs';
import { renderScene } from '../trace/render.mjs';

const SIZE = { width: 1600, height: 1200 };
const SIGN = { width: 92, height: 34, radius: 2.6 };
const WALL = { width: 220, height: 170 };
const BRICK = { long: 23, high: 7.5, joint: 1.1 };

/** Renders `street-sign.jpg`, 1600 × 1200. */
export async function render({ samples = 30, scale = 1 } = {}) {
  const options = { width: SIZE.width / scale, height: SIZE.height / scale, samples, sign: await rasterize(signDrawing()) };
  const traced = await renderScene(new URL(import.meta.url), options);
  const light = denoise(traced, options.width, options.height, 0.7);
  const picture = await develop(light, {
    ...options,
    exposure: 1.05,
    warmth: 0.1,
    glare: 0.03,
    contrast: 1.2,
    saturation: 1.05,
    fallOff: 0.3,
    grain: 0.009,
    sharpen: 0.35,
    seed: 55,
  });
  await saveJpeg('street-sign.jpg', picture, { quality: 80 });
}

/** The wall for the path tracer: it lies in the plane z = 0 and faces +z; lengths in cm. */
export function createScene({ sign }) {
  const mesh = createMesh();
  const enamel = printed(sign, { white: 0.8, rough: 0.12, f0: 0.045, wave: 0 });
  const scene = { mesh, lights: [], materials: [bricks(), (s) => paintSign(s, enamel), plain([0.36, 0.33, 0.3], { metal: true, rough: 0.45 })] };
  // The wall is real relief, finely cut, so that low sun throws true shadows into its joints.
  addSurface(mesh, (u, v) => [(u - 0.5) * WALL.width, (v - 0.5) * WALL.height, wallRelief((u - 0.5) * WALL.width, (v - 0.5) * WALL.height).height], {
    columns: 580,
    rows: 540,
    material: 0,
  });
  addSurface(mesh, (u, v) => platePoint(u, v), { columns: 240, rows: 24, material: 1 });
  for (const [x, y] of [
    [-42.6, 13.6],
    [42.6, 13.6],
    [-42.6, -13.6],
    [42.6, -13.6],
  ]) {
    addEllipsoid(mesh, [0.75, 0.75, 0.4], { material: 2, segments: 32, placed: place({ at: [x, y, 2.2] }) });
  }
  scene.sun = createSun({
    toward: [-0.72, 0.62, 0.5],
    colour: [2.7, 2.25, 1.65],
    spread: 0.009,
    away: 260,
    passes: dappledPanes({ wide: 1e6, high: 1e6, bar: 0, leaves: 0.46, shiftX: 62, shiftY: -34 }),
  });
  scene.sky = roomGlow([0.55, 0.68, 0.95], [0.42, 0.45, 0.5], [0.16, 0.14, 0.12]);
  scene.camera = { from: [34, -36, 150], to: [1.5, 0.5, 0], fovDegrees: 37, aperture: 0.7, focus: 157, tiltDegrees: 1.2 };
  return scene;
}

// Running bond: which brick a point belongs to, how far it is from the joint, and how far it stands out.
function wallRelief(x, y) {
  const drift = 0.25 * noise3(x * 0.05, y * 0.05, 1);
  const row = Math.floor((y + drift) / BRICK.high),
    shift = (row & 1) * BRICK.long * 0.5 + (hash3(row, 3, 1) - 0.5) * 1.4;
  const column = Math.floor((x + shift) / BRICK.long);
  const inX = x + shift - column * BRICK.long,
    inY = y + drift - row * BRICK.high;
  const edge =
    Math.min(inX, BRICK.long - inX, inY, BRICK.high - inY) - BRICK.joint / 2 + 0.22 * noise3(x * 0.8, y * 0.8, 4) + 0.1 * noise3(x * 2.6, y * 2.6, 5);
  const stone = smoothstep(-0.12, 0.42, edge);
  const chip = smoothstep(0.5, 0.72, noise3(x * 0.16, y * 0.22, 9)) * 0.5;
  const height = stone * (0.75 + 0.35 * hash3(column, row, 5) + 0.12 * fbm3(x * 0.5, y * 0.5, 2, 3) - chip) + (1 - stone) * 0.18 * fbm3(x * 1.3, y * 1.3, 8, 3);
  return { column, row, stone, height, chip };
}

const BRICK_TONES = [
  [0.34, 0.13, 0.075],
  [0.27, 0.1, 0.065],
  [0.4, 0.175, 0.1],
  [0.22, 0.085, 0.06],
  [0.36, 0.2, 0.125],
];

function bricks() {
  return (s) => {
    const { column, row, stone, chip } = wallRelief(s.x, s.y);
    const tone = BRICK_TONES[Math.floor(hash3(column, row, 11) * BRICK_TONES.length)];
    const mottle = 1 + 0.35 * fbm3(s.x * 0.35, s.y * 0.35, 6, 4) + 0.2 * noise3(s.x * 3.5, s.y * 3.5, 2) + 0.12 * noise3(s.x * 9, s.y * 9, 2) + chip * 0.4;
    const soot = 0.8 + 0.3 * fbm3(s.x * 0.03, s.y * 0.05, 3, 3),
      lime = 0.09 * smoothstep(0.15, 0.5, fbm3(s.x * 0.08, s.y * 0.05, 14, 4));
    const mortar = 0.42 * (1 + 0.25 * noise3(s.x * 5, s.y * 5, 7) + 0.2 * noise3(s.x * 1.1, s.y * 1.1, 3));
    s.r = (mix(mortar, tone[0] * mottle, stone) + lime) * soot;
    s.g = (mix(mortar * 0.93, tone[1] * mottle, stone) + lime) * soot;
    s.b = (mix(mortar * 0.82, tone[2] * mottle, stone) + lime) * soot;
    s.rough = 0.95;
    s.f0 = 0.02;
    s.nx += 0.22 * noise3(s.x * 7, s.y * 7, 1);
    s.ny += 0.22 * noise3(s.x * 7, s.y * 7, 21);
    const length = Math.hypot(s.nx, s.ny, s.nz);
    s.nx /= length;
    s.ny /= length;
    s.nz /= length;
  };
}

// A plate with round corners, its face slightly domed and its rim rolled back to the wall: u runs round, v outward.
function platePoint(u, v) {
  const angle = u * 2 * Math.PI,
    c = Math.cos(angle),
    d = Math.sin(angle);
  const power = 14,
    reach = (Math.abs(c) ** power + Math.abs(d) ** power) ** (-1 / power);
  const out = Math.min(1, v / 0.94),
    rim = Math.max(0, (v - 0.94) / 0.06);
  const halfX = SIGN.width / 2,
    halfY = SIGN.height / 2;
  // Close to the rim the outline follows a superellipse; the inner rings only need to be nested.
  const x = reach * c * halfX * out,
    y = reach * d * halfY * out;
  return [x, y, 2.1 + 0.35 * (1 - out ** 4) - 0.9 * rim - 0.3 * out ** 12];
}

// Glass-hard enamel with knocks at the screws and the edge, where rust shows.
function paintSign(s, enamel) {
  s.u = s.x / SIGN.width + 0.5;
  s.v = 0.5 - s.y / SIGN.height;
  const x = s.x,
    y = s.y;
  enamel(s);
  const screw = Math.hypot(Math.abs(x) - 42.6, Math.abs(y) - 13.6);
  const rim = Math.min(SIGN.width / 2 - Math.abs(x), SIGN.height / 2 - Math.abs(y));
  const worn = smoothstep(0.22, 0.3, fbm3(x * 0.42, y * 0.42, 3, 5) + 0.72 * Math.exp(-screw * 0.62) + 0.4 * Math.exp(-rim * 1.2) - 0.3);
  const streak =
    0.4 *
    smoothstep(0, 1.2, 13.6 - y) *
    Math.exp(-Math.max(0, 13.6 - y) / 9) *
    Math.exp(-(((Math.abs(x) - 42.6) / 0.8) ** 2)) *
    (0.6 + 0.4 * noise3(x * 3, y * 0.2, 1));
  const dust = 0.05 * (0.5 + fbm3(x * 0.2, y * 0.09, 7, 3));
  const rust = [0.16, 0.062, 0.026],
    amount = Math.min(1, worn + streak);
  s.r = mix(s.r * (1 - dust) + dust * 0.5, rust[0] * (1 + 0.6 * noise3(x * 4, y * 4, 1)), amount);
  s.g = mix(s.g * (1 - dust) + dust * 0.46, rust[1] * (1 + 0.6 * noise3(x * 4, y * 4, 1)), amount);
  s.b = mix(s.b * (1 - dust) + dust * 0.4, rust[2], amount);
  s.rough = mix(0.16 + dust * 2, 0.9, amount);
}

function signDrawing() {
  const scale = 26,
    width = SIGN.width * scale,
    height = SIGN.height * scale;
  const line = (text, y, size, weight, spacing) =>
    textElement('inter', weight, text, { x: width / 2, y: y * scale, size: size * scale, anchor: 'middle', fill: '#f2efe4', spacing: spacing * scale });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="#123a6b"/>
    <rect x="${1.5 * scale}" y="${1.5 * scale}" width="${width - 3 * scale}" height="${height - 3 * scale}" rx="${1.6 * scale}" fill="none" stroke="#f2efe4" stroke-width="${0.5 * scale}"/>
    ${line('SRÁID AN CHUAIN', 11.6, 6.4, 500, 0.42)}${line('HARBOUR STREET', 22.6, 8.9, 700, 0.22)}${line('14 – 36', 30, 4.6, 600, 0.3)}</svg>`;
}
