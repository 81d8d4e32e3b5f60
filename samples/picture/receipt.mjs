// A photographed till receipt on a dark table: creased, curling at its ends, lit from a window at the side.
import { textElement } from '../font.mjs';
import { fbm3, noise3, smoothstep } from '../noise.mjs';
import { develop } from '../film.mjs';
import { rasterize, saveJpeg } from '../save.mjs';
import { denoise } from '../trace/denoise.mjs';
import { addWindow, roomGlow } from '../trace/light.mjs';
import { boards, coffee, glaze, plain, printed } from '../trace/material.mjs';
import { addBox, addSurface, createMesh, place } from '../trace/mesh.mjs';
import { renderScene } from '../trace/render.mjs';
import { addMug, addPencil, addSaucer } from '../trace/tableware.mjs';

const SIZE = { width: 1200, height: 1600 };
const PAPER = { width: 1440, height: 3360, widthCm: 8, heightCm: 18.67 };
// Prices in cents; the total is the sum of these lines, of which 13.5 % VAT is part.
const ITEMS = [
  [1, 'SOURDOUGH LOAF', 520],
  [2, 'ALMOND CROISSANT', 345],
  [1, 'FLAT WHITE', 380],
  [1, 'TEA, POT FOR ONE', 310],
  [3, 'CINNAMON BUN', 295],
  [1, 'OAT MILK, 1 L', 265],
];
const VAT_RATE = 0.135;

/** Renders `receipt.jpg`, 1200 × 1600. */
export async function render({ samples = 26, scale = 1 } = {}) {
  const options = { width: SIZE.width / scale, height: SIZE.height / scale, samples, paper: await rasterize(receiptDrawing()) };
  const traced = await renderScene(new URL(import.meta.url), options);
  const light = denoise(traced, options.width, options.height);
  const picture = await develop(light, {
    ...options,
    exposure: 1.42,
    warmth: 0.3,
    glare: 0.03,
    contrast: 1.2,
    saturation: 1.02,
    fallOff: 0.3,
    grain: 0.008,
    sharpen: 0.4,
    seed: 21,
  });
  await saveJpeg('receipt.jpg', picture, { quality: 84 });
}

/** The table for the path tracer; lengths in cm, the receipt's print running along +z. */
export function createScene({ paper }) {
  const mesh = createMesh();
  const cup = [12.4, 0.42, -12.6];
  const materials = [
    boards({ board: 14, light: [0.13, 0.075, 0.043], dark: [0.045, 0.025, 0.015], rough: 0.38 }),
    printed(paper, { white: 0.82, rough: 0.62, f0: 0.035, wave: 0.02 }),
    glaze([0.62, 0.6, 0.56], { speckle: 0.1 }),
    coffee([cup[0], cup[2]], 3.8),
    plain([0.022, 0.025, 0.03], { rough: 0.25, f0: 0.05 }),
    plain([0.5, 0.5, 0.5], { rough: 0.25, metal: true }),
  ];
  const scene = { mesh, materials, lights: [] };
  addBox(mesh, [120, 2, 120], { material: 0, placed: place({ at: [0, -2, 0] }) });
  addSurface(mesh, paperSurface, { columns: 150, rows: 340, material: 1, flip: true, placed: place({ at: [0.2, 0, 0.3], turn: [0, -4, 0] }) });
  addSaucer(mesh, { at: [cup[0], 0, cup[2]], material: 2 });
  addMug(mesh, { at: cup, turn: 150, outside: 2, coffee: 3 });
  addPencil(mesh, { at: [6.9, 0, 10.5], turn: 80, lacquer: 4, wood: 5, lead: 5, ferrule: 5, rubber: 4 });
  addWindow(scene, { corner: [-80, 9, 30], across: [0, 0, -95], up: [8, 52, 0], colour: [11.5, 11.6, 11.8], panes: [2, 2] });
  scene.sky = roomGlow([0.34, 0.28, 0.21], [0.24, 0.19, 0.13], [0.08, 0.06, 0.04]);
  scene.camera = { from: [0.6, 29, 12.5], to: [0.35, 0, 0.1], fovDegrees: 40, aperture: 0.28, focus: 31, tiltDegrees: -1.5 };
  return scene;
}

