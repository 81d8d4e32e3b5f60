// Where light goes from a surface: random directions, drawn as the surface scatters.

/** The last direction drawn, 0 to 2; 3 and 4 as {@link sampleGloss} says. */
export const bounce = new Float64Array(5);
const frame = new Float64Array(6);

/** Draws a direction about n with the density of its cosine, as an ideal matt surface scatters. */
export function sampleDiffuse(nx, ny, nz, random) {
  makeFrame(nx, ny, nz);
  const angle = 2 * Math.PI * random(),
    radius2 = random(),
    radius = Math.sqrt(radius2);
  toWorld(radius * Math.cos(angle), radius * Math.sin(angle), Math.sqrt(1 - radius2), nx, ny, nz);
}

/**
 * Reflects the direction d off a surface with normal n and GGX roughness `alpha`, by sampling the half vectors that the
 * viewer sees (Heitz 2018). {@link bounce}[3] is shadowing over masking, 0 when the light would go into the surface;
 * bounce[4] is the cosine of the half angle.
 */
export function sampleGloss(dx, dy, dz, nx, ny, nz, alpha, random) {
  alpha = Math.max(alpha, 1e-3);
  makeFrame(nx, ny, nz);
  const vx = -(dx * frame[0] + dy * frame[1] + dz * frame[2]);
  const vy = -(dx * frame[3] + dy * frame[4] + dz * frame[5]);
  const vz = Math.max(1e-4, -(dx * nx + dy * ny + dz * nz));
  const sx = alpha * vx,
    sy = alpha * vy,
    length = Math.sqrt(sx * sx + sy * sy + vz * vz);
  const wx = sx / length,
    wy = sy / length,
    wz = vz / length;
  const flat = Math.sqrt(wx * wx + wy * wy);
  const t1x = flat > 1e-6 ? -wy / flat : 1,
    t1y = flat > 1e-6 ? wx / flat : 0;
  const t2x = -wz * t1y,
    t2y = wz * t1x,
    t2z = wx * t1y - wy * t1x;
  const radius = Math.sqrt(random()),
    angle = 2 * Math.PI * random();
  const p1 = radius * Math.cos(angle),
    half = 0.5 * (1 + wz);
  const p2 = (1 - half) * Math.sqrt(1 - p1 * p1) + half * radius * Math.sin(angle);
  const p3 = Math.sqrt(Math.max(0, 1 - p1 * p1 - p2 * p2));
  let hx = alpha * (p1 * t1x + p2 * t2x + p3 * wx),
    hy = alpha * (p1 * t1y + p2 * t2y + p3 * wy);
  let hz = Math.max(1e-6, p2 * t2z + p3 * wz);
  const scale = 1 / Math.sqrt(hx * hx + hy * hy + hz * hz);
  hx *= scale;
  hy *= scale;
  hz *= scale;
  const cosine = vx * hx + vy * hy + vz * hz;
  const lx = 2 * cosine * hx - vx,
    ly = 2 * cosine * hy - vy,
    lz = 2 * cosine * hz - vz;
  bounce[4] = cosine;
  bounce[3] = lz <= 0 ? 0 : 2 / (1 + Math.sqrt(1 + alpha * alpha * (1 / (lz * lz) - 1)));
  toWorld(lx, ly, lz, nx, ny, nz);
}

// Two directions at right angles to n and to each other (Duff et al. 2017).
function makeFrame(nx, ny, nz) {
  const sign = nz >= 0 ? 1 : -1,
    a = -1 / (sign + nz),
    b = nx * ny * a;
  frame[0] = 1 + sign * nx * nx * a;
  frame[1] = sign * b;
  frame[2] = -sign * nx;
  frame[3] = b;
  frame[4] = sign + ny * ny * a;
  frame[5] = -ny;
}

function toWorld(x, y, z, nx, ny, nz) {
  bounce[0] = x * frame[0] + y * frame[3] + z * nx;
  bounce[1] = x * frame[1] + y * frame[4] + z * ny;
  bounce[2] = x * frame[2] + y * frame[5] + z * nz;
}
