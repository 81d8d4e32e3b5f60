/**
 * The provider of Claude: one place that decides address, credentials and limits, for described and relayed requests
 * alike. A folder of adapters: `direct.ts` is in every build; `bedrock.ts`, `vertex.ts` and `foundry.ts` bring
 * Anthropic's packages for those clouds, so they are in a build only when its entry in `src/provider/` names them.
 */
import type { MessagesUpstream } from '../../port/upstream.ts';
import type { BedrockConfig, FoundryConfig, ProviderConfig, ProviderName, VertexConfig } from '../../provider-config.ts';
import { directProvider } from './direct.ts';

/** One request of the Files API: `path` below `/v1/`. No retry; the response as it is. @throws upstream_error, upstream_timeout */
export type FilesRequest = (method: 'GET' | 'POST' | 'DELETE', path: string, body: FormData | undefined, signal: AbortSignal) => Promise<Response>;

/** What a provider offers. */
export interface Provider {
  readonly upstream: MessagesUpstream;
  /** Absent where there is no Files API. */
  readonly files?: FilesRequest;
}

/** The providers that a build holds beside the Anthropic API. */
export interface ProviderFactories {
  readonly bedrock?: (config: BedrockConfig, fetch: typeof globalThis.fetch) => Provider;
  readonly vertex?: (config: VertexConfig, fetch: typeof globalThis.fetch) => Provider;
  readonly foundry?: (config: FoundryConfig, fetch: typeof globalThis.fetch) => Provider;
}

/** Names of the providers in a build. */
export function providersIn(factories: ProviderFactories): readonly ProviderName[] {
  return ['anthropic', ...(['bedrock', 'vertex', 'foundry'] as const).filter((name) => factories[name] !== undefined)];
}

/** Opens the configured provider; that the build holds it is checked with the configuration. */
export function openProvider(config: ProviderConfig, factories: ProviderFactories, fetch: typeof globalThis.fetch): Provider {
  const opened = config.kind === 'anthropic' ? directProvider(config, fetch) : openExtra(config, factories, fetch);
  if (opened === undefined) throw new Error(`this build does not hold the provider "${config.kind}"`);
  return opened;
}

function openExtra(config: Exclude<ProviderConfig, { kind: 'anthropic' }>, factories: ProviderFactories, fetch: typeof globalThis.fetch): Provider | undefined {
  switch (config.kind) {
    case 'bedrock':
      return factories.bedrock?.(config, fetch);
    case 'vertex':
      return factories.vertex?.(config, fetch);
    case 'foundry':
      return factories.foundry?.(config, fetch);
  }
}
