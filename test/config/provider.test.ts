import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from '../../src/config.ts';
import { PROVIDERS, secretsOf } from '../../src/provider-config.ts';

const read = (environment: Record<string, string>, builtIn = PROVIDERS) => readConfig(environment, builtIn).provider;

function faultsOf(environment: Record<string, string>, builtIn: Parameters<typeof readConfig>[1] = PROVIDERS): readonly string[] {
  try {
    readConfig(environment, builtIn);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

const BEDROCK = { PROVIDER: 'bedrock', AWS_REGION: 'eu-central-1' };
const VERTEX = { PROVIDER: 'vertex', CLOUD_ML_REGION: 'global', ANTHROPIC_VERTEX_PROJECT_ID: 'my-project' };
const FOUNDRY = { PROVIDER: 'foundry', ANTHROPIC_FOUNDRY_API_KEY: 'foundry-key' };
const SERVICE_ACCOUNT = {
  client_email: 'a@b.iam.gserviceaccount.com',
  private_key: 'PEM',
  token_uri: 'https://oauth2.googleapis.com/token',
  type: 'service_account',
};

describe('the provider', () => {
  it('is the Anthropic API where none is named, and variables of the others mean nothing', () => {
    expect(read({ AWS_REGION: 'not a region', GOOGLE_SERVICE_ACCOUNT_KEY: 'not JSON', ANTHROPIC_API_KEY: 'k' })).toMatchObject({
      kind: 'anthropic',
      apiKey: 'k',
    });
  });

  it('is Bedrock with an API key, or with an access key', () => {
    expect(read({ ...BEDROCK, AWS_BEARER_TOKEN_BEDROCK: 'b', PROVIDER_MODELS: '{"a":"b"}', ANTHROPIC_BEDROCK_BASE_URL: 'https://vpce.test' })).toEqual({
      kind: 'bedrock',
      region: 'eu-central-1',
      baseUrl: 'https://vpce.test',
      modelIds: { a: 'b' },
      credentials: { kind: 'api-key', apiKey: 'b' },
    });
    expect(read({ ...BEDROCK, AWS_ACCESS_KEY_ID: 'i', AWS_SECRET_ACCESS_KEY: 's', AWS_SESSION_TOKEN: 't' })).toMatchObject({
      credentials: { kind: 'access-key', accessKeyId: 'i', secretAccessKey: 's', sessionToken: 't' },
    });
  });

  it('is Google Cloud with a service account, or with a token', () => {
    expect(read({ ...VERTEX, GOOGLE_SERVICE_ACCOUNT_KEY: JSON.stringify(SERVICE_ACCOUNT), GOOGLE_ACCESS_TOKEN: 'unused' })).toEqual({
      kind: 'vertex',
      region: 'global',
      projectId: 'my-project',
      baseUrl: undefined,
      modelIds: {},
      credentials: { kind: 'service-account', email: SERVICE_ACCOUNT.client_email, privateKey: 'PEM', tokenUrl: SERVICE_ACCOUNT.token_uri },
    });
    expect(read({ ...VERTEX, GOOGLE_ACCESS_TOKEN: 'ya29' })).toMatchObject({ credentials: { kind: 'access-token', token: 'ya29' } });
  });

  it('is Foundry by the name of a resource, or by an address', () => {
    const byName = read({ ...FOUNDRY, ANTHROPIC_FOUNDRY_RESOURCE: 'studio' });
    expect(byName).toEqual({ kind: 'foundry', baseUrl: 'https://studio.services.ai.azure.com/anthropic', modelIds: {}, apiKey: 'foundry-key' });
    expect(read({ ...FOUNDRY, ANTHROPIC_FOUNDRY_BASE_URL: 'https://x.test/anthropic' })).toMatchObject({ baseUrl: 'https://x.test/anthropic' });
  });
});

describe('a fault of the provider', () => {
  it.each<[Record<string, string>, readonly (string | RegExp)[]]>([
    [{ PROVIDER: 'other' }, [/^PROVIDER: /]],
    [{ PROVIDER: 'bedrock' }, [/^AWS_REGION: needed/, /^AWS_BEARER_TOKEN_BEDROCK: needed/]],
    [{ ...BEDROCK, AWS_ACCESS_KEY_ID: 'i' }, [/^AWS_BEARER_TOKEN_BEDROCK: needed/]],
    [{ ...BEDROCK, AWS_REGION: 'evil.test/', AWS_BEARER_TOKEN_BEDROCK: 'b' }, [/^AWS_REGION: must match/]],
    [{ PROVIDER: 'vertex' }, [/^CLOUD_ML_REGION: needed/, /^ANTHROPIC_VERTEX_PROJECT_ID: needed/, /^GOOGLE_SERVICE_ACCOUNT_KEY: needed/]],
    [{ ...VERTEX, GOOGLE_SERVICE_ACCOUNT_KEY: '{"client_email":"secret-mail"}' }, [/^GOOGLE_SERVICE_ACCOUNT_KEY: must be the JSON key file/]],
    [{ ...VERTEX, ANTHROPIC_VERTEX_PROJECT_ID: '../x', GOOGLE_ACCESS_TOKEN: 't' }, [/^ANTHROPIC_VERTEX_PROJECT_ID: must match/]],
    [{ PROVIDER: 'foundry' }, [/^ANTHROPIC_FOUNDRY_API_KEY: needed/, /^ANTHROPIC_FOUNDRY_RESOURCE: needed/]],
    [{ ...FOUNDRY, ANTHROPIC_FOUNDRY_RESOURCE: 'evil.test/' }, [/^ANTHROPIC_FOUNDRY_RESOURCE: must match/]],
    [{ ...FOUNDRY, ANTHROPIC_FOUNDRY_RESOURCE: 'studio', CALLER_ANTHROPIC_KEYS: 'on' }, [/^CALLER_ANTHROPIC_KEYS: needs PROVIDER=anthropic/]],
    [{ AI_GATEWAY_TOKEN: 't' }, [/^AI_GATEWAY_TOKEN: needs ANTHROPIC_BASE_URL/]],
    [{ AI_GATEWAY_PAYLOAD_LOG: 'yes' }, [/^AI_GATEWAY_PAYLOAD_LOG: /]],
    [{ PROVIDER_MODELS: '["a"]' }, [/^PROVIDER_MODELS: must be a JSON object/]],
    [{ PROVIDER_MODELS: '{"a":""}' }, [/^PROVIDER_MODELS: must be a JSON object/]],
    [{ ANTHROPIC_BASE_URL: 'ftp://x.test' }, [/^ANTHROPIC_BASE_URL: /]],
    [{ FILE_TTL_SECONDS: '3599' }, [/^FILE_TTL_SECONDS: /]],
    [{ FILE_TTL_SECONDS: '7776001' }, [/^FILE_TTL_SECONDS: /]],
  ])('%j is named', (environment, expected) => {
    const faults = faultsOf(environment);
    expect(faults).toEqual(expected.map((pattern) => expect.stringMatching(pattern)));
    expect(faults.join()).not.toMatch(/secret-mail/);
  });

  it('is a build that does not hold it', () => {
    const [fault] = faultsOf({ ...FOUNDRY, ANTHROPIC_FOUNDRY_RESOURCE: 'studio' }, ['anthropic', 'bedrock']);
    expect(fault).toBe('PROVIDER: this build does not hold "foundry"; set main = "src/provider/foundry.ts" in wrangler.toml');
  });
});

describe('the secrets of a provider', () => {
  it.each([
    [{ ANTHROPIC_API_KEY: 'the-key', ANTHROPIC_BASE_URL: 'https://g.test', AI_GATEWAY_TOKEN: 'the-token' }, ['the-key', 'the-token']],
    [{ ...BEDROCK, AWS_BEARER_TOKEN_BEDROCK: 'the-key' }, ['the-key']],
    [
      { ...BEDROCK, AWS_ACCESS_KEY_ID: 'the-id', AWS_SECRET_ACCESS_KEY: 'the-secret', AWS_SESSION_TOKEN: 'the-session' },
      ['the-id', 'the-secret', 'the-session'],
    ],
    [{ ...VERTEX, GOOGLE_ACCESS_TOKEN: 'the-token' }, ['the-token']],
    [{ ...FOUNDRY, ANTHROPIC_FOUNDRY_RESOURCE: 'r1' }, ['foundry-key']],
  ])('are all that it is given: %o', (environment, secrets) => {
    expect(secretsOf(read(environment))).toEqual(secrets);
  });
});
