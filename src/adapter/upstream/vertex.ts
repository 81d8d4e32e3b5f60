/** Claude on Google Cloud, through Anthropic's package: its address, the model in the path, the version in the body. */
import { AnthropicVertex } from '@anthropic-ai/vertex-sdk';
import type { UpstreamLimits } from '../../port/upstream.ts';
import type { VertexConfig } from '../../provider-config.ts';
import { cloudVersion, providerModel, rewriteBody } from './body.ts';
import { inAnthropicEnvelope } from './cloud-error.ts';
import { googleToken } from './google-token.ts';
import { prepare } from './prepare.ts';
import type { Provider } from './provider.ts';
import { transport } from './transport.ts';

/** "Vision" and "Claude on Vertex AI", 2026-08: 5 MB of base64 text an image, 30 MB a body, no url or file sources. */
const LIMITS: UpstreamLimits = {
  sources: ['base64'],
  base64CharactersMax: 5 * 1024 * 1024,
  bodyBytesMax: 30 * 1024 * 1024,
  supportsOversizedGuard: false,
};

/** What version 2023-06-01 is called there. */
const VERSION_2023 = 'vertex-2023-10-16';

/** Opens Claude in a project and region. */
export function vertexProvider(config: VertexConfig, fetch: typeof globalThis.fetch): Provider {
  const token = googleToken(config.credentials, fetch);
  return {
    upstream: {
      limits: LIMITS,
      async send(call) {
        const authorization = `Bearer ${await token(call.signal)}`;
        const { url, headers, body, edit } = await prepare((wire) => clientOf(config, authorization, wire), call, {
          model: providerModel(call.model, config.modelIds),
          anthropic_version: cloudVersion(call.headers, VERSION_2023),
        });
        const edited = await rewriteBody({ body, bodyBytes: body.length }, edit);
        const response = await transport({ url, method: 'POST', headers, ...edited, signal: call.signal }, fetch);
        return inAnthropicEnvelope(response, 'x-goog-request-id');
      },
    },
  };
}

function clientOf({ baseUrl, region, projectId }: VertexConfig, authorization: string, wire: typeof globalThis.fetch): AnthropicVertex {
  // The package asks its credentials for headers only, and those are known by now; Google's own library is not used.
  const authClient = { projectId, getRequestHeaders: async () => new Headers({ authorization }) };
  type Options = NonNullable<ConstructorParameters<typeof AnthropicVertex>[0]>;
  return new AnthropicVertex({
    region,
    projectId,
    authClient: authClient as unknown as NonNullable<Options['authClient']>,
    baseURL: baseUrl ?? null,
    fetch: wire,
    maxRetries: 0,
  });
}
