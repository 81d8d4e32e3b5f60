/** Limits of what a caller may ask. Each is checked before anything of that size is built. */

/** Images described jointly in one request: the API's own bound for models with a large context. */
export const IMAGES_MAX = 600;

/** Characters of a caller's question; a page of dense text has about 3,000. */
export const PROMPT_CHARACTERS_MAX = 16_000;

/** Characters of a caller's system prompt. */
export const SYSTEM_CHARACTERS_MAX = 16_000;

/** Characters of a URL: beyond it, servers and proxies start to refuse (RFC 9110 §4.1 asks for 8,000). */
export const URL_CHARACTERS_MAX = 8_000;

/** Characters of the JSON text of `context`. */
export const CONTEXT_CHARACTERS_MAX = 16_000;

/** Characters of the JSON text of `metadata`, which is only echoed. */
export const METADATA_CHARACTERS_MAX = 8_000;

/** Nesting of `context` and `metadata`. */
export const JSON_DEPTH_MAX = 16;

/** Languages of one answer; each repeats every field. */
export const LANGUAGES_MAX = 8;

/** Characters of an alt text that may be asked for; screen readers cut long before. */
export const TEXT_LENGTH_MAX = 2_000;

/** Output tokens a request may ask for. Above 21,333 the API wants a stream. */
export const OUTPUT_TOKENS_MAX = 16_000;

/** Output tokens when the caller says nothing: some hundreds of words. */
export const OUTPUT_TOKENS_DEFAULT = 1_024;

/** The same for models that think before they answer: thinking counts towards the limit. */
export const OUTPUT_TOKENS_DEFAULT_THINKING = 4_096;

/** Parts of a multipart body. */
export const MULTIPART_PARTS_MAX = 640;

/** Oldest age that may be asked of a cached answer: a year, the longest lifetime that can be configured. */
export const MAX_AGE_SECONDS_MAX = 31_536_000;

/** Bits of 64 in which near-duplicates may differ. Different pictures were measured to differ in 24 and more; half of that is no likeness any more. */
export const NEAR_DISTANCE_MAX = 12;
