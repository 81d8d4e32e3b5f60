// Prediction plus residue for one macroblock, straight into the planes.

import { B_PRED, chromaMode, lumaMode, subblockModes } from "./mode";
import { chromaStride, chromaU, chromaV, luma, lumaStride } from "./plane";
import { predictChroma, predictLuma } from "./predict";
import { coefficients, ends } from "./residue";
import { predictSubblock } from "./subblock";
import { addDc, addResidue, loadBlock, storeBlock } from "./transform";

/** Reconstructs the macroblock in `column` of row `row` by the modes read last. */
export function reconstruct(column: i32, row: i32, hasResidue: bool): void {
  const at = luma + <usize>column * 16;
  const u = chromaU + <usize>column * 8;
  const v = chromaV + <usize>column * 8;
  const hasAbove = row > 0;
  const hasLeft = column > 0;
  if (lumaMode == B_PRED) {
    reconstructSubblocks(at);
  } else {
    predictLuma(at, lumaStride, lumaMode, hasAbove, hasLeft);
    if (hasResidue) for (let i: usize = 0; i < 16; i++) add(at + (i >> 2) * 4 * lumaStride + (i & 3) * 4, lumaStride, i);
  }
  predictChroma(u, chromaStride, chromaMode, hasAbove, hasLeft);
  predictChroma(v, chromaStride, chromaMode, hasAbove, hasLeft);
  if (!hasResidue) return;
  for (let i: usize = 0; i < 4; i++) {
    const offset = (i >> 1) * 4 * chromaStride + (i & 1) * 4;
    add(u + offset, chromaStride, 16 + i);
    add(v + offset, chromaStride, 20 + i);
  }
}

/** Each sub-block is predicted from the finished ones before it. */
function reconstructSubblocks(at: usize): void {
  // Below the first line of sub-blocks, the pixels to the right belong to a macroblock that is not decoded yet: the row
  // above stands in for them (RFC 6386 §12.3).
  const beyond = load<u32>(at - lumaStride + 16);
  for (let y: usize = 0; y < 4; y++) {
    for (let x: usize = 0; x < 4; x++) {
      const block = at + x * 4;
      const i = y * 4 + x;
      const right = x == 3 ? beyond : load<u32>(block - lumaStride + 4);
      const prediction = predictSubblock(block, lumaStride, load<u8>(subblockModes + i), right);
      storeBlock(block, lumaStride, withResidue(prediction, i));
    }
    at += 4 * lumaStride;
  }
}

@inline
function add(at: usize, stride: usize, block: usize): void {
  if (<u32>load<u8>(ends + block) <= 1 && load<i16>(coefficients + block * 32) == 0) return;
  storeBlock(at, stride, withResidue(loadBlock(at, stride), block));
}

function withResidue(prediction: v128, block: usize): v128 {
  const at = coefficients + block * 32;
  if (<u32>load<u8>(ends + block) > 1) return addResidue(prediction, at);
  const dc = <i32>load<i16>(at);
  return dc != 0 ? addDc(prediction, dc) : prediction;
}
