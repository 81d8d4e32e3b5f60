/** Configuration: the environment, read once, with every fault listed in one error. */
import * as z from 'zod';
import { LEDGER_DAYS_DEFAULT, USAGE_DAYS } from './core/budget/limit.ts';
import type { CallerLimits } from './core/key/caller.ts';
import type { ModelOverrides } from './core/vision/model.ts';
import { type ProviderConfig, type ProviderName, providerVariables, readProvider } from './provider-config.ts';
import { FILE_EXPIRY_SECONDS_MAX, FILE_EXPIRY_SECONDS_MIN } from './core/keep/uploaded-file.ts';

export interface ApiKey {
  readonly name: string;
  readonly key: string;
}

export interface Config {
  readonly environment: 'production' | 'development';
  readonly provider: ProviderConfig;
  readonly defaultModel: string;
  readonly logLevel: 'info' | 'warn' | 'error';
  readonly apiKeys: readonly ApiKey[];
  readonly uploadBytesMax: number;
  readonly cacheTtlSeconds: number;
  readonly fileTtlSeconds: number;
  readonly guardsOversized: boolean;
  /** Whether callers of `/v1/messages` may bring their own key of the Anthropic API. */
  readonly takesCallerKeys: boolean;
  readonly modelOverrides: ModelOverrides;
  /** Bounds of all tenants together. */
  readonly deploymentLimits: CallerLimits;
  /** Days for which a row of the ledger is kept. */
  readonly ledgerDays: number;
  readonly devAllowedOrigins: readonly string[];
  readonly ownHosts: readonly string[];
}

/** A configuration that cannot be run with; `faults` has one line each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(`The configuration has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}:\n${faults.map((fault) => `- ${fault}`).join('\n')}`);
    this.faults = faults;
  }
}

/** KV keeps nothing for less than a minute. */
const CACHE_TTL_SECONDS_MIN = 60;
/** What the Files API takes as `expires_in_seconds`. */
const UPLOAD_BYTES_DEFAULT = 33_554_432;
/** A Worker holds a request in 128 MB; a body beyond this leaves no room to work on it. */
const UPLOAD_BYTES_LIMIT = 50_331_648;
/** Sums of nano-US$ stay exact below 9 million US$. */
const BUDGET_USD_MAX = 1_000_000;
/** 128 bits in hex have 32 characters, in base64 22. Shorter keys can be guessed. */
const API_KEY_CHARACTERS_MIN = 20;

const integer = (min: number, max: number, fallback: number) => z.coerce.number().int().min(min).max(max).default(fallback);
const priceSchema = z.strictObject({ input: z.number().min(0), output: z.number().min(0), cacheRead: z.number().min(0) });
const overridesSchema = z.record(
  z.string(),
  z
    .strictObject({
      tier: z.enum(['standard', 'high']),
      contextTokens: z.int().min(1),
      imagesMax: z.int().min(1).max(600),
      price: z.strictObject({ base: priceSchema, long: z.strictObject({ aboveInputTokens: z.int().min(1), price: priceSchema }).exactOptional() }),
    })
    .partial(),
);

const environmentSchema = z.object({
  ENVIRONMENT: z.enum(['production', 'development']).default('production'),
  ...providerVariables,
  DEFAULT_MODEL: z.string().min(1).default('claude-haiku-5-5'),
  LOG_LEVEL: z.enum(['info', 'warn', 'error']).default('info'),
  VIGNETTE_API_KEYS: z.string().default(''),
  UPLOAD_BYTES_MAX: integer(1, UPLOAD_BYTES_LIMIT, UPLOAD_BYTES_DEFAULT),
  CACHE_TTL_SECONDS: integer(CACHE_TTL_SECONDS_MIN, 31_536_000, 2_592_000),
  FILE_TTL_SECONDS: integer(FILE_EXPIRY_SECONDS_MIN, FILE_EXPIRY_SECONDS_MAX, 86_400),
  OVERSIZED_IMAGE_GUARD: z.enum(['on', 'off']).default('on'),
  CALLER_ANTHROPIC_KEYS: z.enum(['on', 'off']).default('off'),
  MODEL_OVERRIDES: z.string().default('{}'),
  BUDGET_USD_DAY: z.coerce.number().min(0).max(BUDGET_USD_MAX).optional(),
  BUDGET_USD_MONTH: z.coerce.number().min(0).max(BUDGET_USD_MAX).optional(),
  LEDGER_DAYS: integer(1, USAGE_DAYS, LEDGER_DAYS_DEFAULT),
  DEV_ALLOWED_ORIGINS: z.string().default(''),
  OWN_HOSTS: z.string().default(''),
});

