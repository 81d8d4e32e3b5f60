/**
 * The decoder's state machine: markers, scans, and the end of the picture (T.81 B.2, Annex E.2).
 *
 *   MARKERS -> (application segment) SKIP -> MARKERS
 *   MARKERS -> (first SOS) AWAIT_TARGET -> SCAN -> MARKERS ... -> COMPLETE
 * Any state may become FAILED, which keeps its status for every later call.
 */
import { resetMemory } from '../memory';
import { openArithmetic, readConditioning } from './arithmetic';
import { openBits } from './bits';
import { badCodeCount, clearBadCodes } from './block';
import { bindTables } from './bind';
import { colourModel, noteApplicationSegment, resetColour, UNKNOWN } from './colour';
import { component, componentCount, frameHeight, isArithmetic, isProgressive, openFrame, readFrame } from './frame';
import { acceptInput, consumeTo, inputCursor, inputEnd, inputIsFinal, openInput } from './input';
import { beginProgressive, runProgressive } from './progressive';
import { reconstruct } from './reconstruct';
import { beginScan, dataAreOverrun, resetScans, setRestartInterval, warn, warningCount } from './scan';
import { beginSequential, openSequential, runSequential } from './sequential';
import { DONE, HEADER_KNOWN, NEED_INPUT, OUT_OF_MEMORY, TRUNCATED, UNDECODABLE, UNSUPPORTED, WORK_BOUND } from './status';
import { openTables, readHuffmanTables, readQuantisers } from './table';

/** Progressive files of common encoders have 10 to 14 scans; each costs a pass over all blocks. */
const SCANS_MAX: i32 = 100;

/**
 * Blocks that all arithmetic scans of a file may pass over. Their cost does not follow from the file's size, since a block may take no bits
 * at all; 64 megapixels in twelve progressive scans have 18 million at most.
 */
const ARITHMETIC_BLOCKS_MAX: i32 = 1 << 25;

const START: i32 = 0;
const MARKERS: i32 = 1;
const SKIP: i32 = 2;
const AWAIT_TARGET: i32 = 3;
const SCAN: i32 = 4;
const COMPLETE: i32 = 5;
const FAILED: i32 = 6;

let state: i32 = FAILED;
let failure: i32 = UNDECODABLE;
let skipLeft: i32 = 0;
let hasFrame: bool = false;
let isTargetKnown: bool = false;
let scans: i32 = 0;
let arithmeticBlocks: i64 = 0;
/** Bit i: component i was coded by a sequential scan. */
let componentsDone: i32 = 0;

/** Forgets everything and allocates the fixed buffers. OUT_OF_MEMORY or 0. */
export function resetDecoder(): i32 {
  resetMemory();
  resetScans();
  resetColour();
  clearBadCodes();
  hasFrame = false;
  isTargetKnown = false;
  scans = 0;
  arithmeticBlocks = 0;
  componentsDone = 0;
  const isOpen = openInput() && openBits() && openTables() && openArithmetic() && openFrame() && openSequential();
  state = isOpen ? START : FAILED;
  failure = OUT_OF_MEMORY;
  return isOpen ? 0 : OUT_OF_MEMORY;
}

/** Takes `bytes` new input bytes and goes as far as they reach; gives a status. */
export function pushInput(bytes: i32, isFinal: bool): i32 {
  if (!acceptInput(bytes, isFinal)) return fail(UNDECODABLE);
  while (true) {
    const status = step();
    if (status == CONTINUE) continue;
    return status < 0 ? fail(status) : status;
  }
}

/** True while the target may be set: after HEADER_KNOWN. */
export function awaitsTarget(): bool {
  return state == AWAIT_TARGET;
}

/** True when the picture is there and may be read. */
export function isComplete(): bool {
  return state == COMPLETE;
}

/** Called by the configuration once every plane is open. */
export function acceptTarget(): void {
  isTargetKnown = true;
  state = MARKERS;
}

/** Makes every later call give `status`. */
export function fail(status: i32): i32 {
  if (state != FAILED) failure = status;
  state = FAILED;
  return failure;
}

/** Damage that was tolerated: lost intervals, wrong codes, missing data. */
export function damageCount(): i32 {
  return warningCount() + badCodeCount();
}

/** Not a status for the host: the machine has more to do with what it has. */
const CONTINUE: i32 = 100;

