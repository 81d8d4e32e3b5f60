// What a step of the decoder gives back; the same numbers in every codec of the module (−3,
// a legal form that is not read, is not among them: every WebP is).

/** More bytes are wanted: see `webpInput`, `webpSpace` and `webpOffset`. */
export const NEED_INPUT: i32 = 0;
/** The size is known; the host configures the output, then goes on. */
export const HEADER: i32 = 1;
/** The whole picture has been given out. */
export const DONE: i32 = 2;
/** Rows are ready to be taken. */
export const ROWS: i32 = 3;
/** Inside the decoder: this step is complete. */
export const OK: i32 = 4;

/** Corrupt beyond use. */
export const UNDECODABLE: i32 = -1;
/** The input ended before the picture did. */
export const TRUNCATED: i32 = -2;
/** The 64 MiB of the module cannot hold what the header asks for. */
export const OUT_OF_MEMORY: i32 = -4;
