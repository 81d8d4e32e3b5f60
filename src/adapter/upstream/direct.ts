/** The Anthropic API, or what stands in front of it (Cloudflare AI Gateway, the simulator), over plain HTTP. */
import { BASE64_CHARACTERS_MAX, MESSAGE_BODY_BYTES_MAX } from '../../core/vision/limit.ts';
import type { CallerCredential, UpstreamLimits } from '../../port/upstream.ts';
import type { AnthropicConfig } from '../../provider-config.ts';
import { API_VERSION, rewriteModel } from './body.ts';
import type { Provider } from './provider.ts';
import { transport } from './transport.ts';

const PUBLIC_API = 'https://api.anthropic.com';

/** From this version on the API takes its key as a bearer token; before, as `x-api-key`. Dates compare as text. */
const VERSION_WITH_BEARER = '2026-10-21';

/** What the Anthropic API takes; Foundry's is the same. */
export const DIRECT_LIMITS: UpstreamLimits = {
  sources: ['base64', 'url', 'file'],
  base64CharactersMax: BASE64_CHARACTERS_MAX,
  bodyBytesMax: MESSAGE_BODY_BYTES_MAX,
  supportsOversizedGuard: true,
};

/** Opens the Anthropic API. Bodies go out untouched, unless a model has another id there. */
export function directProvider(config: AnthropicConfig, fetch: typeof globalThis.fetch): Provider {
  const base = `${(config.baseUrl ?? PUBLIC_API).replace(/\/+$/, '')}/v1`;
  const prepare = (passed: Headers, credential: CallerCredential | undefined) => {
    const headers = new Headers(passed);
    if (!headers.has('anthropic-version')) headers.set('anthropic-version', API_VERSION);
    authenticate(headers, credential, config.apiKey);
    passThroughGateway(headers, config);
    return headers;
  };
  return {
    upstream: {
      limits: DIRECT_LIMITS,
      async send({ path, query = '', headers, credential, signal, ...call }) {
        const { body, bodyBytes } = await rewriteModel(call, config.modelIds);
        return transport({ url: `${base}/${path}${query}`, method: 'POST', headers: prepare(headers, credential), body, bodyBytes, signal }, fetch);
      },
    },
    files: (method, path, body, signal) => transport({ url: `${base}/${path}`, method, headers: prepare(new Headers(), undefined), body, signal }, fetch),
  };
}

/** A key is sent in one way only: the API refuses a request that has it twice with different values. */
function authenticate(headers: Headers, credential: CallerCredential | undefined, apiKey: string): void {
  headers.delete('authorization');
  headers.delete('x-api-key');
  const isBearer = credential === undefined ? (headers.get('anthropic-version') ?? '') >= VERSION_WITH_BEARER : credential.kind === 'bearer';
  const value = credential?.value ?? apiKey;
  headers.set(isBearer ? 'authorization' : 'x-api-key', isBearer ? `Bearer ${value}` : value);
}

/**
 * Headers of Cloudflare AI Gateway (AI Gateway docs, "Header glossary"): without `cf-aig-collect-log-payload: false` its
 * log keeps prompts, pictures and answers. The public API knows none of them, so they are left out there.
 */
function passThroughGateway(headers: Headers, { baseUrl, gatewayToken, isGatewayLoggingPayloads }: AnthropicConfig): void {
  if (baseUrl === undefined) {
    for (const name of Array.from(headers.keys()).filter((key) => key.startsWith('cf-aig-'))) headers.delete(name);
    return;
  }
  if (gatewayToken !== undefined) headers.set('cf-aig-authorization', `Bearer ${gatewayToken}`);
  if (!isGatewayLoggingPayloads && !headers.has('cf-aig-collect-log-payload')) headers.set('cf-aig-collect-log-payload', 'false');
}