function step(): i32 {
  switch (state) {
    case START:
      return readStart();
    case MARKERS:
      return readMarker();
    case SKIP:
      return skipBytes();
    case AWAIT_TARGET:
      return HEADER_KNOWN;
    case SCAN:
      return runScan();
    case COMPLETE:
      return DONE;
    default:
      return failure;
  }
}

function readStart(): i32 {
  const at = inputCursor();
  if (inputEnd() - at < 2) return inputIsFinal() ? TRUNCATED : NEED_INPUT;
  if (load<u16>(at) != 0xd8ff) return UNDECODABLE;
  consumeTo(at + 2);
  state = MARKERS;
  return CONTINUE;
}

/** Finds the next marker, passing over whatever stands before it, and acts on it. */
function readMarker(): i32 {
  let at = inputCursor();
  const end = inputEnd();
  while (end - at >= 2 && !(load<u8>(at) == 0xff && load<u8>(at, 1) != 0xff && load<u8>(at, 1) != 0)) at++;
  consumeTo(at);
  if (end - at < 2) return inputIsFinal() ? endOfFile(true) : NEED_INPUT;
  const marker = <i32>load<u8>(at, 1);
  if (marker == 0xd9) {
    consumeTo(at + 2);
    return endOfFile(false);
  }
  // Markers without a segment: RST left over, SOI again, TEM and the reserved ones (Table B.1).
  if ((marker >= 0xd0 && marker <= 0xd8) || marker < 0xc0) {
    consumeTo(at + 2);
    return CONTINUE;
  }
  if (end - at < 4) return inputIsFinal() ? endOfFile(true) : NEED_INPUT;
  const length = ((<i32>load<u8>(at, 2)) << 8) | load<u8>(at, 3);
  const isApplication = (marker & 0xf0) == 0xe0 || marker == 0xfe;
  // A comment that claims to be shorter than its own length field is passed over, as libjpeg does.
  const known = isApplication ? max(min(length, 14), 2) : length;
  if (known < 2) return UNDECODABLE;
  const needed = 2 + known;
  if (end - at < <usize>needed) return inputIsFinal() ? endOfFile(true) : NEED_INPUT;
  if (isApplication) {
    noteApplicationSegment(marker, at + 4, known - 2);
    consumeTo(at + 4);
    skipLeft = max(length - 2, 0);
    state = SKIP;
    return CONTINUE;
  }
  return readSegment(marker, at, length);
}

/** The segment at `at` is in the window as a whole. It is consumed, except for a first SOS. */
function readSegment(marker: i32, at: usize, length: i32): i32 {
  const content = at + 4;
  const end = at + 2 + <usize>length;
  if (marker == 0xda && !isTargetKnown) {
    if (!hasFrame) return UNDECODABLE;
    if (colourModel() == UNKNOWN) return UNSUPPORTED;
    state = AWAIT_TARGET;
    return CONTINUE;
  }
  consumeTo(end);
  switch (marker) {
    case 0xc0:
    case 0xc1:
    case 0xc2:
    case 0xc9:
    case 0xca:
      return startFrame(content, length - 2, marker);
    case 0xc4:
      return readHuffmanTables(content, end) ? CONTINUE : UNDECODABLE;
    case 0xcc:
      return readConditioning(content, end) ? CONTINUE : UNDECODABLE;
    case 0xda:
      return startScan(content, length - 2);
    case 0xdb:
      return readQuantisers(content, end) ? CONTINUE : UNDECODABLE;
    case 0xdc:
      // DNL (B.2.5) says a height that the frame header has said already: without one it was refused.
      return CONTINUE;
    case 0xdd: {
      if (length != 4) return UNDECODABLE;
      setRestartInterval(((<i32>load<u8>(content)) << 8) | load<u8>(content, 1));
      return CONTINUE;
    }
    default: {
      // Other frame types: lossless, hierarchical (B.2.2).
      return marker <= 0xcf ? UNSUPPORTED : CONTINUE;
    }
  }
}

function startFrame(content: usize, bytes: i32, marker: i32): i32 {
  if (hasFrame) return UNDECODABLE;
  if (bytes > 0 && load<u8>(content) != 8) return UNSUPPORTED;
  if (!readFrame(content, bytes, marker == 0xc2 || marker == 0xca, marker >= 0xc9)) return UNDECODABLE;
  // A height of 0 is told by a DNL segment after the first scan (B.2.5).
  if (frameHeight == 0) return UNSUPPORTED;
  hasFrame = true;
  return CONTINUE;
}

