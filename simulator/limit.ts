/**
 * Every bound of the simulated API with its reason. "MB" in Anthropic's documentation is 2^20 bytes: the 10 MB
 * image limit is quoted by the API itself as 10485760.
 */

/** Longest base64 text of one image, in characters. */
export const BASE64_CHARACTERS_MAX = 10_485_760;
/** The same limit for images that arrive as bytes (url and file sources). */
export const IMAGE_BYTES_MAX = (BASE64_CHARACTERS_MAX / 4) * 3;
/** Longest side of any image, in pixels. */
export const SIDE_MAX_PX = 8_000;
/** Longest side in pixels when a request holds more than {@link MANY_IMAGES_MIN} images. */
export const MANY_IMAGES_SIDE_MAX_PX = 2_000;
/** A request with more image blocks than this is a many-image request. */
export const MANY_IMAGES_MIN = 20;
/** Messages request body, in bytes. */
export const MESSAGES_BODY_BYTES_MAX = 32 * 1024 * 1024;
/** Batch request body, in bytes. */
export const BATCH_BODY_BYTES_MAX = 256 * 1024 * 1024;
/** Requests in one batch. */
export const BATCH_REQUESTS_MAX = 100_000;
/** One uploaded file, in bytes. */
export const FILE_BYTES_MAX = 500 * 1024 * 1024;
/** Multipart framing and the other form fields around one file, in bytes. */
export const FILE_FORM_OVERHEAD_BYTES_MAX = 64 * 1024;
/** All files together, in bytes: files live in the memory of one isolate, so the simulated quota is small. */
export const FILE_STORAGE_BYTES_MAX = 512 * 1024 * 1024;
/** Ids that one list of files may ask for. */
export const FILE_IDS_MAX = 100;
/** Shortest life of an expiring file: one hour. */
export const FILE_EXPIRY_SECONDS_MIN = 3_600;
/** Longest life of an expiring file: ninety days. */
export const FILE_EXPIRY_SECONDS_MAX = 7_776_000;
/** A batch that has not ended after a day expires; results are kept for 29 days. */
export const BATCH_LIFE_SECONDS = 86_400;
export const BATCH_RESULTS_LIFE_SECONDS = 29 * 86_400;

/**
 * Pixels that are decoded to describe a picture. An image sized for the high tier has at most 4,784 · 28² = 3.75
 * megapixels, so all images that need no resize by the API are really looked at; larger ones are described by size.
 */
export const DECODE_PIXELS_MAX = 4_000_000;

/** Requests that `GET /simulator/requests` remembers; the oldest go first. */
export const RECORDS_MAX = 200;
/** Images that one record lists: all of a Messages request, the first ones of a batch. */
export const RECORDED_IMAGES_MAX = 600;
/** Recorded body in characters of JSON after base64 is elided; longer ones are replaced by a note. */
export const RECORDED_BODY_CHARACTERS_MAX = 65_536;
/** Faults that may wait in the queue, and the applications one fault may ask for. */
export const FAULTS_MAX = 1_000;
/** Longest injected delay: ten minutes, the default timeout of Anthropic's own clients. */
export const LATENCY_MS_MAX = 600_000;

/** Before a connection breaks: long enough for what was sent to leave the machine, or the break takes the headers with it. */
export const FLUSH_MS = 50;

/** Download of a url source: time for each hop, and hops. */
export const DOWNLOAD_TIMEOUT_MS = 10_000;
export const DOWNLOAD_REDIRECTS_MAX = 3;
/** robots.txt is read up to this size, as RFC 9309 §2.5 asks of crawlers (at least 500 KiB). */
export const ROBOTS_BYTES_MAX = 512_000;

/** Structured output: optional properties in one schema. */
export const SCHEMA_OPTIONAL_MAX = 24;
/** Structured output: nesting that the simulator follows, which no practical schema reaches. */
export const SCHEMA_DEPTH_MAX = 32;

/** Least `budget_tokens` of thinking that is enabled by hand. */
export const THINKING_BUDGET_MIN = 1_024;
