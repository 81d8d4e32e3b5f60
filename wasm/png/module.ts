/** The PNG and GIF part of the codec as a module of its own, for its tests and benches. */
export * from "../encode/png";
export * from "../gif/index";
export * from "./index";
export { mark, peak } from "../memory";
export { rgbaColours, rgbaFlatPermille, rgbaMeasure } from "../resample/rgba-content";
export { rgbaTarget, rgbaTargetHeight, rgbaTargetStride, rgbaTargetWidth } from "../resample/rgba-target";
