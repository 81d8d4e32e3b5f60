// A bounding volume hierarchy over triangles: binned surface-area heuristic, flat arrays, iterative traversal.

const BINS = 12;
const LEAF_TRIANGLES_MAX = 4;

/**
 * Builds the hierarchy. Triangles are reordered so that each leaf's are neighbours.
 * @param {import('./mesh.mjs').Mesh} mesh
 * @returns {object} bounds (6 a node), child (first child, or first triangle in a leaf), count (0 in inner nodes),
 *   axis of the split, and the triangles: corner and two edges (9 a triangle), normal, uv, material
 */
export function buildHierarchy(mesh) {
  const total = mesh.material.length;
  const order = new Int32Array(total).map((_, index) => index);
  const low = new Float64Array(total * 3),
    high = new Float64Array(total * 3);
  for (let triangle = 0; triangle < total; triangle++) {
    for (let axis = 0; axis < 3; axis++) {
      const a = mesh.position[triangle * 9 + axis],
        b = mesh.position[triangle * 9 + 3 + axis],
        c = mesh.position[triangle * 9 + 6 + axis];
      low[triangle * 3 + axis] = Math.min(a, b, c);
      high[triangle * 3 + axis] = Math.max(a, b, c);
    }
  }
  const bounds = new Float64Array(total * 12),
    child = new Int32Array(total * 2);
  const count = new Int32Array(total * 2),
    splitAxis = new Uint8Array(total * 2);
  let nodes = 1;
  const pending = [[0, 0, total]];
  while (pending.length > 0) {
    const [node, first, size] = pending.pop();
    setBounds(node, first, size);
    const cut = size > LEAF_TRIANGLES_MAX ? partition(first, size) : undefined;
    if (cut === undefined) {
      child[node] = first;
      count[node] = size;
      continue;
    }
    child[node] = nodes;
    splitAxis[node] = cut.axis;
    pending.push([nodes, first, cut.size], [nodes + 1, first + cut.size, size - cut.size]);
    nodes += 2;
  }
  return { bounds, child, count, splitAxis, ...flattenTriangles(mesh, order) };

  function setBounds(node, first, size) {
    for (let axis = 0; axis < 3; axis++) {
      let least = Infinity,
        most = -Infinity;
      for (let index = first; index < first + size; index++) {
        least = Math.min(least, low[order[index] * 3 + axis]);
        most = Math.max(most, high[order[index] * 3 + axis]);
      }
      bounds[node * 6 + axis] = least;
      bounds[node * 6 + 3 + axis] = most;
    }
  }

  function partition(first, size) {
    let best;
    for (let axis = 0; axis < 3; axis++) {
      let least = Infinity,
        most = -Infinity;
      for (let index = first; index < first + size; index++) {
        const centre = low[order[index] * 3 + axis] + high[order[index] * 3 + axis];
        least = Math.min(least, centre);
        most = Math.max(most, centre);
      }
      if (most - least < 1e-9) continue;
      const bins = Array.from({ length: BINS }, () => ({ size: 0, box: emptyBox() }));
      for (let index = first; index < first + size; index++) {
        const bin = bins[binOf(order[index], axis, least, most)];
        bin.size++;
        growBox(bin.box, order[index]);
      }
      for (let cut = 1; cut < BINS; cut++) {
        const left = joinBins(bins.slice(0, cut)),
          right = joinBins(bins.slice(cut));
        if (left.size === 0 || right.size === 0) continue;
        const cost = left.size * area(left.box) + right.size * area(right.box);
        if (best === undefined || cost < best.cost) best = { cost, axis, cut, least, most };
      }
    }
    if (best === undefined) return undefined;
    let left = first,
      right = first + size - 1;
    while (left <= right) {
      if (binOf(order[left], best.axis, best.least, best.most) < best.cut) left++;
      else {
        [order[left], order[right]] = [order[right], order[left]];
        right--;
      }
    }
    return { axis: best.axis, size: left - first };
  }

  function binOf(triangle, axis, least, most) {
    const centre = low[triangle * 3 + axis] + high[triangle * 3 + axis];
    return Math.min(BINS - 1, Math.floor(((centre - least) / (most - least)) * BINS));
  }

  function growBox(box, triangle) {
    for (let axis = 0; axis < 3; axis++) {
      box[axis] = Math.min(box[axis], low[triangle * 3 + axis]);
      box[3 + axis] = Math.max(box[3 + axis], high[triangle * 3 + axis]);
    }
  }
}

/** What {@link intersect} found: distance t, triangle index (-1 for none), barycentric u and v. */
export const nearest = { t: 0, triangle: -1, u: 0, v: 0 };
const stack = new Int32Array(128);

