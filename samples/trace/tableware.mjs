// Things that stand on tables, as triangle meshes; lengths in cm, each standing on y = 0 of its own place.
import { addBox, addEllipsoid, addLathe, addSurface, addTube, place } from './mesh.mjs';
import { fbm3 } from '../noise.mjs';

/** A straight mug 9 cm high, with a handle on +x turned by `turn` degrees; coffee up to `fill` cm. */
export function addMug(mesh, { at, turn = 0, outside, inside = outside, coffee, fill = 7.7 }) {
  const placed = place({ at, turn: [0, turn, 0] });
  addLathe(
    mesh,
    [
      [0, 0.25],
      [3, 0.25],
      [3.1, 0],
      [3.5, 0],
      [3.9, 0.3],
      [4.15, 1.2],
      [4.2, 4],
      [4.2, 7],
      [4.22, 8.7],
      [4.1, 8.95],
    ],
    { material: outside, placed },
  );
  addLathe(
    mesh,
    [
      [4.1, 8.95],
      [3.93, 8.9],
      [3.82, 8.6],
      [3.8, 7],
      [3.8, 4],
      [3.75, 1.6],
      [3.3, 0.8],
      [0, 0.7],
    ],
    { material: inside, placed },
  );
  addTube(
    mesh,
    [
      [4.0, 7.5, 0],
      [5.2, 7.75, 0],
      [6.4, 7.3, 0],
      [6.95, 5.9, 0],
      [6.75, 4.2, 0],
      [5.8, 2.8, 0],
      [4.0, 2.0, 0],
    ],
    { radius: (v) => 0.46 + 0.22 * (2 * v - 1) ** 4, squash: 1.45, material: outside, placed },
  );
  addLathe(
    mesh,
    [
      [3.85, fill + 0.05],
      [3.72, fill + 0.01],
      [3.5, fill],
      [0, fill],
    ],
    { material: coffee, placed, perPoint: 2 },
  );
}

/** A saucer of 7.6 cm radius with a well. */
export function addSaucer(mesh, { at, material, radius = 7.6 }) {
  const s = radius / 7.6;
  addLathe(
    mesh,
    [
      [0, 0.12],
      [3.2, 0.12],
      [3.3, 0],
      [3.7, 0],
      [3.9, 0.3],
      [5.5 * s, 0.75],
      [7.2 * s, 1.32],
      [7.6 * s, 1.55],
    ],
    { material, placed: place({ at }) },
  );
  addLathe(
    mesh,
    [
      [7.6 * s, 1.55],
      [7.58 * s, 1.68],
      [7.4 * s, 1.66],
      [5.6 * s, 1.08],
      [4.4, 0.74],
      [3.9, 0.52],
      [3.5, 0.46],
      [0, 0.44],
    ],
    { material, placed: place({ at }) },
  );
}

/** A teaspoon that lies along its own x axis, bowl first. */
export function addSpoon(mesh, { at, turn, material }) {
  const placed = place({ at, turn });
  const bowl = (u, v) => {
    const angle = u * 2 * Math.PI;
    return [2.25 * v * Math.cos(angle), 0.62 - 0.6 * (1 - v * v), 1.42 * v * Math.sin(angle) * (1 - 0.12 * v * Math.cos(angle))];
  };
  addSurface(mesh, bowl, { columns: 72, rows: 20, material, placed });
  const handle = [0, 2.2, 4.4, 6.6, 8.8, 10.7].map((x) => [2.1 + x, 0.6 + 0.5 * Math.sin(Math.min(1, x / 6) * 1.9) - 0.02 * x, 0]);
  const widen = (v) => (0.12 + 0.2 * v * v) * Math.sqrt(Math.max(0, 1 - Math.max(0, (v - 0.88) / 0.12) ** 2));
  addTube(mesh, handle, { radius: widen, squash: 1.7, perPoint: 16, material, placed, segments: 16 });
}

/** A small orange or mandarin of `radius`, resting on the table, with its button of a stem. */
export function addMandarin(mesh, { at, radius, turn, material, stem }) {
  const centre = [at[0], at[1] + radius * 0.84, at[2]];
  const seed = at[0] * 3.1;
  const relief = (d) =>
    0.02 * fbm3(d[0] * 1.4 + seed, d[1] * 1.4, d[2] * 1.4, 2) - 0.09 * Math.exp(-((1 - d[1]) ** 2) * 60) - 0.06 * Math.exp(-((1 + d[1]) ** 2) * 50);
  addEllipsoid(mesh, [radius, radius * 0.86, radius], { material, placed: place({ at: centre, turn }), relief, segments: 128 });
  const top = place({ at: centre, turn }).point([0, radius * 0.79, 0]);
  addEllipsoid(mesh, [0.3, 0.16, 0.3], {
    material: stem,
    placed: place({ at: top, turn }),
    segments: 20,
    relief: (d) => 0.35 * Math.cos(5 * Math.atan2(d[2], d[0])) * (1 - d[1] * d[1]),
  });
  return centre;
}

