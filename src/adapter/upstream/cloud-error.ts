/** Errors of the clouds in the envelope of the Anthropic API, which is what its clients can read. */

/** Error bodies are small; of a longer one nothing is passed on. */
const ERROR_BYTES_MAX = 65_536;

/** Clouds limit by the minute and give no time to wait; without one a client could not tell this from a spend limit, which does not heal. */
const RETRY_AFTER_SECONDS = 5;

const TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  408: 'timeout_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  503: 'overloaded_error',
  504: 'timeout_error',
  529: 'overloaded_error',
};

/**
 * A response with its error, if it is one, in Anthropic's envelope, and with the cloud's request id as `request-id`.
 * Status and all other headers stay. An error that has the envelope already is left as it is.
 */
export async function inAnthropicEnvelope(response: Response, requestIdHeader: string): Promise<Response> {
  const headers = new Headers(response.headers);
  const requestId = headers.get('request-id') ?? headers.get(requestIdHeader);
  if (requestId !== null) headers.set('request-id', requestId);
  if (response.ok) return new Response(response.body, { status: response.status, headers });
  const text = await textOf(response);
  const parsed = parseJson(text);
  const isEnvelope = isObject(parsed) && parsed['type'] === 'error';
  const type = TYPES[response.status] ?? (response.status >= 500 ? 'api_error' : 'invalid_request_error');
  const message = messageIn(parsed) ?? `The provider answered with status ${response.status}.`;
  if (response.status === 429 && !headers.has('retry-after')) headers.set('retry-after', String(RETRY_AFTER_SECONDS));
  headers.delete('content-length');
  headers.delete('content-encoding');
  headers.set('content-type', 'application/json');
  return new Response(isEnvelope ? text : JSON.stringify({ type: 'error', error: { type, message }, request_id: requestId }), {
    status: response.status,
    headers,
  });
}

/** Bedrock: `{message}`; Google: `{error: {message}}`, in a list when the request was a stream. */
function messageIn(value: unknown): string | undefined {
  if (Array.isArray(value)) return messageIn(value[0]);
  if (!isObject(value)) return undefined;
  const message = value['message'] ?? value['Message'];
  return typeof message === 'string' ? message : messageIn(value['error']);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function textOf(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > ERROR_BYTES_MAX) return '';
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
