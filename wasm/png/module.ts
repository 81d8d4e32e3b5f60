/** The PNG and GIF part of the codec as a module of its own, for its tests and benches. */
export * from "../encode/png";
export * from "../gif/index";
export * from "./index";
export { peak } from "../memory";
export { rgbaTarget, rgbaTargetHeight, rgbaTargetStride, rgbaTargetWidth } from "../resample/rgba-target";
