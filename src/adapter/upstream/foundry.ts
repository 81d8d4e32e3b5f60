/** Claude in Microsoft Foundry, through Anthropic's package: its address, and a key in `x-api-key`. Limits as on the direct API. */
import { AnthropicFoundry } from '@anthropic-ai/foundry-sdk';
import type { FoundryConfig } from '../../provider-config.ts';
import { API_VERSION, providerModel, rewriteBody } from './body.ts';
import { DIRECT_LIMITS } from './direct.ts';
import { prepare } from './prepare.ts';
import type { Provider } from './provider.ts';
import { transport } from './transport.ts';

/** Opens a Foundry resource. */
export function foundryProvider(config: FoundryConfig, fetch: typeof globalThis.fetch): Provider {
  const { apiKey, modelIds } = config;
  const base = config.baseUrl.replace(/\/+$/, '');
  const open = (wire: typeof globalThis.fetch) => new AnthropicFoundry({ apiKey, baseURL: base, resource: null, fetch: wire, maxRetries: 0 });
  return {
    upstream: {
      limits: DIRECT_LIMITS,
      async send(call) {
        const { url, headers, body, edit } = await prepare(open, call, { model: providerModel(call.model, modelIds) });
        const edited = await rewriteBody({ body, bodyBytes: body.length }, edit);
        return transport({ url, method: 'POST', headers, ...edited, signal: call.signal }, fetch);
      },
    },
    files: (method, path, body, signal) => {
      const headers = new Headers({ 'x-api-key': apiKey, 'anthropic-version': API_VERSION });
      return transport({ url: `${base}/v1/${path}`, method, headers, body, signal }, fetch);
    },
  };
}
