/** What each error means and what to do: one text a code, shown at `/docs/error/<code>`. */
import { formatNames } from '../core/image/format.ts';
import type { ErrorCode } from '../error.ts';

export interface ErrorPage {
  readonly meaning: string;
  readonly remedies: readonly string[];
}

export const ERROR_PAGES: Readonly<Record<ErrorCode, ErrorPage>> = {
  invalid_request: {
    meaning:
      'The request is not what the API takes: a field is missing, unknown, of the wrong type or out of its bounds. Nothing was fetched, stored or billed.',
    remedies: [
      '"param" names the field; with several faults "errors" lists them all.',
      'Compare with /openapi.json.',
      'Plain form parts and query parameters write lists with commas: fields=alt_text,caption.',
    ],
  },
  unauthorized: {
    meaning: 'No valid API key came with the request: none, an unknown one, or one that has expired or was revoked. Every route under /v1 needs one.',
    remedies: [
      'Send "Authorization: Bearer KEY" or "x-api-key: KEY".',
      'The operator makes keys with "npm run keys", or sets them in the secret VIGNETTE_API_KEYS as name:key pairs, separated by commas.',
    ],
  },
  budget_exceeded: {
    meaning:
      'The predicted maximum of the call does not fit the budget of the key, the tenant or the deployment, or the request\'s own max_cost_usd; or it cannot be held to US$, for the model has no known price or the request no bound. Nothing was sent to Claude. Where an amount is too high, "budget" has the numbers.',
    remedies: [
      'POST /v1/estimate says what a request is held to: "cost_usd.reserved", the least max_cost_usd that it passes with, and "reserved_image_tokens". GET /v1/usage says what is left of the budgets.',
      'For fewer US$ lower "max_tokens"; for fewer image tokens send fewer or smaller images; for both lower "detail" of a describe request. Or raise the budget; "resets_at" says when it is whole again.',
      'When "retryable" is true only calls under way stand in the way: try again after Retry-After seconds.',
    ],
  },
  forbidden: {
    meaning: 'The key is valid but may not do this: it lacks the scope of the route, or may not use this model.',
    remedies: ['Use a key with the scope that "detail" names.', 'GET /v1/models lists the models that a key may use.'],
  },
  not_found: {
    meaning: 'There is no such route, image or cached answer for this key. Images and answers of other keys are invisible.',
    remedies: [
      'Image ids are "sha256:" and 64 hex digits, as POST /v1/images gives them.',
      'With "cache": "only" it means that nothing is cached; leave it out to ask Claude.',
      'The Allow header names the methods that a route has.',
    ],
  },
  idempotency_conflict: {
    meaning:
      'A request with the same Idempotency-Key is still at work; or it was answered, and the answer was too large, may not be kept, or was deleted with its picture.',
    remedies: ['Repeat after the seconds in Retry-After.', 'When "retryable" is false, use a new key to ask anew.'],
  },
  body_too_large: {
    meaning: 'The body is larger than UPLOAD_BYTES_MAX (32 MiB by default). Reading stopped at that point.',
    remedies: ['Send the image as a raw body or multipart: base64 adds a third.', 'Send its URL, or store it first and send its id.'],
  },
  image_too_large: {
    meaning:
      'The image cannot be brought to the size that Claude sees within the memory of a Worker, and Claude does not take it as it is; or several images are too large together.',
    remedies: ['Send a smaller version; "detail" shows the numbers.', 'Send fewer images at once.'],
  },
  unsupported_media_type: {
    meaning: `The bytes are not a ${formatNames('or')} image, or the body has a content type that is not taken. The bytes decide, not the name.`,
    remedies: [
      'Convert HEIC, AVIF, TIFF, BMP and SVG to JPEG or PNG.',
      'Render PDF pages to PNG.',
      'Send JSON as application/json, files as multipart/form-data or image/*.',
    ],
  },
  image_undecodable: {
    meaning:
      'The file says that it is an image but cannot be read: it is empty or damaged, or more than a tenth of the picture is cut off. A file of the right size goes to Claude as it is, unless its container shows that it ends too early (a JPEG does not show it); then Claude is the one that refuses it, unbilled.',
    remedies: ['Check that the upload was complete.', 'Open the file elsewhere and save it again.'],
  },
  image_unfetchable: {
    meaning: 'The address could not be read: no connection, a status other than 200, too many redirects, silence, or fewer bytes than announced.',
    remedies: ['Open the address without a login.', 'Give the final address, not one that redirects.', 'Upload the image instead.'],
  },
  url_forbidden: {
    meaning:
      'The address is not fetched: only public names on http and https, ports 80 and 443, are; never IP addresses, local names, credentials in URLs, or redirects to any of these.',
    remedies: ['Use the public host name.', 'Upload the image, or send it as base64.'],
  },
  idempotency_mismatch: {
    meaning: 'The Idempotency-Key was used within 24 hours with another request: another body, address, or header that changes the answer.',
    remedies: ['Use a new key for a new request, and the same bytes for a repeat.'],
  },
  rate_limited: {
    meaning:
      'Too many requests or image tokens for this key or its tenant, too many requests without a valid key from one network, or too many at the Claude API.',
    remedies: [
      'Wait for the seconds in Retry-After; RateLimit says what is left.',
      'Without Retry-After waiting does not help: the request is above a whole limit of the key, or a spend limit is reached in the Anthropic console.',
    ],
  },
  model_refused: {
    meaning: 'Claude declined to answer about this image. The call was billed; nothing was cached.',
    remedies: ['Change the prompt or the image; the same request will most likely be declined again.'],
  },
  model_truncated: {
    meaning: 'The answer did not fit into "max_tokens". The call was billed; nothing was cached. Models that think count their thinking too.',
    remedies: ['Raise "max_tokens".', 'Ask for fewer fields or languages.'],
  },
  upstream_error: {
    meaning: 'The Claude API failed, refused this deployment, or gave an answer that cannot be used.',
    remedies: [
      'Try again when "retryable" is true.',
      'Otherwise the operator checks ANTHROPIC_API_KEY and ANTHROPIC_BASE_URL; "detail" has the upstream request id.',
    ],
  },
  overloaded: { meaning: 'The Claude API is overloaded, or this Worker is busy with other large images.', remedies: ['Try again after Retry-After seconds.'] },
  upstream_timeout: {
    meaning: 'The Claude API did not answer in time. The call may have been billed, so it was not repeated.',
    remedies: ['Try again.', 'Ask for less at once.'],
  },
  internal: { meaning: 'A fault of ours.', remedies: ['Report it with the request id.'] },
};