/** Reads a scan header (B.2.3) and prepares the scan. */
function startScan(content: usize, bytes: i32): i32 {
  if (++scans > SCANS_MAX) return WORK_BOUND;
  const count = bytes > 0 ? <i32>load<u8>(content) : 0;
  if (count < 1 || count > componentCount || bytes < 4 + 2 * count) return UNDECODABLE;
  let indices: u32 = 0;
  let blocks = 0;
  let chosen = 0;
  const parameters = content + 1 + <usize>(2 * count);
  const start = <i32>load<u8>(parameters);
  const end = <i32>load<u8>(parameters, 1);
  const high = (<i32>load<u8>(parameters, 2)) >> 4;
  const low = (<i32>load<u8>(parameters, 2)) & 15;
  for (let i = 0; i < count; i++) {
    const at = content + 1 + <usize>(2 * i);
    const index = findComponent(load<u8>(at));
    if (index < 0 || (chosen >> index) & 1) return UNDECODABLE;
    chosen |= 1 << index;
    indices |= (<u32>index) << (i << 3);
    const c = component(index);
    blocks += c.horizontal * c.vertical;
    if (isArithmetic) arithmeticBlocks += <i64>c.paddedWide * c.paddedHigh;
    if (!bindTables(c, load<u8>(at, 1), start, high)) return UNDECODABLE;
  }
  if (arithmeticBlocks > ARITHMETIC_BLOCKS_MAX) return WORK_BOUND;
  // B.2.3: at most ten blocks in an interleaved MCU.
  if (count > 1 && blocks > 10) return UNDECODABLE;
  if (isProgressive) return startProgressiveScan(count, indices, start, end, high, low);
  beginScan(count, indices, 0, 63, 0, 0);
  beginSequential();
  componentsDone |= chosen;
  state = SCAN;
  return CONTINUE;
}

function findComponent(identifier: i32): i32 {
  for (let i = 0; i < componentCount; i++) if (component(i).identifier == identifier) return i;
  return -1;
}

function startProgressiveScan(count: i32, indices: u32, start: i32, end: i32, high: i32, low: i32): i32 {
  // G.1.1.1.1: a DC scan has no AC coefficients; an AC scan has one component.
  const isDc = start == 0;
  if (isDc ? end != 0 : end < start || end > 63 || count != 1) return UNDECODABLE;
  if (low > 13 || (high != 0 && high - 1 != low)) return UNDECODABLE;
  // At N = 1 nothing but the DC is kept: an AC scan is passed over, marker to marker.
  if (!isDc && component(indices & 255).scale == 1) return CONTINUE;
  beginScan(count, indices, start, end, high, low);
  beginProgressive();
  state = SCAN;
  return CONTINUE;
}

function skipBytes(): i32 {
  const at = inputCursor();
  const here = min(<i32>(inputEnd() - at), skipLeft);
  consumeTo(at + <usize>here);
  skipLeft -= here;
  if (skipLeft > 0) return inputIsFinal() ? endOfFile(true) : NEED_INPUT;
  state = MARKERS;
  return CONTINUE;
}

function runScan(): i32 {
  const status = isProgressive ? runProgressive() : runSequential();
  if (status != DONE) return status;
  if (dataAreOverrun()) warn();
  const hasAll = !isProgressive && componentsDone == (1 << componentCount) - 1;
  state = hasAll ? COMPLETE : MARKERS;
  return CONTINUE;
}

/** EOI, or the end of the input without one. */
function endOfFile(isCut: bool): i32 {
  if (!hasFrame || !isTargetKnown) return isCut ? TRUNCATED : UNDECODABLE;
  if (isCut) warn();
  if (!isProgressive) return TRUNCATED;
  for (let i = 0; i < componentCount; i++) {
    const c = component(i);
    // A component whose DC is missing in more than a tenth of its blocks would be mostly made up.
    if (<i64>c.blocksKnown * 10 < <i64>c.blocksWide * c.blocksHigh * 9) return TRUNCATED;
  }
  for (let i = 0; i < componentCount; i++) reconstruct(component(i));
  state = COMPLETE;
  return CONTINUE;
}
