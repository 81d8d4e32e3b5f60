/** Limits of header reading. A header reader allocates nothing from these numbers; they bound its work. */

/** Longest side that any container we read can express (JPEG: 16 bits, GIF: 16 bits, WebP: 24; PNG is cut here). */
export const SIDE_MAX_PX = 65_535;

/** Segments, chunks or blocks looked at before a file counts as hostile; real files have some hundreds at most. */
export const BLOCK_COUNT_MAX = 100_000;
