// A phone photo of a café table from above: mug, notebook with a list, pencil, mandarins, in the sun of a window.
import { textElement } from '../font.mjs';
import { createRandom } from '../noise.mjs';
import { develop } from '../film.mjs';
import { rasterize, saveJpeg } from '../save.mjs';
import { denoise } from '../trace/denoise.mjs';
import { addWindow, createSun, dappledPanes, roomGlow } from '../trace/light.mjs';
import { boards, coffee, glaze, leaf, peel, plain, printed } from '../trace/material.mjs';
import { addBox, createMesh, place } from '../trace/mesh.mjs';
import { renderScene } from '../trace/render.mjs';
import { addMandarin, addMug, addNotebook, addPencil, addSaucer, addSpoon, addSucculent } from '../trace/tableware.mjs';

const UPRIGHT = { width: 3024, height: 4032 };
const ENLARGE = 2;

/** Renders `phone-photo.jpg`: 4032 × 3024 as stored, EXIF orientation 6, so 3024 × 4032 upright. */
export async function render({ samples = 16, scale = ENLARGE } = {}) {
  const page = await rasterize(pageDrawing());
  const options = { width: UPRIGHT.width / scale, height: UPRIGHT.height / scale, samples, page };
  const traced = await renderScene(new URL(import.meta.url), options);
  const light = denoise(traced, options.width, options.height);
  const upright = await develop(light, {
    ...options,
    exposure: 1.12,
    warmth: 0.12,
    glare: 0.035,
    contrast: 1.22,
    saturation: 1.08,
    fallOff: 0.22,
    grain: 0.01,
    enlarge: scale,
    sharpen: 0.35,
  });
  await saveJpeg('phone-photo.jpg', upright, { orientation: 6, progressive: false, quality: 75, bytesMax: 590_000 });
}

/** The table for the path tracer; lengths in cm, the table top at y = 0, the reader's side at +z. */
export function createScene({ page }) {
  const mesh = createMesh();
  const fruit = [
    [-9.6, 0, -9.2],
    [-4.1, 0, -12.4],
    [-11.8, 0, -15.3],
  ];
  const fruitRadius = [3.3, 3.1, 3.2];
  const mug = [7.4, 0.42, -8.2];
  const materials = [
    boards(),
    glaze([0.055, 0.16, 0.2], { rawBelow: 1.15, rough: 0.1 }),
    glaze([0.74, 0.7, 0.62], { speckle: 0.7, rough: 0.14 }),
    coffee([mug[0], mug[2]], 3.8),
    printed(page),
    plain([0.74, 0.7, 0.6], { rough: 0.9 }),
    plain([0.03, 0.035, 0.045], { rough: 0.55 }),
    plain([0.78, 0.36, 0.03], { rough: 0.22, f0: 0.05 }),
    plain([0.62, 0.42, 0.25], { rough: 0.7 }),
    plain([0.03, 0.03, 0.032], { rough: 0.35, f0: 0.08 }),
    plain([0.78, 0.66, 0.4], { metal: true, rough: 0.3 }),
    plain([0.62, 0.2, 0.19], { rough: 0.8 }),
    plain([0.13, 0.2, 0.05], { rough: 0.7 }),
    plain([0.5, 0.49, 0.475], { metal: true, rough: 0.17 }),
    plain([0.5, 0.19, 0.09], { rough: 0.85 }),
    plain([0.05, 0.035, 0.025], { rough: 0.95 }),
    leaf([0.13, 0.24, 0.13]),
    ...fruit.map(([x, y, z], index) => peel([x, y + fruitRadius[index] * 0.84, z], { seed: index * 7 })),
  ];
  const scene = { mesh, materials, lights: [] };
  addBox(mesh, [120, 2, 120], { material: 0, placed: place({ at: [0, -2, 0] }) });
  addSaucer(mesh, { at: [mug[0], 0, mug[2]], material: 2 });
  addMug(mesh, { at: mug, turn: -38, outside: 1, inside: 2, coffee: 3 });
  addSpoon(mesh, { at: [mug[0] - 2.2, 1.3, mug[2] + 5.6], turn: [0, -6, 0], material: 13 });
  addNotebook(mesh, { at: [-3, 0, 9], turn: 9, halfX: 7.2, halfZ: 10.2, thick: 0.9, page: 4, edge: 5, cover: 6 });
  addPencil(mesh, { at: [8.4, 0, 19.6], turn: 70, lacquer: 7, wood: 8, lead: 9, ferrule: 10, rubber: 11 });
  fruit.forEach((at, index) =>
    addMandarin(mesh, {
      at,
      radius: fruitRadius[index],
      turn: [
        [24, 0, -20],
        [-15, 40, 12],
        [35, 10, 30],
      ][index],
      material: 17 + index,
      stem: 12,
    }),
  );
  addSucculent(mesh, { at: [16.2, 0, -24.5], pot: 14, soil: 15, leaf: 16 });
  addWindow(scene, { corner: [-130, 20, 40], across: [0, 0, -150], up: [12, 72, 0], colour: [4.6, 5.2, 6.2], panes: [3, 2] });
  scene.sun = createSun({
    toward: [-0.78, 0.72, -0.38],
    colour: [2.5, 2.15, 1.6],
    spread: 0.011,
    passes: dappledPanes({ wide: 27, high: 34, leaves: 0.5, shiftX: 6, shiftY: 10 }),
  });
  scene.sky = roomGlow([0.36, 0.35, 0.34], [0.32, 0.3, 0.27], [0.1, 0.08, 0.07]);
  scene.camera = { from: [1.5, 53, 35], to: [0.3, 0, -0.6], fovDegrees: 45, aperture: 0.32, focus: 59, tiltDegrees: 1.2 };
  return scene;
}

// The list in the notebook: ruled paper, written by hand with a pen.
function pageDrawing() {
  const width = 1440,
    height = 2040,
    pitch = 132;
  const random = createRandom(11);
  const lines = ['Saturday', '', '- flowers for Mia', '- bread, 2 loaves', '- oat milk', '- call the plumber', '- 6 eggs', '- stamps', '- library by 5 pm'];
  let drawing = '';
  for (let y = 300 - pitch + 18; y < height; y += pitch) drawing += `<rect x="0" y="${y}" width="${width}" height="3" fill="#b9c6d8"/>`;
  drawing += `<rect x="190" y="0" width="3" height="${height}" fill="#dba9a4"/>`;
  lines.forEach((line, index) => {
    const wobble = () => ({ dx: (random() - 0.5) * 5, dy: (random() - 0.5) * 7, scale: 0.97 + random() * 0.06 });
    const isTitle = index === 0;
    drawing += textElement('caveat', isTitle ? 700 : 500, line, {
      x: isTitle ? 420 : 240,
      y: 290 + pitch * index,
      size: isTitle ? 170 : 138,
      fill: '#1d2a55',
      wobble,
    });
  });
  drawing += '<path d="M420 330 C 560 312 760 340 905 322" stroke="#1d2a55" stroke-width="7" fill="none" stroke-linecap="round"/>';
  drawing += '<path d="M232 790 C 420 768 640 804 760 776" stroke="#1d2a55" stroke-width="6" fill="none" stroke-linecap="round"/>';
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="#f6f2e7"/>${drawing}</svg>`;
}
