/** What the codec module holds before any job begins, and the most it can ever hold. */

/** Static data of the module as linked: tables, scratch blocks, hash slots. Every peak counts from address 0, so it is part of each. */
export const CODEC_STATIC_BYTES = 50_848;

/** The module's fixed ceiling: 1,024 pages of 64 KiB. */
export const CODEC_MEMORY_BYTES_MAX = 67_108_864;

/** Most pixels of a PNG or GIF that the module begins with: one and a half times 8,000 x 8,000. Its work is bounded by them. */
export const RASTER_PIXELS_MAX = 100_000_000;
