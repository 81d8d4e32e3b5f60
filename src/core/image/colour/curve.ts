/** Transfer curves: from a stored value of 0 to 1 to linear light. */

export type Curve = (value: number) => number;

/** IEC 61966-2-1 §5.2. */
export function decodeSrgb(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

/** The inverse: from linear light to a stored value. */
export function encodeSrgb(light: number): number {
  return light <= 0.0031308 ? light * 12.92 : 1.055 * light ** (1 / 2.4) - 0.055;
}

/** A power; a value below 0 gives 0. */
export function powerCurve(exponent: number): Curve {
  return (value) => Math.max(0, value) ** exponent;
}

/**
 * Parametric curve of ICC.1:2022 §10.18: (a·x + b)^g + e from d on, c·x + f below.
 */
export function parametricCurve(g: number, a: number, b: number, c: number, d: number, e: number, f: number): Curve {
  return (value) => (value >= d ? Math.max(0, a * value + b) ** g + e : c * value + f);
}

/** Straight lines between `samples` at equal distances, at least two. The samples are read, not kept in another form. */
export function sampledCurve(count: number, sampleAt: (index: number) => number): Curve {
  return (value) => {
    const place = Math.max(0, Math.min(1, value)) * (count - 1);
    const index = Math.min(count - 2, Math.floor(place));
    const low = sampleAt(index);
    return low + (sampleAt(index + 1) - low) * (place - index);
  };
}

/** What a display makes of the signals of ITU-R BT.709, BT.601 and BT.2020 (BT.1886 §2, with a black of 0). */
export const decodeBt1886: Curve = powerCurve(2.4);

/** Luminance of graphics white in HDR pictures, cd/m² (ITU-R BT.2408 §2.2). */
const REFERENCE_WHITE = 203;
const PQ_PEAK = 10_000;
/** Light that graphics white becomes, so that highlights up to twice as bright keep their form; browsers show as much. */
const REFERENCE_WHITE_LIGHT = 0.5;

/** SMPTE ST 2084 §5.2 (ITU-R BT.2100 table 4). Highlights beyond 406 cd/m² lie above 1. */
export function decodePq(value: number): number {
  const root = Math.max(0, value) ** (1 / 78.84375);
  const light = (Math.max(0, root - 0.8359375) / (18.8515625 - 18.6875 * root)) ** (1 / 0.1593017578125);
  return ((light * PQ_PEAK) / REFERENCE_WHITE) * REFERENCE_WHITE_LIGHT;
}

/** Of the HLG signal (ITU-R BT.2408 §2.2). */
const HLG_REFERENCE_WHITE = 0.75;
/** Of a display of 1,000 cd/m² (BT.2100 table 5); taken of each channel alone, where the standard takes it of the luminance. */
const HLG_SYSTEM_GAMMA = 1.2;

/** ITU-R BT.2100 table 5: inverse OETF, then the display's system gamma. */
export function decodeHlg(value: number): number {
  return (hlgScene(value) / hlgScene(HLG_REFERENCE_WHITE)) ** HLG_SYSTEM_GAMMA * REFERENCE_WHITE_LIGHT;
}

function hlgScene(value: number): number {
  const x = Math.max(0, value);
  return x <= 0.5 ? (x * x) / 3 : (Math.exp((x - 0.55991073) / 0.17883277) + 0.28466892) / 12;
}
