/**
 * Every prefix and version of what is kept, each once. A changed shape or meaning gets a new version here, so that records of the
 * old one are never read; see docs/reference/storage.md. Tables of Durable Objects carry theirs in the name, in the adapter that
 * creates them.
 */

/** KV: an answer of describe. Then the owner, a colon and a SHA-256. */
export const CACHE_PREFIX = 'description:v2:';

/** KV: a Message of the relay. Then the tenant, a colon and a SHA-256. */
export const MESSAGE_PREFIX = 'message:v1:';

/** KV: what an address gave. Then the tenant, a colon and the SHA-256 of the address: addresses can hold secrets. */
export const ALIAS_PREFIX = 'alias:v1:';

/** KV: a file that a caller uploaded. Then the tenant, a colon and the id of the file. */
export const UPLOADED_FILE_PREFIX = 'upload:v1:';

/** KV: a thing at the provider that an answer to this tenant made. Then the tenant, a colon, its kind, a colon and its id. */
export const PROVIDER_STATE_PREFIX = 'state:v1:';

/** KV: from a secret to its key. Then the SHA-256 of the secret. */
export const SECRET_INDEX_PREFIX = 'key:v1:';

/** KV: a managed key. Then its id. */
export const KEY_RECORD_PREFIX = 'key-id:v2:';

/** KV: the limits of a tenant. Then its name. */
export const TENANT_LIMITS_PREFIX = 'tenant:v1:';

/** R2: an original. Then the tenant, a slash and the SHA-256. */
export const IMAGE_PREFIX = 'image/v2/';

/** The name of an idempotency object. Then the owner, a space and the caller's key. */
export const IDEMPOTENCY_PREFIX = 'v1:';

/** Part of both answer caches' keys: raised when the pixels that are sent for the same file change. */
export const TRANSCODE_VERSION = 3;
