/** The codec module: everything the host may call, in one instance with one memory of at most 64 MiB. */
export * from './encode/png';
export * from './gif/index';
export * from './jpeg/index';
export * from './png/index';
export * from './webp/index';
export { webpTargetBegin, webpTargetRows } from './webp/target';
export { peak } from './memory';
export { rgbaClearPairs, rgbaColours, rgbaEqualPairs, rgbaMeasure, rgbaPairs, rgbaStrongPairs } from './resample/rgba-content';
export { rgbaTarget, rgbaTargetHeight, rgbaTargetStride, rgbaTargetWidth } from './resample/rgba-target';

/** Bytes of static data: what a job holds before it allocates anything. */
export function staticBytes(): usize {
  return (__heap_base + 15) & ~(<usize>15);
}
