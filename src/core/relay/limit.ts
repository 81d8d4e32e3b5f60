/** Limits of relaying a Messages body. */

/** Bytes of a model id as it stands in the body; the longest of any provider have about eighty. */
export const MODEL_BYTES_MAX = 256;
