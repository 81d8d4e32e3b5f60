// Triangle meshes: everything that the path tracer sees is made of these few shapes.

/**
 * Growing lists of triangles: `position` and `normal` 9 numbers each, `uv` 6, `material` 1.
 * @typedef {{position: number[], normal: number[], uv: number[], material: number[]}} Mesh
 */

/** @returns {Mesh} a mesh without triangles */
export function createMesh() {
  return { position: [], normal: [], uv: [], material: [] };
}

/**
 * Rotation by Euler degrees (x, then y, then z), uniform scale, then translation.
 * @returns {{point: (p: number[]) => number[], direction: (p: number[]) => number[]}}
 */
export function place({ at = [0, 0, 0], turn = [0, 0, 0], scale = 1 } = {}) {
  const [ax, ay, az] = turn.map((degrees) => (degrees * Math.PI) / 180);
  const direction = ([x, y, z]) => {
    [y, z] = [y * Math.cos(ax) - z * Math.sin(ax), y * Math.sin(ax) + z * Math.cos(ax)];
    [x, z] = [x * Math.cos(ay) + z * Math.sin(ay), -x * Math.sin(ay) + z * Math.cos(ay)];
    [x, y] = [x * Math.cos(az) - y * Math.sin(az), x * Math.sin(az) + y * Math.cos(az)];
    return [x, y, z];
  };
  const point = (p) => direction(p).map((value, axis) => value * scale + at[axis]);
  return { point, direction };
}

/**
 * A surface given by a function over the unit square, cut into columns × rows; normals from differences.
 * @param {Mesh} mesh
 * @param {(u: number, v: number) => number[]} surface point for u, v in [0, 1]
 */
export function addSurface(mesh, surface, { columns, rows, material, placed = place(), flip = false }) {
  const step = 1e-4;
  const grid = [];
  for (let row = 0; row <= rows; row++) {
    for (let column = 0; column <= columns; column++) {
      const u = column / columns,
        v = row / rows;
      const du = subtract(surface(u + step, v), surface(u - step, v));
      const dv = subtract(surface(u, v + step), surface(u, v - step));
      const normal = normalize(flip ? cross(dv, du) : cross(du, dv));
      grid.push({ p: placed.point(surface(u, v)), n: placed.direction(normal), uv: [u, v] });
    }
  }
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const a = row * (columns + 1) + column,
        b = a + 1,
        c = a + columns + 1,
        d = c + 1;
      pushTriangle(mesh, [grid[a], grid[b], grid[d]], material);
      pushTriangle(mesh, [grid[a], grid[d], grid[c]], material);
    }
  }
}

/**
 * A profile [radius, height][] turned round the y axis; smoothed by a Catmull-Rom curve through its points.
 * A point given twice keeps its corner.
 */
export function addLathe(mesh, profile, { segments = 96, perPoint = 4, ...rest }) {
  const spans = profile.length - 1;
  const surface = (u, v) => {
    const [radius, height] = curveAt(profile, v * spans);
    const angle = u * 2 * Math.PI;
    return [radius * Math.cos(angle), height, radius * Math.sin(angle)];
  };
  addSurface(mesh, surface, { columns: segments, rows: spans * perPoint, flip: true, ...rest });
}

/** A round tube along a curve through `points`; `radius` may be a function of the position 0..1. */
export function addTube(mesh, points, { radius, segments = 24, perPoint = 6, squash = 1, ...rest }) {
  const spans = points.length - 1;
  const radiusAt = typeof radius === 'function' ? radius : () => radius;
  const surface = (u, v) => {
    const clamped = Math.min(1, Math.max(0, v));
    const centre = curveAt(points, clamped * spans);
    const ahead = curveAt(points, Math.min(spans, clamped * spans + 0.01));
    const behind = curveAt(points, Math.max(0, clamped * spans - 0.01));
    const along = normalize(subtract(ahead, behind));
    const side = normalize(cross(along, Math.abs(along[2]) < 0.9 ? [0, 0, 1] : [0, 1, 0]));
    const other = cross(side, along);
    const angle = u * 2 * Math.PI,
      r = radiusAt(clamped);
    return centre.map((value, axis) => value + r * (Math.cos(angle) * side[axis] + squash * Math.sin(angle) * other[axis]));
  };
  addSurface(mesh, surface, { columns: segments, rows: spans * perPoint, ...rest });
}

/** A sphere or ellipsoid with the half axes `radii`, its surface moved outward by `relief(direction)`. */
export function addEllipsoid(mesh, radii, { segments = 96, relief = () => 0, ...rest }) {
  const surface = (u, v) => {
    const theta = Math.min(1 - 1e-5, Math.max(1e-5, v)) * Math.PI,
      phi = u * 2 * Math.PI;
    const d = [Math.sin(theta) * Math.cos(phi), Math.cos(theta), Math.sin(theta) * Math.sin(phi)];
    const out = 1 + relief(d);
    return d.map((value, axis) => value * radii[axis] * out);
  };
  addSurface(mesh, surface, { columns: segments, rows: segments >> 1, ...rest });
}

/** A box centred on the origin with the given half sizes and flat faces; uv runs once over each face (over the top: u along x, v along z). */
export function addBox(mesh, half, { material, placed = place(), faces = {} }) {
  for (let axis = 0; axis < 3; axis++) {
    for (const sign of [-1, 1]) {
      const other = (axis + 1) % 3,
        third = (axis + 2) % 3;
      const normal = [0, 0, 0];
      normal[axis] = sign;
      const corner = (a, b) => {
        const p = [0, 0, 0];
        p[axis] = sign * half[axis];
        p[other] = a * half[other];
        p[third] = b * half[third];
        return { p: placed.point(p), n: placed.direction(normal), uv: axis === 1 ? [(b + 1) / 2, (a + 1) / 2] : [(a + 1) / 2, (b + 1) / 2] };
      };
      const face = faces[(sign < 0 ? '-' : '+') + 'xyz'[axis]] ?? material;
      pushTriangle(mesh, [corner(-1, -1), corner(1, -1), corner(1, 1)], face);
      pushTriangle(mesh, [corner(-1, -1), corner(1, 1), corner(-1, 1)], face);
    }
  }
}

function pushTriangle(mesh, corners, material) {
  for (const { p, n, uv } of corners) {
    mesh.position.push(...p);
    mesh.normal.push(...n);
    mesh.uv.push(...uv);
  }
  mesh.material.push(material);
}

function curveAt(points, t) {
  const span = Math.min(points.length - 2, Math.max(0, Math.floor(t)));
  const f = t - span;
  const p1 = points[span],
    p2 = points[span + 1];
  const p0 = points[span - 1] ?? p1,
    p3 = points[span + 2] ?? p2;
  return p1.map((value, axis) => {
    const a = p2[axis] - p0[axis],
      b = p3[axis] - p1[axis],
      c = p2[axis] - value;
    return value + f * (0.5 * a + f * (3 * c - a - 0.5 * b + f * (0.5 * (a + b) - 2 * c)));
  });
}

function subtract(a, b) {
  return a.map((value, axis) => value - b[axis]);
}

function cross(a, b) {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function normalize(a) {
  const length = Math.hypot(...a) || 1;
  return a.map((value) => value / length);
}
