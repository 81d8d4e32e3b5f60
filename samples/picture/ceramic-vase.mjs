// A product shot: a stoneware vase with dried stems on a white sweep, softboxes left and right.
import { createRandom, fbm3, noise3, smoothstep } from '../noise.mjs';
import { develop } from '../film.mjs';
import { saveJpeg } from '../save.mjs';
import { denoise } from '../trace/denoise.mjs';
import { addWindow } from '../trace/light.mjs';
import { glaze, plain } from '../trace/material.mjs';
import { addEllipsoid, addLathe, addSurface, addTube, createMesh, place } from '../trace/mesh.mjs';
import { renderScene } from '../trace/render.mjs';

const SIZE = { width: 1200, height: 1500 };

/** Renders `ceramic-vase.jpg`, 1200 × 1500. */
export async function render({ samples = 22, scale = 1 } = {}) {
  const options = { width: SIZE.width / scale, height: SIZE.height / scale, samples };
  const traced = await renderScene(new URL(import.meta.url), options);
  const light = denoise(traced, options.width, options.height);
  const picture = await develop(light, {
    ...options,
    exposure: 1.42,
    warmth: 0.04,
    glare: 0.02,
    contrast: 1.2,
    saturation: 1.05,
    fallOff: 0.04,
    grain: 0.003,
    sharpen: 0.45,
    seed: 33,
  });
  await saveJpeg('ceramic-vase.jpg', picture, { quality: 88 });
}

/** The studio for the path tracer; lengths in cm, the vase standing at the origin. */
export function createScene() {
  const mesh = createMesh();
  const materials = [
    plain([0.86, 0.86, 0.86], { rough: 0.7, f0: 0.03 }),
    twoGlazes(),
    glaze([0.3, 0.22, 0.16], { speckle: 0.2, rough: 0.5 }),
    plain([0.42, 0.3, 0.16], { rough: 0.8 }),
    plain([0.72, 0.55, 0.34], { rough: 0.95 }),
    plain([0.55, 0.27, 0.17], { rough: 0.95 }),
  ];
  const scene = { mesh, materials, lights: [] };
  addSweep(mesh);
  addLathe(
    mesh,
    [
      [0, 0.1],
      [4.2, 0.1],
      [4.5, 0],
      [4.9, 0.15],
      [6.4, 2.5],
      [8.3, 6.5],
      [9, 10.5],
      [8.4, 14.5],
      [6.3, 17.8],
      [3.9, 20],
      [2.9, 22],
      [2.75, 24.2],
      [3.2, 26],
      [3.55, 26.5],
    ],
    { material: 1, segments: 160, perPoint: 6 },
  );
  addLathe(
    mesh,
    [
      [3.55, 26.5],
      [3.5, 26.68],
      [3.25, 26.6],
      [2.95, 25.9],
      [2.45, 24.2],
      [2.6, 22],
      [3.4, 20.2],
      [5, 18],
    ],
    { material: 2, segments: 120, perPoint: 6 },
  );
  addStems(mesh);
  addWindow(scene, { corner: [-62, 8, 52], across: [16, 0, -66], up: [4, 62, 0], colour: [7.2, 7.1, 6.9] });
  addWindow(scene, { corner: [66, 18, -12], across: [-10, 0, 44], up: [0, 46, 0], colour: [2.3, 2.4, 2.6] });
  addWindow(scene, { corner: [-45, 92, -34], across: [90, 0, 0], up: [0, 8, 70], colour: [4.2, 4.2, 4.2] });
  scene.sky = (dx, dy, dz, out) => {
    out[0] = out[1] = out[2] = 0.4;
  };
  scene.camera = { from: [7, 27, 92], to: [0, 21.6, 0], fovDegrees: 30, aperture: 0.5, focus: 90 };
  return scene;
}

// Matt sand-coloured clay below, a celadon glaze poured over the shoulder that ran down in tongues.
function twoGlazes() {
  const clay = glaze([0.52, 0.4, 0.29], { speckle: 0.9, rough: 0.62, pool: 0.25 });
  const celadon = glaze([0.16, 0.3, 0.27], { speckle: 0.2, rough: 0.14, pool: 0.35 });
  return (s, dx, dy, dz) => {
    const angle = Math.atan2(s.z, s.x);
    const cx = Math.cos(angle),
      cz = Math.sin(angle);
    const edge = 11.4 + 2.1 * noise3(cx * 2.3 + 9, cz * 2.3, 1) + 1.1 * noise3(cx * 6, cz * 6, 4) + 0.3 * noise3(cx * 15, cz * 15, 2);
    const over = s.y - edge;
    if (over < 0) return clay(s, dx, dy, dz);
    celadon(s, dx, dy, dz);
    // Glaze gathers, dark and thick, just above its edge, and breaks thin and pale over the lip.
    const thick = smoothstep(1.6, 0, over),
      lip = smoothstep(25.2, 26.6, s.y);
    const tone = 1 - 0.45 * thick + 0.12 * fbm3(s.x * 0.8, s.y * 0.3, s.z * 0.8, 3);
    s.r = s.r * tone + 0.32 * lip;
    s.g = s.g * tone + 0.22 * lip;
    s.b = s.b * tone + 0.14 * lip;
  };
}

function addSweep(mesh) {
  const profile = (v) => {
    if (v < 0.5) return [70 - 220 * v, 0];
    const angle = ((v - 0.5) / 0.5) * Math.PI;
    return angle < Math.PI / 2 ? [-40 - 34 * Math.sin(angle), 34 - 34 * Math.cos(angle)] : [-74, 34 + 150 * (angle / (Math.PI / 2) - 1)];
  };
  addSurface(
    mesh,
    (u, v) => {
      const [z, y] = profile(v);
      return [(u - 0.5) * 320, y, z];
    },
    { columns: 2, rows: 80, material: 0 },
  );
}

// Dried grass: a few bowed stalks, each with a plume of small seeds.
function addStems(mesh) {
  const random = createRandom(5);
  const stalks = [
    [-1, 16, -0.4, 4],
    [1.2, 19, 0.6, 4],
    [0.3, 13, 1.2, 5],
    [2.6, 14.5, -0.8, 5],
    [-2.8, 13, 0.3, 4],
  ];
  for (const [lean, rise, depth, material] of stalks) {
    const at = (t) => [lean * (0.5 + 2.1 * t * t), 17 + (9 + rise) * t - 1.6 * t * t, depth * (0.4 + 1.6 * t)];
    addTube(mesh, [0, 0.25, 0.5, 0.75, 1].map(at), { radius: (v) => 0.12 - 0.06 * v, segments: 10, perPoint: 4, material: 3 });
    for (let seed = 0; seed < 150; seed++) {
      const t = 0.62 + 0.38 * random(),
        [x, y, z] = at(t),
        spread = 0.25 + 0.85 * Math.sin(Math.min(1, (t - 0.6) / 0.4) * Math.PI) ** 0.7;
      const angle = random() * 2 * Math.PI,
        out = spread * (0.4 + 0.6 * random());
      addEllipsoid(mesh, [0.09, 0.42 + 0.2 * random(), 0.09], {
        material,
        segments: 8,
        placed: place({
          at: [x + Math.cos(angle) * out, y + random() * 0.8, z + Math.sin(angle) * out],
          turn: [Math.sin(angle) * 32, 0, -Math.cos(angle) * 32],
        }),
      });
    }
  }
}
