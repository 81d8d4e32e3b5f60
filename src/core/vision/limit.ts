/** Limits of the Messages API and of the Worker that a plan must keep. */

/** Side of a vision patch, in pixels; one patch is one token. */
export const PATCH_PX = 28;

/** Longest side that the API accepts at all (vision docs, "Image size limits"). */
export const API_SIDE_MAX_PX = 8000;

/** More image blocks than this in a request lower the side limit for all of them. */
export const MANY_IMAGES_THRESHOLD = 20;

/** Longest side in a request with many images. */
export const MANY_IMAGES_SIDE_MAX_PX = 2000;

/** Characters of base64 text an image block may have on the direct API: 10 MiB. */
export const BASE64_CHARACTERS_MAX = 10_485_760;

/** Raw bytes whose base64 text is exactly at that limit: 3 bytes become 4 characters. */
export const IMAGE_BYTES_MAX = imageBytesIn(BASE64_CHARACTERS_MAX);

/** Body of a Messages request on the direct API: 32 MB. */
export const MESSAGE_BODY_BYTES_MAX = 32 * 1024 * 1024;

/** What stands around the images of a description: prompts, labels and schema have some kilobytes at most. */
export const MESSAGE_FRAME_BYTES_MAX = 65_536;

/** Raw bytes whose base64 text has at most so many characters. */
export function imageBytesIn(base64CharactersMax: number): number {
  return Math.floor(base64CharactersMax / 4) * 3;
}

/**
 * Planned peak of one transcode, in bytes. An isolate has 128 MiB for everything: code, other
 * requests, the body that is being read. 96 MiB is what one picture may take of it.
 */
export const TRANSCODE_BYTES_MAX = 96 * 1024 * 1024;

/** Beyond what any model reads or writes in one call. A bill with more is none, and sums of so much stay exact integers. */
export const TOKENS_A_CALL_MAX = 100_000_000;

/** A file for the conversion service: as large as an upload by default. The service itself takes 100 MB (Cloudflare Images, "Limits and formats"). */
export const CONVERT_BYTES_MAX = 32 * 1024 * 1024;

/** Longest side, and pixels, that the conversion service takes (ibid.). */
export const CONVERT_SIDE_MAX_PX = 12_000;
export const CONVERT_PIXELS_MAX = 100_000_000;

/** Conversions that one request may cause: each is billed to the operator. */
export const CONVERSIONS_MAX = 20;
