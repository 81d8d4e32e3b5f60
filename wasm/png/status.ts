/** Statuses that every streaming decoder of the codec shares; the host reads them as plain numbers. */

/** The bytes pushed so far are used up. */
export const NEED_INPUT: i32 = 0;
/** Size and colour are known; call the decoder's `Configure`, then push 0 bytes. */
export const HEADER_KNOWN: i32 = 1;
/** The target bitmap is complete. */
export const DONE: i32 = 2;
/** Output waits to be drained. */
export const OUTPUT_READY: i32 = 3;
/** The bytes are no picture, or are damaged beyond use. */
export const UNDECODABLE: i32 = -1;
/** The input ended before the picture did. */
export const TRUNCATED: i32 = -2;
/** A legal variant that this codec does not read. */
export const UNSUPPORTED: i32 = -3;
/** The job does not fit in linear memory. */
export const OUT_OF_MEMORY: i32 = -4;
/** The picture would need more work than the module's bound allows. */
export const WORK_BOUND: i32 = -5;

/**
 * Largest share of a picture, in percent, that may be missing from a damaged file and still be delivered, with a
 * warning; the missing part stays blank, as libpng leaves it. Above it the job fails.
 */
export const MISSING_PERCENT_MAX: i64 = 10;

/** Most pixels a picture may declare: half as many again as the 8,000 by 8,000 that the product accepts. */
export const PIXELS_MAX: i64 = 100000000;

/** Longest side, GIF's own limit. It bounds the tables of weights, which grow with the ratio. */
export const SIDE_MAX: u32 = 65535;
