/** Where Claude runs: the part of the configuration that names the provider, its address and its credentials. */
import * as z from 'zod';

/** Providers of the Messages API. */
export const PROVIDERS = ['anthropic', 'bedrock', 'vertex', 'foundry'] as const;
export type ProviderName = (typeof PROVIDERS)[number];

/** Model ids as callers write them → as the provider does, where the two differ. */
export type ModelIds = Readonly<Record<string, string>>;

interface Common {
  /** Replaces the provider's public address, for a gateway or a stand-in. */
  readonly baseUrl: string | undefined;
  readonly modelIds: ModelIds;
}

/** The Anthropic API, or what stands in front of it. */
export interface AnthropicConfig extends Common {
  readonly kind: 'anthropic';
  readonly apiKey: string;
  /** Of an authenticated AI Gateway. */
  readonly gatewayToken: string | undefined;
  /** Whether an AI Gateway may keep prompts, pictures and answers in its log. */
  readonly isGatewayLoggingPayloads: boolean;
}

/** Amazon Bedrock; static credentials only, since a Worker has no machine identity. */
export interface BedrockConfig extends Common {
  readonly kind: 'bedrock';
  readonly region: string;
  readonly credentials:
    | { readonly kind: 'api-key'; readonly apiKey: string }
    | { readonly kind: 'access-key'; readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken: string | undefined };
}

/** Claude on Google Cloud's Vertex AI. */
export interface VertexConfig extends Common {
  readonly kind: 'vertex';
  readonly region: string;
  readonly projectId: string;
  readonly credentials:
    | { readonly kind: 'access-token'; readonly token: string }
    | { readonly kind: 'service-account'; readonly email: string; readonly privateKey: string; readonly tokenUrl: string };
}

/** Claude in Microsoft Foundry. */
export interface FoundryConfig extends Common {
  readonly kind: 'foundry';
  readonly baseUrl: string;
  readonly apiKey: string;
}

export type ProviderConfig = AnthropicConfig | BedrockConfig | VertexConfig | FoundryConfig;

/** The credential that the local stack gives to the simulator; the Anthropic API refuses it. */
const SIMULATOR_KEY = 'simulated';

/** Whether answers come from the simulator and not from Claude: nothing real is reached with this credential. */
export function isSimulated(config: ProviderConfig): boolean {
  return config.kind === 'anthropic' && config.baseUrl !== undefined && config.apiKey === SIMULATOR_KEY;
}

/** What goes out with a request and nobody else may know. Tokens that are granted on the way are known by their form. */
export function secretsOf(config: ProviderConfig): readonly string[] {
  switch (config.kind) {
    case 'anthropic':
      return [config.apiKey, config.gatewayToken ?? ''];
    case 'bedrock': {
      const { credentials } = config;
      return credentials.kind === 'api-key' ? [credentials.apiKey] : [credentials.accessKeyId, credentials.secretAccessKey, credentials.sessionToken ?? ''];
    }
    case 'vertex':
      return config.credentials.kind === 'access-token' ? [config.credentials.token] : [];
    case 'foundry':
      return [config.apiKey];
  }
}

const url = z.url({ protocol: /^https?$/ });

/** Variables of all providers; which of them are needed depends on `PROVIDER`. */
export const providerVariables = {
  PROVIDER: z.enum(PROVIDERS).default('anthropic'),
  ANTHROPIC_API_KEY: z.string().default(''),
  ANTHROPIC_BASE_URL: url.optional(),
  AI_GATEWAY_TOKEN: z.string().optional(),
  AI_GATEWAY_PAYLOAD_LOG: z.enum(['on', 'off']).default('off'),
  PROVIDER_MODELS: z.string().default('{}'),
  AWS_REGION: z.string().optional(),
  AWS_BEARER_TOKEN_BEDROCK: z.string().optional(),
  AWS_ACCESS_KEY_ID: z.string().optional(),
  AWS_SECRET_ACCESS_KEY: z.string().optional(),
  AWS_SESSION_TOKEN: z.string().optional(),
  ANTHROPIC_BEDROCK_BASE_URL: url.optional(),
  CLOUD_ML_REGION: z.string().optional(),
  ANTHROPIC_VERTEX_PROJECT_ID: z.string().optional(),
  GOOGLE_SERVICE_ACCOUNT_KEY: z.string().optional(),
  GOOGLE_ACCESS_TOKEN: z.string().optional(),
  ANTHROPIC_VERTEX_BASE_URL: url.optional(),
  ANTHROPIC_FOUNDRY_RESOURCE: z.string().optional(),
  ANTHROPIC_FOUNDRY_API_KEY: z.string().optional(),
  ANTHROPIC_FOUNDRY_BASE_URL: url.optional(),
};

/** The part of a key file of a Google service account that signs for it. */
const serviceAccountSchema = z.object({ client_email: z.string().min(1), private_key: z.string().min(1), token_uri: url });

/** AWS and Google regions; part of a host name, so nothing else may stand there. */
const REGION = /^[a-z0-9-]{2,40}$/;
/** Google's project ids, with a domain for old ones. */
const PROJECT = /^[a-z0-9.:-]{4,64}$/;
/** A Foundry resource is a host name's first label. */
const RESOURCE = /^[A-Za-z0-9-]{2,64}$/;

