/** Bounds of keys: their number of bits, their records, and how long an isolate trusts what it knows of them. */

/** Random bytes of a secret: 160 bits; 128 cannot be guessed (RFC 6750 §5.2 points to RFC 6749 §10.10). */
export const SECRET_RANDOM_BYTES = 20;

/** Random bytes of a key's id, after the time: enough to tell keys of one millisecond apart. */
export const ID_RANDOM_BYTES = 6;

/** Secrets that work at once: the new one, and during a rotation the old one. */
export const SECRETS_MAX = 2;

/** Longest overlap of a rotation. Longer, and two secrets are the rule. */
export const OVERLAP_SECONDS_MAX = 2_592_000;

/** Overlap when none is named: a working day to move the callers. */
export const OVERLAP_SECONDS_DEFAULT = 86_400;

/** Characters of the name that people give a key. */
export const NAME_CHARACTERS_MAX = 100;

/** Models of one allow-list. */
export const MODELS_MAX = 50;

/** Characters of a model's id. */
export const MODEL_CHARACTERS_MAX = 200;

/** Bounds of limits: beyond them a typing error is more likely than a wish. Whole token counts stay exact in a double. */
export const USD_MAX = 1_000_000;
export const TOKENS_MAX = 1_000_000_000;
export const REQUESTS_MAX = 1_000_000;

/** Ten years. */
export const RETENTION_DAYS_MAX = 3_650;

/** Seconds that the record of a revoked key is kept to be looked at: 90 days. */
export const REVOKED_KEPT_SECONDS = 7_776_000;

/** Keys of one page of the list, when none or the most are asked for. KV reads at most 100 values at once. */
export const PAGE_KEYS_DEFAULT = 20;
export const PAGE_KEYS_MAX = 100;

/** Seconds that an isolate trusts a key it has found; added to KV's 60 when one is revoked. */
export const VERIFIED_SECONDS = 30;

/** Seconds that an isolate remembers that a secret is not one. KV itself remembers for 60. */
export const UNKNOWN_SECONDS = 10;

/** Keys that an isolate remembers, right ones and wrong ones each; some hundred bytes an entry. */
export const REMEMBERED_KEYS_MAX = 1_000;

/** Time after which a bucket that nobody took from is forgotten: well beyond any window, whatever clocks differ. */
export const BUCKET_IDLE_MS = 86_400_000;

/** Failed authentications that one network may make at once, and then in `UNKNOWN_KEYS_WINDOW_SECONDS`. */
export const UNKNOWN_KEYS_QUOTA = 30;
export const UNKNOWN_KEYS_WINDOW_SECONDS = 60;

/** Networks whose failures an isolate counts. */
export const NETWORKS_MAX = 10_000;

/** How long a managed key that was right is looked up before its network is judged. It is looked up all the same, so that a revoked one is soon found out. */
export const RECENT_SECONDS = 86_400;
