// The frame header of a VP8 key frame: the ten uncompressed bytes of RFC 6386 §9.1, then the fields of §9.2 to §9.11
// that open the first partition.

import { alloc } from '../../memory';
import { OK, OUT_OF_MEMORY, UNDECODABLE } from '../status';
import { BoolReader, readBool, readFlag, readLiteral, readOptionalSigned } from './bool';
import { COEFFICIENT_PROBABILITIES, DEFAULT_PROBABILITY, UPDATE_PROBABILITY } from './coefficient-table';
import { AC_STEP, DC_STEP } from './quantizer-table';

/** Bytes before the first partition. */
export const FRAME_TAG_BYTES: u32 = 10;
/** Segments that a frame may tell apart (§9.3). */
export const SEGMENTS: i32 = 4;
/** Bytes of one segment's steps in `steps`: six 32-bit numbers, Y1, Y2 and chroma, each DC then AC. */
export const STEPS_BYTES: i32 = 24;

export let width: i32 = 0;
export let height: i32 = 0;
export let firstPartitionBytes: u32 = 0;

/** Token probabilities of this frame. */
export let probabilities: usize = 0;
/** Dequantization steps, `STEPS_BYTES` a segment. */
export let steps: usize = 0;
/** Loop filter level, 0 to 63, by segment and whether the macroblock has sub-block modes: [segment][0 or 1], 32 bits. */
export let filterLevels: usize = 0;
export let sharpness: i32 = 0;
export let isSimpleFilter: bool = false;
export let isFiltered: bool = false;
/** Tree probabilities of the segment map, and whether there is one. */
export let hasSegmentMap: bool = false;
export let segmentProbabilities: u32 = 0;
/** Chance that a macroblock has coefficients; 0 when the frame does not mark empty ones. */
export let skipProbability: i32 = 0;
/** Token partitions: 1, 2, 4 or 8. */
export let partitions: i32 = 0;

/** Reads the uncompressed bytes of a key frame (§9.1). `bytes` is the size of the whole chunk. */
export function readFrameTag(at: usize, bytes: u32): i32 {
  if (FRAME_TAG_BYTES > bytes) return UNDECODABLE;
  const tag = (<u32>load<u8>(at)) | ((<u32>load<u8>(at, 1)) << 8) | ((<u32>load<u8>(at, 2)) << 16);
  const isKeyFrame = (tag & 1) == 0;
  const version = (tag >> 1) & 7;
  const isShown = ((tag >> 4) & 1) != 0;
  if (!isKeyFrame || version > 3 || !isShown) return UNDECODABLE;
  if (load<u8>(at, 3) != 0x9d || load<u8>(at, 4) != 0x01 || load<u8>(at, 5) != 0x2a) return UNDECODABLE;
  firstPartitionBytes = tag >> 5;
  width = (<i32>load<u16>(at, 6)) & 0x3fff;
  height = (<i32>load<u16>(at, 8)) & 0x3fff;
  if (width == 0 || height == 0 || firstPartitionBytes > bytes - FRAME_TAG_BYTES) return UNDECODABLE;
  return OK;
}

/** Reads the header fields at the start of the first partition. */
export function readFrameHeader(reader: BoolReader): i32 {
  probabilities = alloc(COEFFICIENT_PROBABILITIES);
  steps = alloc(SEGMENTS * STEPS_BYTES);
  filterLevels = alloc(SEGMENTS * 8);
  const segments = alloc(SEGMENTS * 8);
  if (probabilities == 0 || steps == 0 || filterLevels == 0 || segments == 0) return OUT_OF_MEMORY;
  readLiteral(reader, 2); // Colour space and clamping (§9.2): a WebP has one of each.
  const isSegmented = readFlag(reader);
  const isAbsolute = readSegments(reader, isSegmented, segments);
  readFilter(reader, isSegmented, isAbsolute, segments + SEGMENTS * 4);
  partitions = 1 << readLiteral(reader, 2);
  readQuantizer(reader, isSegmented, isAbsolute, segments);
  readFlag(reader); // Whether the probabilities outlive the frame (§9.11): there is no next frame.
  for (let i = 0; i < COEFFICIENT_PROBABILITIES; i++) {
    const isUpdated = readBool(reader, load<u8>(UPDATE_PROBABILITY + i)) != 0;
    store<u8>(probabilities + i, isUpdated ? readLiteral(reader, 8) : load<u8>(DEFAULT_PROBABILITY + i));
  }
  skipProbability = readFlag(reader) ? readLiteral(reader, 8) | 256 : 0;
  return reader.isPast != 0 ? UNDECODABLE : OK;
}

