/** Limits of reading JSON and events. */

/**
 * Objects and lists inside one another. Tool schemas reach about twenty; a reader that follows more would let a body of
 * brackets take the stack.
 */
export const JSON_DEPTH_MAX = 200;

/** Bytes of short texts that are read for their meaning: block types, media types, file ids. */
export const NAME_BYTES_MAX = 256;

/** Characters of base64 text worked on at once: a string of this length is made and dropped again. */
export const BASE64_CHUNK_CHARACTERS = 65_536;

/** Bytes encoded to base64 at once; a multiple of three, so that no chunk but the last has padding. */
export const ENCODE_CHUNK_BYTES = 393_216;

/** Bytes of a single server-sent event that are held back until it is whole; the largest real ones have some hundred kilobytes. */
export const EVENT_BYTES_MAX = 4 * 1024 * 1024;
