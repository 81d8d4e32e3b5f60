/**
 * What a PNG says about its colours (PNG third edition §11.3.2), by the precedence of §4.3: cICP, iCCP, sRGB, then gAMA with cHRM. Chunks
 * before the picture count. A compressed profile is handed on as it is: inflating it is the codec's.
 */
import { pngChunks } from '../png.ts';
import { type Curve, decodeBt1886, decodeHlg, decodePq, decodeSrgb, powerCurve } from './curve.ts';
import { BT709, d50ToSrgb, IDENTITY, PRIMARIES_BY_CODE, primariesToD50 } from './matrix.ts';
import { asSourceColour, type SourceColour, SRGB } from './space.ts';

export type PngColour =
  | { readonly kind: 'known'; readonly colour: SourceColour }
  /** An ICC profile, compressed by zlib; a view. */
  | { readonly kind: 'compressed-profile'; readonly bytes: Uint8Array };

const NAME_BYTES_MAX = 79;

/** Reads chunk headers up to the first IDAT, and no profile. */
export function readPngColour(bytes: Uint8Array): PngColour {
  const found = new Map<string, Uint8Array>();
  for (const { type, body } of pngChunks(bytes)) {
    if (type === 'IDAT' || type === 'IEND') break;
    if (!found.has(type)) found.set(type, body);
  }
  const cicp = readCicp(found.get('cICP'));
  if (cicp !== undefined) return { kind: 'known', colour: cicp };
  const compressed = compressedProfile(found.get('iCCP'));
  if (compressed !== undefined) return { kind: 'compressed-profile', bytes: compressed };
  return { kind: 'known', colour: found.has('sRGB') ? SRGB : readGamma(found.get('gAMA'), found.get('cHRM')) };
}

/** By code of ITU-T H.273 (07/2024) table 3. */
const TRANSFER_BY_CODE: Readonly<Record<number, Curve>> = {
  1: decodeBt1886,
  4: powerCurve(2.2),
  5: powerCurve(2.8),
  6: decodeBt1886,
  8: (value) => value,
  13: decodeSrgb,
  14: decodeBt1886,
  15: decodeBt1886,
  16: decodePq,
  18: decodeHlg,
};

/** §11.3.2.6. Codes that are not known leave the chunk aside, as does a matrix or narrow range: PNG holds RGB of full range. */
function readCicp(body: Uint8Array | undefined): SourceColour | undefined {
  if (body?.length !== 4 || body[2] !== 0 || body[3] !== 1) return undefined;
  const primaries = PRIMARIES_BY_CODE[body[0] ?? 0];
  const transfer = body[1] ?? 0;
  const curve = TRANSFER_BY_CODE[transfer];
  const toD50 = primaries === undefined ? undefined : primariesToD50(primaries);
  if (toD50 === undefined || curve === undefined) return undefined;
  const approximation = transfer === 16 || transfer === 18 ? 'HDR highlights are cut off' : undefined;
  return asSourceColour([curve, curve, curve], d50ToSrgb(toD50), approximation);
}

/** §11.3.2.3: a name, a zero, the compression method 0, the profile. */
function compressedProfile(body: Uint8Array | undefined): Uint8Array | undefined {
  const end = body?.subarray(0, NAME_BYTES_MAX + 1).indexOf(0) ?? -1;
  if (body === undefined || end < 1 || body[end + 1] !== 0) return undefined;
  return body.subarray(end + 2);
}

/** Distance from 1/2.2, as a share, within which a gamma alone is taken as that of sRGB, which it is written for. */
const SRGB_GAMMA_TOLERANCE = 0.05;

/** §11.3.2.1 and §11.3.2.2, as browsers show them: primaries count beside a gamma only, and a gamma is an exact power. */
function readGamma(gama: Uint8Array | undefined, chrm: Uint8Array | undefined): SourceColour {
  const gamma = gama?.length === 4 ? be32(gama, 0) / 100_000 : 0;
  // Outside of this no display ever was; libpng bounds it likewise.
  if (gamma < 0.01 || gamma > 100) return SRGB;
  const toD50 = chrm?.length === 32 ? primariesToD50(readPrimaries(chrm)) : undefined;
  if (toD50 === undefined && Math.abs(gamma * 2.2 - 1) < SRGB_GAMMA_TOLERANCE) return SRGB;
  const curve = powerCurve(1 / gamma);
  return asSourceColour([curve, curve, curve], toD50 === undefined ? IDENTITY : d50ToSrgb(toD50));
}

function readPrimaries(body: Uint8Array) {
  const [white = BT709.white, red = BT709.red, green = BT709.green, blue = BT709.blue] = [0, 8, 16, 24].map(
    (at) => [be32(body, at) / 100_000, be32(body, at + 4) / 100_000] as const,
  );
  return { white, red, green, blue };
}

function be32(bytes: Uint8Array, at: number): number {
  return (((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)) >>> 0;
}
