/**
 * ICC profiles (ICC.1:2022): matrix and curves of RGB ones, the curve of gray ones. Nothing else of a profile is read, and nothing
 * is allocated by what it says: tags are looked at where they lie.
 */
import { type Curve, parametricCurve, powerCurve, sampledCurve } from './curve.ts';
import { d50ToSrgb, fromColumns, IDENTITY, inverse, type Vector } from './matrix.ts';
import { asSourceColour, type Curves, type SourceColour, SRGB } from './space.ts';

const HEADER_BYTES = 128;
const TAG_BYTES = 12;
/** Tags looked at; profiles have some dozens at most. */
const TAG_COUNT_MAX = 200;
const CURVE_SAMPLES_MAX = 65_536;

/**
 * What a profile says. `channels`: colour channels of the picture, 1 or 3 (4 for inks). A broken profile, or one for another kind of picture, counts as
 * none, as in browsers.
 */
export function readIccProfile(profile: Uint8Array, channels: number): SourceColour {
  if (profile.length < HEADER_BYTES + 4 || text(profile, 36) !== 'acsp') return SRGB;
  const view = new DataView(profile.buffer, profile.byteOffset, profile.byteLength);
  // §7.2.6: the colour space of the numbers.
  const space = text(profile, 16);
  if (channels === 4) return space === 'CMYK' ? { kind: 'unknown', reason: 'a CMYK profile' } : SRGB;
  if (space !== (channels === 1 ? 'GRAY' : 'RGB ')) return SRGB;
  const tags = readTags(view);
  return space === 'GRAY' ? readGray(view, tags) : readRgb(view, tags);
}

type Tags = ReadonlyMap<string, { readonly offset: number; readonly bytes: number }>;

/** §7.3: tags that lie within the profile. */
function readTags(view: DataView): Tags {
  const tags = new Map<string, { offset: number; bytes: number }>();
  const count = Math.min(view.getUint32(HEADER_BYTES), TAG_COUNT_MAX);
  for (let index = 0; index < count; index++) {
    const at = HEADER_BYTES + 4 + index * TAG_BYTES;
    if (at + TAG_BYTES > view.byteLength) break;
    const offset = view.getUint32(at + 4);
    const bytes = view.getUint32(at + 8);
    if (offset + bytes <= view.byteLength) tags.set(textAt(view, at), { offset, bytes });
  }
  return tags;
}

function readGray(view: DataView, tags: Tags): SourceColour {
  const curve = readCurve(view, tags, 'kTRC');
  return curve === undefined ? SRGB : asSourceColour([curve, curve, curve], IDENTITY);
}

function readRgb(view: DataView, tags: Tags): SourceColour {
  const columns = ['rXYZ', 'gXYZ', 'bXYZ'].map((name) => readXyz(view, tags, name));
  const curves = ['rTRC', 'gTRC', 'bTRC'].map((name) => readCurve(view, tags, name));
  if ([...columns, ...curves].includes(undefined)) {
    return tags.has('A2B0') ? { kind: 'unknown', reason: 'a profile made of look-up tables' } : SRGB;
  }
  const toD50 = fromColumns(columns as unknown as readonly [Vector, Vector, Vector]);
  return inverse(toD50) === undefined ? SRGB : asSourceColour(curves as unknown as Curves, d50ToSrgb(toD50));
}

/** §10.31: one XYZ number. */
function readXyz(view: DataView, tags: Tags, name: string): Vector | undefined {
  const tag = tags.get(name);
  if (tag === undefined || tag.bytes < 20 || textAt(view, tag.offset) !== 'XYZ ') return undefined;
  return [fixed(view, tag.offset + 8), fixed(view, tag.offset + 12), fixed(view, tag.offset + 16)];
}

function readCurve(view: DataView, tags: Tags, name: string): Curve | undefined {
  const tag = tags.get(name);
  if (tag === undefined || tag.bytes < 12) return undefined;
  const type = textAt(view, tag.offset);
  if (type === 'curv') return readSampled(view, tag.offset, tag.bytes);
  return type === 'para' ? readParametric(view, tag.offset, tag.bytes) : undefined;
}

/** §10.6: none is the identity, one a power, more are samples. */
function readSampled(view: DataView, offset: number, bytes: number): Curve | undefined {
  const count = view.getUint32(offset + 8);
  if (count === 0) return (value) => value;
  if (count > CURVE_SAMPLES_MAX || 12 + count * 2 > bytes) return undefined;
  if (count === 1) return powerCurve(view.getUint16(offset + 12) / 256);
  return sampledCurve(count, (index) => view.getUint16(offset + 12 + index * 2) / 65_535);
}

/** Parameters of each function type of §10.18. */
const PARAMETERS = [1, 3, 4, 5, 7];

function readParametric(view: DataView, offset: number, bytes: number): Curve | undefined {
  const type = view.getUint16(offset + 8);
  const count = PARAMETERS[type];
  if (count === undefined || 12 + count * 4 > bytes) return undefined;
  const [g = 1, a = 1, b = 0, c = 0, d = 0, e = 0, f = 0] = Array.from({ length: count }, (_, index) => fixed(view, offset + 12 + index * 4));
  if (type === 0) return powerCurve(g);
  // Types 1 and 2 begin where a·x + b is 0; type 2 adds c on both sides.
  if (type <= 2) return a === 0 ? undefined : parametricCurve(g, a, b, 0, -b / a, c, c);
  return parametricCurve(g, a, b, c, d, e, f);
}

/** s15Fixed16Number, §4.6. */
function fixed(view: DataView, at: number): number {
  return view.getInt32(at) / 65_536;
}

function text(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}

function textAt(view: DataView, at: number): string {
  return at + 4 > view.byteLength ? '' : String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3));
}
