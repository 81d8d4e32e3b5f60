/**
 * The target bitmap: RGBA, u8, not premultiplied, row-major, 4 · width bytes a row, upright. It is the only full
 * picture that the module ever holds; every EXIF orientation is applied while rows are stored into it.
 */
import { alloc } from "../memory";

let bitmap: usize = 0;
let rowPixels: i32 = 0;
let rowCount: i32 = 0;
let orientation: i32 = 1;
let hasAlpha: bool = false;
let backdrop: i32 = -1;
let packed: usize = 0;

/**
 * Allocates the bitmap for `width` · `height` pixels in stored axes. `turn`: EXIF orientation 1 to 8.
 * `background`: 0xRRGGBB to flatten on, or -1 to keep alpha. False when memory is short.
 */
export function targetBegin(width: i32, height: i32, turn: i32, background: i32, mayHaveAlpha: bool): bool {
  rowPixels = width;
  rowCount = height;
  orientation = turn;
  backdrop = background;
  hasAlpha = mayHaveAlpha;
  bitmap = alloc((<usize>(width * height) << 2) + 16);
  packed = alloc((<usize>width << 2) + 32);
  return bitmap != 0 && packed != 0;
}

/** Address of the upright bitmap. */
export function rgbaTarget(): usize {
  return bitmap;
}

/** Upright width in pixels: orientations 5 to 8 exchange the axes. */
export function rgbaTargetWidth(): i32 {
  return orientation > 4 ? rowCount : rowPixels;
}

/** Upright height in pixels. */
export function rgbaTargetHeight(): i32 {
  return orientation > 4 ? rowPixels : rowCount;
}

/** Bytes from one row of the bitmap to the next. */
export function rgbaTargetStride(): i32 {
  return rgbaTargetWidth() << 2;
}

/** Stores row `y` from RGBA sums (i32, Q21, premultiplied, rounding included). */
export function storeSums(y: i32, sums: usize): void {
  if (!hasAlpha) packOpaque(sums);
  else packWithAlpha(sums);
  placeRow(y, packed);
}

/** Stores row `y` from RGBA, u8, as it is but for the background. */
export function storePixels(y: i32, row: usize): void {
  if (!hasAlpha || backdrop < 0) {
    placeRow(y, row);
    return;
  }
  for (let x = 0; x < rowPixels; x++) {
    const pixel = load<u32>(row + (<usize>x << 2));
    const alpha = pixel >> 24;
    const red = blend(pixel & 255, (backdrop >> 16) & 255, alpha);
    const green = blend((pixel >> 8) & 255, (backdrop >> 8) & 255, alpha);
    const blue = blend((pixel >> 16) & 255, backdrop & 255, alpha);
    store<u32>(packed + (<usize>x << 2), red | (green << 8) | (blue << 16) | 0xff000000);
  }
  placeRow(y, packed);
}

@inline
function blend(front: u32, back: u32, alpha: u32): u32 {
  return (front * alpha + back * (255 - alpha) + 127) / 255;
}

function packOpaque(sums: usize): void {
  const alpha = i32x4.splat(0xff000000);
  const end = packed + (<usize>rowPixels << 2);
  for (let to = packed; to < end; to += 16) {
    const a = i32x4.shr_s(v128.load(sums), 21);
    const b = i32x4.shr_s(v128.load(sums, 16), 21);
    const c = i32x4.shr_s(v128.load(sums, 32), 21);
    const d = i32x4.shr_s(v128.load(sums, 48), 21);
    const bytes = i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_s(a, b), i16x8.narrow_i32x4_s(c, d));
    v128.store(to, v128.or(bytes, alpha));
    sums += 64;
  }
}

function packWithAlpha(sums: usize): void {
  const unit = f32x4.splat(<f32>(1.0 / 2097152.0));
  const background = backdrop < 0 ? f32x4.splat(0)
    : f32x4(<f32>((backdrop >> 16) & 255), <f32>((backdrop >> 8) & 255), <f32>(backdrop & 255), 255);
  const end = packed + (<usize>rowPixels << 2);
  for (let to = packed; to < end; to += 4) {
    const sum = v128.load(sums);
    sums += 16;
    const alpha = i32x4.extract_lane(sum, 3);
    let pixel: v128;
    if (alpha >= 255 << 21) pixel = i32x4.shr_s(sum, 21);
    else {
      // The rounding half that the sums carry comes off first: it would lighten thin colours.
      const value = f32x4.mul(f32x4.convert_i32x4_s(i32x4.sub(sum, i32x4.splat(1 << 20))), unit);
      const cover = max<f32>(0, f32x4.extract_lane(value, 3));
      let result: v128;
      if (backdrop >= 0) result = f32x4.add(value, f32x4.mul(background, f32x4.splat((<f32>255 - cover) / <f32>255)));
      else if (alpha < 1 << 21) {
        store<u32>(to, 0);
        continue;
      } else result = f32x4.replace_lane(f32x4.mul(value, f32x4.splat(<f32>255 / cover)), 3, cover);
      pixel = i32x4.trunc_sat_f32x4_s(f32x4.add(result, f32x4.splat(0.5)));
    }
    const half = i16x8.narrow_i32x4_s(pixel, pixel);
    v128.store32_lane(to, i8x16.narrow_i16x8_u(half, half), 0);
    if (backdrop >= 0) store<u8>(to, 255, 3);
  }
}

/** Puts row `y` of the stored axes where the orientation wants it (Exif 2.32, tag 0x0112). */
function placeRow(y: i32, row: usize): void {
  const width = <usize>rowPixels;
  if (orientation == 1 || orientation == 4) {
    const line = orientation == 1 ? y : rowCount - 1 - y;
    memory.copy(bitmap + (<usize>line * width << 2), row, width << 2);
    return;
  }
  const isTransposed = orientation > 4;
  const stride = <isize>rgbaTargetStride();
  const mirrorX = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  const mirrorY = orientation == 3 || orientation == 6 || orientation == 7;
  const line = mirrorY ? rowCount - 1 - y : y;
  const step: isize = isTransposed ? (mirrorX ? -stride : stride) : -4;
  let to = <isize>bitmap + (isTransposed ? <isize>line << 2 : <isize>line * stride);
  if (mirrorX) to += (<isize>rowPixels - 1) * (isTransposed ? stride : 4);
  const end = row + (width << 2);
  for (; row < end; row += 4) {
    store<u32>(<usize>to, load<u32>(row));
    to += step;
  }
}
