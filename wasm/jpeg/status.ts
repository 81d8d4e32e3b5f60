/** Numbers that the exported functions return. Shared by all decoders of the module. */

/** More input is needed; nothing is wrong. */
export const NEED_INPUT: i32 = 0;
/** The header is known: read the getters, call configure, go on with an empty push. */
export const HEADER_KNOWN: i32 = 1;
/** The picture is complete. */
export const DONE: i32 = 2;
/** Output is waiting to be drained. */
export const OUTPUT_READY: i32 = 3;
/** Corrupt beyond use. */
export const UNDECODABLE: i32 = -1;
/** The input ended before the picture did. */
export const TRUNCATED: i32 = -2;
/** Legal perhaps, but not read by this codec: 12 bit, lossless, hierarchical. */
export const UNSUPPORTED: i32 = -3;
/** The job does not fit in the module's fixed memory. */
export const OUT_OF_MEMORY: i32 = -4;
/** A bound on work was passed, such as the number of scans. */
export const WORK_BOUND: i32 = -5;