/**
 * Reads the provider out of the variables that are set, and adds to `faults` a line for whatever is missing or
 * cannot be. What it gives is only to be used when there is no fault. `builtIn`: providers that this build holds.
 */
export function readProvider(present: Readonly<Record<string, unknown>>, builtIn: readonly ProviderName[], faults: string[]): ProviderConfig {
  const text = (name: keyof typeof providerVariables) => (typeof present[name] === 'string' ? present[name] : undefined);
  const needed = (name: keyof typeof providerVariables, kind: string, form?: RegExp) => {
    const value = text(name);
    if (value === undefined) faults.push(`${name}: needed with PROVIDER=${kind}`);
    else if (form !== undefined && !form.test(value)) faults.push(`${name}: must match ${form.source}`);
    return value ?? '';
  };
  const kind = PROVIDERS.find((name) => name === text('PROVIDER')) ?? 'anthropic';
  if (!builtIn.includes(kind)) faults.push(`PROVIDER: this build does not hold "${kind}"; set main = "src/provider/${kind}.ts" in wrangler.toml`);
  const modelIds = readModelIds(text('PROVIDER_MODELS'), faults);
  switch (kind) {
    case 'anthropic':
      if (text('AI_GATEWAY_TOKEN') !== undefined && text('ANTHROPIC_BASE_URL') === undefined)
        faults.push('AI_GATEWAY_TOKEN: needs ANTHROPIC_BASE_URL, the address of the gateway');
      return {
        kind,
        baseUrl: text('ANTHROPIC_BASE_URL'),
        modelIds,
        apiKey: text('ANTHROPIC_API_KEY') ?? '',
        gatewayToken: text('AI_GATEWAY_TOKEN'),
        isGatewayLoggingPayloads: text('AI_GATEWAY_PAYLOAD_LOG') === 'on',
      };
    case 'bedrock':
      return { kind, baseUrl: text('ANTHROPIC_BEDROCK_BASE_URL'), modelIds, region: needed('AWS_REGION', kind, REGION), credentials: readAws(text, faults) };
    case 'vertex':
      return {
        kind,
        baseUrl: text('ANTHROPIC_VERTEX_BASE_URL'),
        modelIds,
        region: needed('CLOUD_ML_REGION', kind, REGION),
        projectId: needed('ANTHROPIC_VERTEX_PROJECT_ID', kind, PROJECT),
        credentials: readGoogle(text, faults),
      };
    case 'foundry': {
      const apiKey = needed('ANTHROPIC_FOUNDRY_API_KEY', kind);
      const baseUrl = text('ANTHROPIC_FOUNDRY_BASE_URL');
      if (baseUrl !== undefined) return { kind, baseUrl, modelIds, apiKey };
      return { kind, baseUrl: `https://${needed('ANTHROPIC_FOUNDRY_RESOURCE', kind, RESOURCE)}.services.ai.azure.com/anthropic`, modelIds, apiKey };
    }
  }
}

type Text = (name: keyof typeof providerVariables) => string | undefined;

function readModelIds(json: string | undefined, faults: string[]): ModelIds {
  try {
    return z.record(z.string(), z.string().min(1).max(256)).parse(JSON.parse(json ?? '{}'));
  } catch {
    faults.push('PROVIDER_MODELS: must be a JSON object of model ids, such as {"claude-sonnet-5-5": "global.anthropic.claude-sonnet-5-5"}');
    return {};
  }
}

function readAws(text: Text, faults: string[]): BedrockConfig['credentials'] {
  const apiKey = text('AWS_BEARER_TOKEN_BEDROCK');
  if (apiKey !== undefined) return { kind: 'api-key', apiKey };
  const accessKeyId = text('AWS_ACCESS_KEY_ID');
  const secretAccessKey = text('AWS_SECRET_ACCESS_KEY');
  if (accessKeyId === undefined || secretAccessKey === undefined)
    faults.push('AWS_BEARER_TOKEN_BEDROCK: needed with PROVIDER=bedrock, or both AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY');
  return { kind: 'access-key', accessKeyId: accessKeyId ?? '', secretAccessKey: secretAccessKey ?? '', sessionToken: text('AWS_SESSION_TOKEN') };
}

function readGoogle(text: Text, faults: string[]): VertexConfig['credentials'] {
  const json = text('GOOGLE_SERVICE_ACCOUNT_KEY');
  const token = text('GOOGLE_ACCESS_TOKEN');
  if (json === undefined) {
    if (token === undefined) faults.push('GOOGLE_SERVICE_ACCOUNT_KEY: needed with PROVIDER=vertex, or a GOOGLE_ACCESS_TOKEN, which ends within an hour');
    return { kind: 'access-token', token: token ?? '' };
  }
  try {
    const { client_email: email, private_key: privateKey, token_uri: tokenUrl } = serviceAccountSchema.parse(JSON.parse(json));
    return { kind: 'service-account', email, privateKey, tokenUrl };
  } catch {
    // The text of the error might quote the key.
    faults.push('GOOGLE_SERVICE_ACCOUNT_KEY: must be the JSON key file of a service account, with client_email, private_key and token_uri');
    return { kind: 'access-token', token: '' };
  }
}