// Folded twice in a pocket, then flattened by hand: sharp ridges at the folds, small crumples, ends that lift.
function paperSurface(u, v) {
  const x = (u - 0.5) * PAPER.widthCm,
    z = (v - 0.5) * PAPER.heightCm;
  const fold = (at, lean, height) => height * Math.exp(-Math.abs(z - at - lean * x) * 1.5);
  const crumple = 0.16 * Math.abs(noise3(x * 0.5 + z * 0.16, 2, z * 0.42)) + 0.05 * Math.abs(noise3(x * 1.1, 7, z * 1.2 + x * 0.4));
  const curl = 1.1 * smoothstep(5.2, 10.5, Math.abs(z)) ** 1.5 + 0.16 * smoothstep(2.2, 4.2, Math.abs(x));
  const y = 0.04 + crumple + curl + fold(-2.9, 0.03, 0.34) + fold(3.4, -0.02, 0.28) + 0.05 * fbm3(x * 0.3, 3, z * 0.3, 2);
  return [x, Math.max(0.02, y), z];
}

function receiptDrawing() {
  const { width, height } = PAPER;
  const left = 110,
    right = width - 110,
    middle = width / 2;
  const print = [];
  const put = (text, y, { size = 62, weight = 400, anchor = 'start', x } = {}) =>
    print.push(
      textElement('cousine', weight, text, {
        x: x ?? { start: left, middle, end: right }[anchor],
        y,
        size,
        anchor,
        fill: '#292831',
      }),
    );
  const row = (name, amount, y, options) => {
    put(name, y, options);
    put(amount, y, { ...options, anchor: 'end' });
  };
  const rule = (y) => put('-'.repeat(32), y, { anchor: 'middle', size: 63 });
  const total = ITEMS.reduce((sum, [count, , cents]) => sum + count * cents, 0);
  const vat = Math.round(total - total / (1 + VAT_RATE));
  put('HARBOUR STREET', 230, { size: 112, weight: 700, anchor: 'middle' });
  put('BAKERY & CAFE', 350, { size: 112, weight: 700, anchor: 'middle' });
  put('14 Harbour Street, Galway', 450, { anchor: 'middle' });
  put('Tel. 091 555 0142', 530, { anchor: 'middle' });
  put('VAT No. IE 9999999X', 610, { anchor: 'middle' });
  rule(700);
  row('Till 2   Receipt 004817', '', 790);
  row('21/10/2026', '09:42', 870);
  rule(950);
  let y = 1060;
  for (const [count, name, cents] of ITEMS) {
    row(`${count} ${name}`, money(count * cents), y);
    if (count > 1) put(`    @ ${money(cents)} each`, (y += 74), { size: 54 });
    y += 96;
  }
  rule(y);
  row('SUBTOTAL', money(total - vat), (y += 100));
  row(`VAT ${(VAT_RATE * 100).toFixed(1)}%`, money(vat), (y += 88));
  row('TOTAL EUR', money(total), (y += 140), { size: 104, weight: 700 });
  rule((y += 100));
  row('VISA DEBIT', money(total), (y += 100));
  put('**** **** **** 4417', (y += 84));
  put('CONTACTLESS  AUTH 058213', (y += 84));
  put('APPROVED', (y += 84));
  put('Thank you, see you soon!', (y += 170), { anchor: 'middle', size: 66 });
  print.push(barcode('*HSB004817*', middle, y + 80, 190));
  put('HSB004817', y + 350, { anchor: 'middle', size: 56 });
  const faded = `<linearGradient id="head"><stop offset="0" stop-color="#fff" stop-opacity="0"/><stop offset=".5" stop-color="#fff" stop-opacity=".28"/><stop offset=".56" stop-color="#fff" stop-opacity="0"/></linearGradient>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><defs>${faded}</defs>
    <rect width="100%" height="100%" fill="#f7f7f6"/>${print.join('')}<rect width="100%" height="100%" fill="url(#head)"/></svg>`;
}

// Code 39 (ISO/IEC 16388): nine elements a character, three of them wide; a narrow gap between characters.
const CODE_39 = {
  0: 'nnnwwnwnn',
  1: 'wnnwnnnnw',
  4: 'nnnwwnnnw',
  7: 'nnnwnnwnw',
  8: 'wnnwnnwnn',
  B: 'nnwnnwnnw',
  H: 'wnnnnwwnn',
  S: 'nnwnnnwwn',
  '*': 'nwnnwnwnn',
};

function barcode(text, middle, y, height) {
  const narrow = 6,
    wide = 15;
  let bars = '',
    x = 0;
  for (const character of text) {
    [...CODE_39[character]].forEach((kind, index) => {
      const width = kind === 'w' ? wide : narrow;
      if (index % 2 === 0) bars += `M${x} 0h${width}v${height}h${-width}z`;
      x += width;
    });
    x += narrow;
  }
  return `<path transform="translate(${middle - x / 2} ${y})" fill="#292831" d="${bars}"/>`;
}

function money(cents) {
  return (cents / 100).toFixed(2);
}
