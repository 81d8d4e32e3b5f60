/** A decoded picture: RGBA, row-major, 4 · width bytes a row, alpha not premultiplied. Owned by the receiver. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint8ClampedArray;
}

/**
 * The picture as it stands after its EXIF orientation (1 to 8) is applied: a copy, or the same pixels for 1.
 * Exif 2.32 §4.6.4: 5 to 8 exchange the axes.
 */
export function orientUpright(pixels: Pixels, orientation: number): Pixels {
  if (orientation === 1) return pixels;
  const { width, height } = pixels;
  const swapsAxes = orientation >= 5;
  const uprightWidth = swapsAxes ? height : width;
  const uprightHeight = swapsAxes ? width : height;
  const source = new Uint32Array(copyAligned(pixels.data));
  const target = new Uint32Array(source.length);
  const mirrorsX = [2, 3, 7, 8].includes(orientation);
  const mirrorsY = [3, 4, 6, 7].includes(orientation);
  for (let y = 0; y < uprightHeight; y++) {
    for (let x = 0; x < uprightWidth; x++) {
      const alongX = swapsAxes ? y : x;
      const alongY = swapsAxes ? x : y;
      const sourceX = mirrorsX ? width - 1 - alongX : alongX;
      const sourceY = mirrorsY ? height - 1 - alongY : alongY;
      target[y * uprightWidth + x] = source[sourceY * width + sourceX] ?? 0;
    }
  }
  return { width: uprightWidth, height: uprightHeight, data: new Uint8Array(target.buffer) };
}

/** A decoder may hand out a view at any offset; 32-bit access needs an aligned buffer. */
function copyAligned(data: Uint8Array | Uint8ClampedArray): ArrayBuffer {
  return new Uint8Array(data).buffer;
}
