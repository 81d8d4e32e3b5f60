/** Calls of the API, from the same request that the curl line is written from. */

/** A problem document (RFC 9457) as an error; `problem` is the document. */
export class ProblemError extends Error {
  constructor(problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

/** The models of the deployment: also the cheapest way to learn whether a key is good. @throws ProblemError */
export function listModels(key, signal) {
  return call('/v1/models', { headers: { 'x-api-key': key }, signal });
}

/**
 * Sends a picture with its settings to `/v1/describe` or `/v1/estimate`. @throws ProblemError
 * A picture is `{kind: 'file', file, name}` or `{kind: 'url', url}`.
 */
export function ask(path, { picture, settings }, key, signal) {
  const headers = { 'x-api-key': key };
  if (picture.kind === 'url') {
    const body = JSON.stringify({ image: { url: picture.url }, ...settings });
    return call(path, { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body, signal });
  }
  const form = new FormData();
  form.set('image', picture.file, picture.name);
  for (const [name, value] of Object.entries(settings)) form.set(name, formText(value));
  return call(path, { method: 'POST', headers, body: form, signal });
}

/** A setting as a plain form part: lists with commas, objects as JSON. */
export function formText(value) {
  if (Array.isArray(value)) return value.join(',');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

async function call(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch (cause) {
    if (cause.name === 'AbortError') throw cause;
    throw new ProblemError({ title: 'The service does not answer', detail: 'Check that it is running and that you are online, then try again.', code: null });
  }
  const body = await response.json().catch(() => undefined);
  if (response.ok && body !== undefined) return body;
  throw new ProblemError(body ?? { title: 'Not an answer of the API', detail: `The status was ${response.status}.`, status: response.status, code: null });
}