/** Finds the nearest triangle along the ray within `tMax` into {@link nearest}; `anyHit` stops at the first one found. */
export function intersect(tree, ox, oy, oz, dx, dy, dz, tMax, anyHit) {
  const { bounds, child, count, splitAxis, corner } = tree;
  const ix = 1 / dx,
    iy = 1 / dy,
    iz = 1 / dz;
  let depth = 0,
    node = 0,
    best = tMax,
    found = -1,
    bestU = 0,
    bestV = 0;
  for (;;) {
    const b = node * 6;
    const x1 = (bounds[b] - ox) * ix,
      x2 = (bounds[b + 3] - ox) * ix;
    const y1 = (bounds[b + 1] - oy) * iy,
      y2 = (bounds[b + 4] - oy) * iy;
    const z1 = (bounds[b + 2] - oz) * iz,
      z2 = (bounds[b + 5] - oz) * iz;
    const enter = Math.max(x1 < x2 ? x1 : x2, y1 < y2 ? y1 : y2, z1 < z2 ? z1 : z2, 0);
    const leave = Math.min(x1 < x2 ? x2 : x1, y1 < y2 ? y2 : y1, z1 < z2 ? z2 : z1, best);
    if (enter <= leave) {
      const size = count[node];
      if (size === 0) {
        const axis = splitAxis[node];
        const backward = axis === 0 ? dx < 0 : axis === 1 ? dy < 0 : dz < 0;
        const first = child[node];
        stack[depth++] = backward ? first : first + 1;
        node = backward ? first + 1 : first;
        continue;
      }
      for (let triangle = child[node], end = triangle + size; triangle < end; triangle++) {
        const c = triangle * 9;
        const e1x = corner[c + 3],
          e1y = corner[c + 4],
          e1z = corner[c + 5];
        const e2x = corner[c + 6],
          e2y = corner[c + 7],
          e2z = corner[c + 8];
        const px = dy * e2z - dz * e2y,
          py = dz * e2x - dx * e2z,
          pz = dx * e2y - dy * e2x;
        const determinant = e1x * px + e1y * py + e1z * pz;
        if (determinant > -1e-14 && determinant < 1e-14) continue;
        const inverse = 1 / determinant;
        const tx = ox - corner[c],
          ty = oy - corner[c + 1],
          tz = oz - corner[c + 2];
        const u = (tx * px + ty * py + tz * pz) * inverse;
        if (u < 0 || u > 1) continue;
        const qx = ty * e1z - tz * e1y,
          qy = tz * e1x - tx * e1z,
          qz = tx * e1y - ty * e1x;
        const v = (dx * qx + dy * qy + dz * qz) * inverse;
        if (v < 0 || u + v > 1) continue;
        const t = (e2x * qx + e2y * qy + e2z * qz) * inverse;
        if (t > 1e-6 && t < best) {
          best = t;
          found = triangle;
          bestU = u;
          bestV = v;
          if (anyHit) {
            depth = 0;
            break;
          }
        }
      }
    }
    if (depth === 0) break;
    node = stack[--depth];
  }
  nearest.t = best;
  nearest.triangle = found;
  nearest.u = bestU;
  nearest.v = bestV;
  return found >= 0;
}

function flattenTriangles(mesh, order) {
  const total = order.length;
  const corner = new Float64Array(total * 9),
    normal = new Float64Array(total * 9);
  const uv = new Float64Array(total * 6),
    material = new Uint16Array(total);
  for (let index = 0; index < total; index++) {
    const from = order[index];
    for (let axis = 0; axis < 3; axis++) {
      const base = mesh.position[from * 9 + axis];
      corner[index * 9 + axis] = base;
      corner[index * 9 + 3 + axis] = mesh.position[from * 9 + 3 + axis] - base;
      corner[index * 9 + 6 + axis] = mesh.position[from * 9 + 6 + axis] - base;
    }
    for (let item = 0; item < 9; item++) normal[index * 9 + item] = mesh.normal[from * 9 + item];
    for (let item = 0; item < 6; item++) uv[index * 6 + item] = mesh.uv[from * 6 + item];
    material[index] = mesh.material[from];
  }
  return { corner, normal, uv, material };
}

function emptyBox() {
  return [Infinity, Infinity, Infinity, -Infinity, -Infinity, -Infinity];
}

function joinBins(bins) {
  const box = emptyBox();
  let size = 0;
  for (const bin of bins) {
    size += bin.size;
    for (let axis = 0; axis < 3; axis++) {
      box[axis] = Math.min(box[axis], bin.box[axis]);
      box[3 + axis] = Math.max(box[3 + axis], bin.box[3 + axis]);
    }
  }
  return { size, box };
}

function area(box) {
  const x = box[3] - box[0],
    y = box[4] - box[1],
    z = box[5] - box[2];
  return x * y + y * z + z * x;
}
