import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from '../../src/config.ts';

const KEY = '0123456789abcdef0123456789abcdef';

function faultsOf(environment: Record<string, unknown>): readonly string[] {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

describe('a configuration', () => {
  it('of nothing is one for production that lets nobody in', () => {
    expect(readConfig({})).toEqual({
      environment: 'production',
      provider: { kind: 'anthropic', baseUrl: undefined, modelIds: {}, apiKey: '', gatewayToken: undefined, isGatewayLoggingPayloads: false },
      defaultModel: 'claude-haiku-5-5',
      logLevel: 'info',
      apiKeys: [],
      uploadBytesMax: 33_554_432,
      cacheTtlSeconds: 2_592_000,
      fileTtlSeconds: 86_400,
      guardsOversized: true,
      takesCallerKeys: false,
      modelOverrides: {},
      deploymentLimits: {},
      ledgerDays: 35,
      devAllowedOrigins: [],
      ownHosts: [],
    });
  });

  it('takes an empty variable for one that is not set', () => {
    const names = [
      'ENVIRONMENT',
      'ANTHROPIC_BASE_URL',
      'DEFAULT_MODEL',
      'LOG_LEVEL',
      'UPLOAD_BYTES_MAX',
      'CACHE_TTL_SECONDS',
      'MODEL_OVERRIDES',
      'OVERSIZED_IMAGE_GUARD',
      'BUDGET_USD_DAY',
    ];
    expect(readConfig(Object.fromEntries(names.map((name) => [name, ''])))).toEqual(readConfig({}));
  });

  it('reads every variable', () => {
    expect(
      readConfig({
        ENVIRONMENT: 'development',
        ANTHROPIC_API_KEY: 'sk-ant-1',
        ANTHROPIC_BASE_URL: 'http://127.0.0.1:8788',
        AI_GATEWAY_TOKEN: 'gateway-token',
        AI_GATEWAY_PAYLOAD_LOG: 'on',
        PROVIDER_MODELS: '{"claude-x-9":"other"}',
        DEFAULT_MODEL: 'claude-opus-5',
        LOG_LEVEL: 'warn',
        VIGNETTE_API_KEYS: ` acme:${KEY} , umbrella-2:with:colons:${KEY},`,
        UPLOAD_BYTES_MAX: '1000',
        CACHE_TTL_SECONDS: '3600',
        FILE_TTL_SECONDS: '7200',
        OVERSIZED_IMAGE_GUARD: 'off',
        CALLER_ANTHROPIC_KEYS: 'on',
        MODEL_OVERRIDES: '{"claude-x-9":{"tier":"high","price":{"base":{"input":1,"output":2,"cacheRead":0}}}}',
        DEV_ALLOWED_ORIGINS: 'http://127.0.0.1:8080, http://localhost:9000',
        BUDGET_USD_DAY: '12.5',
        BUDGET_USD_MONTH: '250',
        LEDGER_DAYS: '7',
        OWN_HOSTS: 'Vignette.example.com',
        IMAGES: {},
      }),
    ).toEqual({
      environment: 'development',
      provider: {
        kind: 'anthropic',
        baseUrl: 'http://127.0.0.1:8788',
        modelIds: { 'claude-x-9': 'other' },
        apiKey: 'sk-ant-1',
        gatewayToken: 'gateway-token',
        isGatewayLoggingPayloads: true,
      },
      defaultModel: 'claude-opus-5',
      logLevel: 'warn',
      apiKeys: [
        { name: 'acme', key: KEY },
        { name: 'umbrella-2', key: `with:colons:${KEY}` },
      ],
      uploadBytesMax: 1000,
      cacheTtlSeconds: 3600,
      fileTtlSeconds: 7200,
      guardsOversized: false,
      takesCallerKeys: true,
      modelOverrides: { 'claude-x-9': { tier: 'high', price: { base: { input: 1, output: 2, cacheRead: 0 } } } },
      deploymentLimits: { usdDay: 12.5, usdMonth: 250 },
      ledgerDays: 7,
      devAllowedOrigins: ['http://127.0.0.1:8080', 'http://localhost:9000'],
      ownHosts: ['vignette.example.com'],
    });
  });

  it('does not take one secret for two tenants, and two for one', () => {
    expect(faultsOf({ VIGNETTE_API_KEYS: `acme:${KEY},umbrella:${KEY}` })).toEqual([
      expect.stringMatching(/^VIGNETTE_API_KEYS: entry 2 has the key of "acme"/),
    ]);
    expect(faultsOf({ VIGNETTE_API_KEYS: `acme:${KEY},acme:${KEY}-2,acme:${KEY}` })).toEqual([]);
  });

  it.each([
    ['UPLOAD_BYTES_MAX', '2', '1', '0'],
    ['UPLOAD_BYTES_MAX', '50331647', '50331648', '50331649'],
    ['CACHE_TTL_SECONDS', '61', '60', '59'],
    ['CACHE_TTL_SECONDS', '31535999', '31536000', '31536001'],
    ['VIGNETTE_API_KEYS', `a:${'k'.repeat(21)}`, `a:${'k'.repeat(20)}`, `a:${'k'.repeat(19)}`],
    ['VIGNETTE_API_KEYS', `${'n'.repeat(63)}:${KEY}`, `${'n'.repeat(64)}:${KEY}`, `${'n'.repeat(65)}:${KEY}`],
    ['BUDGET_USD_DAY', '0.01', '0', '-0.01'],
    ['BUDGET_USD_DAY', '999999.99', '1000000', '1000000.01'],
    ['BUDGET_USD_MONTH', '0.01', '0', '-0.01'],
    ['BUDGET_USD_MONTH', '999999.99', '1000000', '1000000.01'],
    ['LEDGER_DAYS', '2', '1', '0'],
    ['LEDGER_DAYS', '399', '400', '401'],
    ['MODEL_OVERRIDES', '{"m":{"imagesMax":599}}', '{"m":{"imagesMax":600}}', '{"m":{"imagesMax":601}}'],
  ])('keeps %s within its bound', (name, below, at, above) => {
    expect(faultsOf({ [name]: below })).toEqual([]);
    expect(faultsOf({ [name]: at })).toEqual([]);
    expect(faultsOf({ [name]: above })).toEqual([expect.stringMatching(new RegExp(`^${name}: `))]);
  });

  it.each([
    ['ENVIRONMENT', 'staging'],
    ['BUDGET_USD_DAY', 'ten'],
    ['LEDGER_DAYS', '1.5'],
    ['ANTHROPIC_BASE_URL', 'api.anthropic.com'],
    ['ANTHROPIC_BASE_URL', 'ftp://api.anthropic.com'],
    ['UPLOAD_BYTES_MAX', '32 MB'],
    ['UPLOAD_BYTES_MAX', '1.5'],
    ['CACHE_TTL_SECONDS', 'forever'],
    ['OVERSIZED_IMAGE_GUARD', 'true'],
    ['CALLER_ANTHROPIC_KEYS', 'yes'],
    ['VIGNETTE_API_KEYS', KEY],
    ['VIGNETTE_API_KEYS', `:${KEY}`],
    ['VIGNETTE_API_KEYS', `two words:${KEY}`],
    ['MODEL_OVERRIDES', 'nonsense'],
    ['MODEL_OVERRIDES', '[]'],
    ['MODEL_OVERRIDES', '{"m":{"tier":"ultra"}}'],
    ['MODEL_OVERRIDES', '{"m":{"teir":"high"}}'],
    ['MODEL_OVERRIDES', '{"m":{"price":{"base":{"input":-1,"output":1,"cacheRead":1}}}}'],
  ])('is refused with %s=%s, and says so', (name, value) => {
    expect(faultsOf({ [name]: value })).toEqual([expect.stringMatching(new RegExp(`^${name}: .+`, 's'))]);
  });

  it('lists all its faults at once', () => {
    const faults = faultsOf({
      ENVIRONMENT: 'staging',
      UPLOAD_BYTES_MAX: 'x',
      CACHE_TTL_SECONDS: '1',
      VIGNETTE_API_KEYS: `nokey,short:1,good:${KEY}`,
      MODEL_OVERRIDES: '{',
      DEV_ALLOWED_ORIGINS: 'http://127.0.0.1:8080',
    });
    expect(faults.map((fault) => fault.slice(0, fault.indexOf(':'))).toSorted()).toEqual([
      'CACHE_TTL_SECONDS',
      'DEV_ALLOWED_ORIGINS',
      'ENVIRONMENT',
      'MODEL_OVERRIDES',
      'UPLOAD_BYTES_MAX',
      'VIGNETTE_API_KEYS',
      'VIGNETTE_API_KEYS',
    ]);
  });

  it('in an error says each fault on a line of its own', () => {
    const error = new ConfigError(['a: b', 'c: d']);
    expect(error.message.split('\n')).toEqual(['The configuration has 2 faults:', '- a: b', '- c: d']);
  });
});

describe('exempt origins', () => {
  it.each([[undefined], ['production']])('are refused outside development (ENVIRONMENT=%s)', (environment) => {
    const faults = faultsOf({ ENVIRONMENT: environment, DEV_ALLOWED_ORIGINS: 'http://127.0.0.1:8080' });
    expect(faults).toEqual([expect.stringContaining('DEV_ALLOWED_ORIGINS: only allowed with ENVIRONMENT=development')]);
  });

  it.each(['http://127.0.0.1:8080/', 'http://127.0.0.1:8080/path', '127.0.0.1:8080', 'null', 'file://', 'http://user@127.0.0.1:8080'])(
    'must be exact: %s is refused',
    (origin) => {
      expect(faultsOf({ ENVIRONMENT: 'development', DEV_ALLOWED_ORIGINS: origin })).toEqual([expect.stringContaining('is not an exact origin')]);
    },
  );
});

describe('a secret', () => {
  it.each([
    ['without a name', { VIGNETTE_API_KEYS: KEY }],
    ['with its name behind it', { VIGNETTE_API_KEYS: `${KEY}:acme` }],
    ['with a bad name', { VIGNETTE_API_KEYS: `a b:${KEY}` }],
    ['that is too short', { VIGNETTE_API_KEYS: `acme:${KEY.slice(0, 12)}` }],
    ['in the wrong variable of its kind', { ANTHROPIC_API_KEY: 7, VIGNETTE_API_KEYS: [KEY] }],
    ['beside other faults', { ANTHROPIC_API_KEY: KEY, VIGNETTE_API_KEYS: `acme:${KEY}`, UPLOAD_BYTES_MAX: 'x' }],
  ])('is never told in an error: %s', (_, environment) => {
    const faults = faultsOf(environment);
    expect(faults).not.toEqual([]);
    expect(faults.join()).not.toContain(KEY.slice(0, 12));
  });
});
