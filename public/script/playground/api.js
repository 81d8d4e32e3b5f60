/** Calls of the API. Every fault leaves as a problem document, also those of the network. */

/** A problem document (RFC 9457) as an error; `problem` is the document. */
export class ProblemError extends Error {
  constructor(problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

/** The problem document of an error. A fault of this page is a problem too: better said than lost. */
export function problemOf(error) {
  return error instanceof ProblemError ? error.problem : { title: 'The page failed', detail: error.message, code: null };
}

/** The models of the deployment: also the cheapest way to learn whether a key is good. @throws ProblemError */
export function listModels(key, signal) {
  return call('/v1/models', { headers: { 'x-api-key': key }, signal });
}

/**
 * Sends `image` with its settings to `/v1/describe` or `/v1/estimate`: `{image_id}` or `{url}` as JSON, `{file, name}`
 * as a form. @throws ProblemError
 */
export function ask(path, image, settings, key, signal) {
  if (image.file === undefined) return postJson(path, { image, ...settings }, key, signal);
  const form = new FormData();
  form.set('image', image.file, image.name);
  for (const [name, value] of Object.entries(settings)) form.set(name, formText(value));
  return call(path, { method: 'POST', headers: { 'x-api-key': key }, body: form, signal });
}

/** Stores `{file, name}` or `{url}`; the answer has its `image_id`. @throws ProblemError (`forbidden`: this key keeps no images) */
export function storeImage(image, key, signal) {
  if (image.file === undefined) return postJson('/v1/images', image, key, signal);
  const form = new FormData();
  form.set('image', image.file, image.name);
  return call('/v1/images', { method: 'POST', headers: { 'x-api-key': key }, body: form, signal });
}

/** The stored file of an image. @throws ProblemError */
export async function storedFile(imageId, key, signal) {
  const response = await fetchOrFail(`/v1/images/${imageId}`, { headers: { 'x-api-key': key }, signal });
  if (!response.ok) throw await faultOf(response);
  return response.blob();
}

/** A setting as a plain form part: lists with commas, objects as JSON. */
export function formText(value) {
  if (Array.isArray(value)) return value.join(',');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function postJson(path, body, key, signal) {
  return call(path, { method: 'POST', headers: { 'x-api-key': key, 'content-type': 'application/json' }, body: JSON.stringify(body), signal });
}

async function call(path, options) {
  const response = await fetchOrFail(path, options);
  const body = await response
    .clone()
    .json()
    .catch(() => undefined);
  if (response.ok && body !== undefined) return body;
  throw await faultOf(response);
}

async function fetchOrFail(path, options) {
  try {
    return await fetch(path, options);
  } catch (cause) {
    if (cause.name === 'AbortError') throw cause;
    throw new ProblemError({ title: 'The service does not answer', detail: 'Check that it is running and that you are online, then try again.', code: null });
  }
}

async function faultOf(response) {
  const body = await response.json().catch(() => undefined);
  return new ProblemError(body ?? { title: 'Not an answer of the API', detail: `The status was ${response.status}.`, status: response.status, code: null });
}