/** Segment features, §9.3: four quantizers to `segments`, four filter levels behind. Gives whether they are absolute. */
function readSegments(reader: BoolReader, isSegmented: bool, segments: usize): bool {
  let isAbsolute = false;
  hasSegmentMap = false;
  memory.fill(segments, 0, SEGMENTS * 8);
  if (!isSegmented) return false;
  hasSegmentMap = readFlag(reader);
  if (readFlag(reader)) {
    isAbsolute = readFlag(reader);
    for (let s = 0; s < SEGMENTS; s++) store<i32>(segments + s * 4, readOptionalSigned(reader, 7));
    for (let s = 0; s < SEGMENTS; s++) store<i32>(segments + SEGMENTS * 4 + s * 4, readOptionalSigned(reader, 6));
  }
  segmentProbabilities = 0xffffff;
  if (hasSegmentMap) {
    segmentProbabilities = 0;
    for (let i = 0; i < 3; i++) {
      const probability = readFlag(reader) ? readLiteral(reader, 8) : 255;
      segmentProbabilities |= (<u32>probability) << (i * 8);
    }
  }
  return isAbsolute;
}

/** Loop filter, §9.6 and §15.1 to §15.2, resolved to a level for each kind of macroblock. */
function readFilter(reader: BoolReader, isSegmented: bool, isAbsolute: bool, segmentLevels: usize): void {
  isSimpleFilter = readFlag(reader);
  const frameLevel = readLiteral(reader, 6);
  sharpness = readLiteral(reader, 3);
  let intraDelta = 0;
  let subblockDelta = 0;
  const hasDeltas = readFlag(reader);
  if (hasDeltas && readFlag(reader)) {
    // Four deltas by reference frame and four by mode; a key frame uses the first of each.
    intraDelta = readOptionalSigned(reader, 6);
    for (let i = 1; i < 4; i++) readOptionalSigned(reader, 6);
    subblockDelta = readOptionalSigned(reader, 6);
    for (let i = 1; i < 4; i++) readOptionalSigned(reader, 6);
  }
  isFiltered = frameLevel != 0;
  for (let s = 0; s < SEGMENTS; s++) {
    let level = frameLevel;
    if (isSegmented) {
      const own = load<i32>(segmentLevels + s * 4);
      level = isAbsolute ? own : level + own;
    }
    level += intraDelta;
    store<i32>(filterLevels + s * 8, clamp(level, 63));
    store<i32>(filterLevels + s * 8 + 4, clamp(level + subblockDelta, 63));
  }
}

/** Quantizer indices, §9.6, and the steps that they stand for, §14.1. */
function readQuantizer(reader: BoolReader, isSegmented: bool, isAbsolute: bool, segmentIndices: usize): void {
  const frameIndex = readLiteral(reader, 7);
  const y1Dc = readOptionalSigned(reader, 4);
  const y2Dc = readOptionalSigned(reader, 4);
  const y2Ac = readOptionalSigned(reader, 4);
  const uvDc = readOptionalSigned(reader, 4);
  const uvAc = readOptionalSigned(reader, 4);
  for (let s = 0; s < SEGMENTS; s++) {
    let index = frameIndex;
    if (isSegmented) {
      const own = load<i32>(segmentIndices + s * 4);
      index = isAbsolute ? own : index + own;
    }
    const at = steps + s * STEPS_BYTES;
    store<i32>(at, dcStep(index + y1Dc, 127));
    store<i32>(at, acStep(index), 4);
    store<i32>(at, dcStep(index + y2Dc, 127) * 2, 8);
    store<i32>(at, max(8, (acStep(index + y2Ac) * 155) / 100), 12);
    // The chroma DC step ends at 132, which is the step of index 117.
    store<i32>(at, dcStep(index + uvDc, 117), 16);
    store<i32>(at, acStep(index + uvAc), 20);
  }
}

function dcStep(index: i32, bound: i32): i32 {
  return load<u8>(DC_STEP + clamp(index, bound));
}

function acStep(index: i32): i32 {
  return load<u16>(AC_STEP + (clamp(index, 127) << 1));
}

function clamp(value: i32, bound: i32): i32 {
  return min(max(value, 0), bound);
}