/**
 * `builtIn`: the providers that this build of the Worker holds.
 * @throws ConfigError with all faults; values of secrets never stand in it
 */
export function readConfig(environment: Record<string, unknown>, builtIn: readonly ProviderName[] = ['anthropic']): Config {
  const present = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== '' && value !== undefined));
  const parsed = environmentSchema.safeParse(present);
  const faults = parsed.success ? [] : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  // These are read even when others are at fault, so that the operator mends everything in one go.
  const apiKeys = readApiKeys(textOf(present['VIGNETTE_API_KEYS']), faults);
  const modelOverrides = readOverrides(textOf(present['MODEL_OVERRIDES']), faults);
  const devAllowedOrigins = readOrigins(textOf(present['DEV_ALLOWED_ORIGINS']), present['ENVIRONMENT'], faults);
  const provider = readProvider(present, builtIn, faults);
  // Elsewhere such a key means nothing, and the call would go out with the deployment's own, uncounted.
  if (present['CALLER_ANTHROPIC_KEYS'] === 'on' && provider.kind !== 'anthropic') faults.push('CALLER_ANTHROPIC_KEYS: needs PROVIDER=anthropic');
  if (!parsed.success || faults.length > 0) throw new ConfigError(faults);
  const value = parsed.data;
  return {
    environment: value.ENVIRONMENT,
    provider,
    defaultModel: value.DEFAULT_MODEL,
    logLevel: value.LOG_LEVEL,
    apiKeys,
    uploadBytesMax: value.UPLOAD_BYTES_MAX,
    cacheTtlSeconds: value.CACHE_TTL_SECONDS,
    fileTtlSeconds: value.FILE_TTL_SECONDS,
    guardsOversized: value.OVERSIZED_IMAGE_GUARD === 'on',
    takesCallerKeys: value.CALLER_ANTHROPIC_KEYS === 'on',
    modelOverrides,
    deploymentLimits: {
      ...(value.BUDGET_USD_DAY === undefined ? {} : { usdDay: value.BUDGET_USD_DAY }),
      ...(value.BUDGET_USD_MONTH === undefined ? {} : { usdMonth: value.BUDGET_USD_MONTH }),
    },
    ledgerDays: value.LEDGER_DAYS,
    devAllowedOrigins,
    ownHosts: list(value.OWN_HOSTS).map((host) => host.toLowerCase()),
  };
}

/** Anything but text is a fault that the schema has named already. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** `name:key` pairs, separated by commas. Faults count the entries: a pair the wrong way round has the key for its name. */
function readApiKeys(text: string, faults: string[]): readonly ApiKey[] {
  const names = new Map<string, string>();
  return list(text).flatMap((pair, index) => {
    const colon = pair.indexOf(':');
    const name = pair.slice(0, Math.max(0, colon));
    const key = pair.slice(colon + 1);
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(name))
      faults.push(`VIGNETTE_API_KEYS: entry ${index + 1} has no valid name; write name:key with letters, digits, "_" and "-" in the name`);
    else if (key.length < API_KEY_CHARACTERS_MIN)
      faults.push(
        `VIGNETTE_API_KEYS: the key of entry ${index + 1} has ${key.length} characters; use at least ${API_KEY_CHARACTERS_MIN} random ones (openssl rand -hex 16)`,
      );
    else if ((names.get(key) ?? name) !== name)
      // Whose request it is would hang on the order of the entries.
      faults.push(`VIGNETTE_API_KEYS: entry ${index + 1} has the key of "${names.get(key)}"; each name needs a key of its own (openssl rand -hex 16)`);
    else {
      names.set(key, name);
      return [{ name, key }];
    }
    return [];
  });
}

function readOverrides(text: string, faults: string[]): ModelOverrides {
  try {
    return overridesSchema.parse(JSON.parse(text === '' ? '{}' : text)) as ModelOverrides;
  } catch (error) {
    faults.push(
      `MODEL_OVERRIDES: ${error instanceof z.ZodError ? error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('; ') : 'it is not JSON'}`,
    );
    return {};
  }
}

/** Exempt origins would open the guard for private addresses, so a production configuration may not have any. */
function readOrigins(text: string, environment: unknown, faults: string[]): readonly string[] {
  const origins = list(text);
  if (origins.length > 0 && environment !== 'development') faults.push('DEV_ALLOWED_ORIGINS: only allowed with ENVIRONMENT=development; remove it');
  for (const origin of origins) {
    if (!URL.canParse(origin) || new URL(origin).origin !== origin)
      faults.push(`DEV_ALLOWED_ORIGINS: "${origin}" is not an exact origin such as http://127.0.0.1:8080`);
  }
  return origins;
}

function list(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
