/**
 * Stands in for what the clouds' packages name but a Worker cannot use (`[alias]` in wrangler.toml): AWS's chain of
 * credentials looks for files, processes and machine metadata, Google's library for files and a metadata server. Here
 * credentials come from secrets, so neither is ever called; bundled, they were 104 and 61 KiB of gzip.
 */
function unavailable(): never {
  throw new Error('A Worker has no credentials but those of its configuration.');
}

/** Of `@aws-sdk/credential-providers`. */
export const createCredentialChain = unavailable;
/** Of `@aws-sdk/credential-providers`. */
export const fromEnv = unavailable;
/** Of `@aws-sdk/credential-providers`. */
export const fromNodeProviderChain = unavailable;
/** Of `google-auth-library`. */
export const GoogleAuth = unavailable;
