/**
 * What the frame header says (T.81 B.2.2), and one record for each component.
 *
 * Scale: a component is decoded at N/8 of its size, 1 <= N <= 8, by transforming only the N·N lowest frequencies.
 */
import { alloc } from "../memory";
import { Plane } from "../resample/plane";
import { HuffmanTable } from "./huffman";

export const COMPONENTS_MAX: i32 = 4;

@unmanaged
export class Component {
  identifier: i32;
  /** Sampling factors, 1 to 4. */
  horizontal: i32;
  vertical: i32;
  /** Index of the quantisation table. */
  quantiser: i32;
  /** Size in blocks without the padding of interleaved MCUs (T.81 A.2.2). */
  blocksWide: i32;
  blocksHigh: i32;
  /** Size in blocks with it (T.81 A.2.4). */
  paddedWide: i32;
  paddedHigh: i32;
  /** N. */
  scale: i32;
  /** Last zig-zag index with a kept coefficient. */
  lastKept: i32;
  /** Bit k: the coefficient with zig-zag index k is kept. */
  keptMask: u64;
  /**
   * 80 entries of u32 by zig-zag index: quantisation value << 16 | byte offset in the block buffer.
   * Dropped coefficients, and indices past 63 that only damaged data reaches, go to the offset of a waste slot.
   */
  targets: usize;
  /** Quantisation values in the layout of a block, i16. */
  dequantiser: usize;
  /** True once the quantisation values were copied; they bind when the component's first scan begins. */
  isQuantiserBound: bool;
  /** Progressive only: kept coefficients of all blocks, `blockBytes` each, i16; and which of all 64 are non-zero, u64. */
  coefficients: usize;
  nonzero: usize;
  blockBytes: i32;
  /** Progressive only: blocks whose DC was really in the data. */
  blocksKnown: i32;
  /** The present scan's tables. */
  dc: HuffmanTable;
  ac: HuffmanTable;
  /** The present scan's DC prediction. */
  prediction: i32;
  /** Arithmetic coding: the scan's tables, and the bins that the last DC difference chooses for the next. */
  dcTable: i32;
  acTable: i32;
  dcContext: i32;
  plane: Plane;
}

export let frameWidth: i32 = 0;
export let frameHeight: i32 = 0;
export let componentCount: i32 = 0;
export let isProgressive: bool = false;
export let isArithmetic: bool = false;
export let horizontalMax: i32 = 1;
export let verticalMax: i32 = 1;
/** Size of the frame in interleaved MCUs. */
export let mcusWide: i32 = 0;
export let mcusHigh: i32 = 0;

let components: usize = 0;

/** The component with index 0 to 3 in frame order. */
@inline
export function component(index: i32): Component {
  return changetype<Component>(components + <usize>index * offsetof<Component>());
}

/** Allocates the records. False when memory is exhausted. */
export function openFrame(): bool {
  components = alloc(offsetof<Component>() * COMPONENTS_MAX);
  frameWidth = 0;
  frameHeight = 0;
  componentCount = 0;
  isProgressive = false;
  isArithmetic = false;
  if (components == 0) return false;
  memory.fill(components, 0, offsetof<Component>() * COMPONENTS_MAX);
  return true;
}

/** Takes the frame header whose parameters begin at `at`, `bytes` long. False when it contradicts itself. */
export function readFrame(at: usize, bytes: i32, progressive: bool, arithmetic: bool): bool {
  if (bytes < 6) return false;
  isProgressive = progressive;
  isArithmetic = arithmetic;
  frameHeight = (<i32>load<u8>(at, 1) << 8) | load<u8>(at, 2);
  frameWidth = (<i32>load<u8>(at, 3) << 8) | load<u8>(at, 4);
  componentCount = load<u8>(at, 5);
  if (frameWidth == 0 || componentCount == 0 || componentCount > COMPONENTS_MAX) return false;
  if (bytes < 6 + 3 * componentCount) return false;
  horizontalMax = 1;
  verticalMax = 1;
  for (let i = 0; i < componentCount; i++) {
    const c = component(i);
    const from = at + 6 + <usize>(3 * i);
    c.identifier = load<u8>(from);
    c.horizontal = load<u8>(from, 1) >> 4;
    c.vertical = load<u8>(from, 1) & 15;
    c.quantiser = load<u8>(from, 2);
    c.isQuantiserBound = false;
    if (c.horizontal < 1 || c.horizontal > 4 || c.vertical < 1 || c.vertical > 4 || c.quantiser > 3) return false;
    horizontalMax = max(horizontalMax, c.horizontal);
    verticalMax = max(verticalMax, c.vertical);
  }
  measureFrame();
  return true;
}

/** Sizes in blocks and MCUs (T.81 A.1.1, A.2). */
function measureFrame(): void {
  mcusWide = ceilDivide(frameWidth, 8 * horizontalMax);
  mcusHigh = ceilDivide(frameHeight, 8 * verticalMax);
  for (let i = 0; i < componentCount; i++) {
    const c = component(i);
    c.blocksWide = ceilDivide(ceilDivide(frameWidth * c.horizontal, horizontalMax), 8);
    c.blocksHigh = ceilDivide(ceilDivide(frameHeight * c.vertical, verticalMax), 8);
    c.paddedWide = mcusWide * c.horizontal;
    c.paddedHigh = mcusHigh * c.vertical;
  }
}

@inline
export function ceilDivide(value: i32, by: i32): i32 {
  return (value + by - 1) / by;
}
