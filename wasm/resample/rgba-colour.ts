/**
 * Colours of another RGB space to sRGB, in place: rows of RGBA, u8. The host brings the tables (`src/core/image/colour`): for each level
 * of each channel what it adds to linear red, green and blue, and the way back from linear light to a byte.
 */
import { alloc } from '../memory';

/** 3 channels · 256 levels · 4 numbers of 32 bits. */
const LIGHT_BYTES: usize = 12288;
const ENCODING_ENTRIES: i32 = 16384;
const GREEN_AT: usize = 4096;
const BLUE_AT: usize = 8192;

let tables: usize = 0;

/** Allocates the tables, the light's first and 12,288 bytes on the way back, and gives their address; 0 when memory is short. */
export function colourTables(): usize {
  tables = alloc(LIGHT_BYTES + ENCODING_ENTRIES);
  return tables;
}

/** Converts `pixels` pixels at `rgba`. Neighbours of the same colour, which drawings are made of, are converted once. */
export function colourConvert(rgba: usize, pixels: i32): void {
  const end = rgba + ((<usize>pixels) << 2);
  if (rgba == end) return;
  let last = load<u32>(rgba);
  let converted = convert(last);
  for (; rgba < end; rgba += 4) {
    const pixel = load<u32>(rgba);
    if (pixel != last) {
      last = pixel;
      converted = convert(pixel);
    }
    store<u32>(rgba, converted);
  }
}

/** Converts `samples` gray samples at `from`, whose light is the same in all three channels. */
export function colourConvertGray(from: usize, samples: i32): void {
  for (const end = from + <usize>samples; from < end; from++) {
    const level = <u32>load<u8>(from);
    store<u8>(from, <u8>(convert(level | (level << 8) | (level << 16)) & 255));
  }
}

@inline
function convert(pixel: u32): u32 {
  const red = v128.load(tables + ((<usize>(pixel & 255)) << 4));
  const green = v128.load(tables + ((<usize>((pixel >> 8) & 255)) << 4), GREEN_AT);
  const blue = v128.load(tables + ((<usize>((pixel >> 16) & 255)) << 4), BLUE_AT);
  // What lies outside of sRGB is brought to its border, channel by channel. Nonsense (NaN) becomes 0.
  const light = f32x4.add(f32x4.add(red, green), f32x4.add(blue, f32x4.splat(0.5)));
  const places = i32x4.min_s(i32x4.max_s(i32x4.trunc_sat_f32x4_s(light), i32x4.splat(0)), i32x4.splat(ENCODING_ENTRIES - 1));
  const encoding = tables + LIGHT_BYTES;
  const r = <u32>load<u8>(encoding + <usize>i32x4.extract_lane(places, 0));
  const g = <u32>load<u8>(encoding + <usize>i32x4.extract_lane(places, 1));
  const b = <u32>load<u8>(encoding + <usize>i32x4.extract_lane(places, 2));
  return r | (g << 8) | (b << 16) | (pixel & 0xff000000);
}