/** A pencil 17.5 cm long, lying along its own x axis, tip first. Materials: lacquer, wood, lead, ferrule, rubber. */
export function addPencil(mesh, { at, turn, lacquer, wood, lead, ferrule, rubber }) {
  const placed = place({ at: [at[0], at[1] + 0.37, at[2]], turn: [0, turn, 0] });
  const along = (profile, material, segments = 32) => {
    const laid = { point: ([x, y, z]) => placed.point([y, x, z]), direction: ([x, y, z]) => placed.direction([y, x, z]) };
    addLathe(mesh, profile, { material, placed: laid, segments, flip: false, perPoint: 2 });
  };
  along(
    [
      [0.02, 0],
      [0.05, 0.1],
      [0.1, 0.5],
    ],
    lead,
  );
  along(
    [
      [0.1, 0.5],
      [0.22, 1.3],
      [0.34, 2.05],
    ],
    wood,
  );
  along(
    [
      [0.345, 2.0],
      [0.37, 2.2],
      [0.37, 8],
      [0.37, 15.6],
    ],
    lacquer,
  );
  along(
    [
      [0.37, 15.6],
      [0.395, 15.65],
      [0.38, 15.9],
      [0.4, 16],
      [0.38, 16.15],
      [0.4, 16.3],
      [0.38, 16.5],
      [0.39, 16.75],
    ],
    ferrule,
  );
  along(
    [
      [0.36, 16.7],
      [0.36, 17.2],
      [0.33, 17.45],
      [0.2, 17.55],
      [0, 17.56],
    ],
    rubber,
  );
}

/** A closed or open notebook as a block of paper with a printed top sheet; half sizes x, z and its thickness. */
export function addNotebook(mesh, { at, turn, halfX, halfZ, thick, page, edge, cover }) {
  addBox(mesh, [halfX + 0.25, 0.07, halfZ + 0.25], { material: cover, placed: place({ at: [at[0], at[1] + 0.07, at[2]], turn: [0, turn, 0] }) });
  addBox(mesh, [halfX, thick / 2, halfZ], {
    material: edge,
    faces: { '+y': page },
    placed: place({ at: [at[0], at[1] + 0.14 + thick / 2, at[2]], turn: [0, turn, 0] }),
  });
}

/** A clay pot 7 cm high with a rosette of thick leaves. */
export function addSucculent(mesh, { at, pot, soil, leaf, leaves = 34 }) {
  const placed = place({ at });
  addLathe(
    mesh,
    [
      [0, 0.1],
      [3.2, 0.1],
      [3.35, 0],
      [3.5, 0.2],
      [4.3, 5],
      [4.35, 5.1],
      [4.8, 5.2],
      [4.95, 5.4],
      [5.05, 6.9],
      [4.9, 7.05],
      [4.6, 7],
      [4.5, 6.4],
      [4.4, 6],
    ],
    { material: pot, placed },
  );
  addLathe(
    mesh,
    [
      [4.5, 6.2],
      [2, 6.35],
      [0, 6.3],
    ],
    { material: soil, placed },
  );
  for (let index = 0; index < leaves; index++) {
    const age = index / leaves,
      azimuth = index * 137.508,
      tilt = 82 - 74 * age ** 1.3;
    const long = 2.9 * (1 - 0.62 * age),
      out = 0.4 + long * 0.9;
    const turn = [tilt - 90 + 2 * (index % 3), azimuth, 0];
    const middle = place({ turn }).direction([0, 0, out]);
    addEllipsoid(mesh, [long * 0.42, long * 0.15, long], {
      material: leaf,
      segments: 28,
      placed: place({ at: [at[0] + middle[0], at[1] + 6.7 + age * 0.9 + middle[1], at[2] + middle[2]], turn }),
      relief: (d) => 0.12 * d[2] - 0.25 * Math.max(0, d[1]) * (1 - d[0] * d[0]),
    });
  }
}
