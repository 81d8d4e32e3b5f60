/** What administrators say of a key: the bodies of `/v1/admin/keys`, and the answers, in snake_case. */
import * as z from 'zod';
import { invalidRequest } from '../invalid-request.ts';
import { numberFromText } from '../number-from-text.ts';
import { readBySchema } from '../schema-fault.ts';
import type { ParamFault } from '../fault.ts';
import { type CallerLimits, SCOPES, STORE_MODES } from './caller.ts';
import { readCursor } from './cursor.ts';
import * as limit from './limit.ts';
import type { KeySettings, SettingsChange } from './edit.ts';
import type { KnownKey } from './record.ts';

/** Limits as they are written; absent ones do not bind. */
export const limitsSchema = z
  .strictObject({
    usd_per_day: z.number().min(0).max(limit.USD_MAX),
    usd_per_month: z.number().min(0).max(limit.USD_MAX),
    image_tokens_per_day: z.int().min(0).max(limit.TOKENS_MAX),
    image_tokens_per_month: z.int().min(0).max(limit.TOKENS_MAX),
    requests_per_minute: z.int().min(1).max(limit.REQUESTS_MAX),
    image_tokens_per_minute: z.int().min(1).max(limit.TOKENS_MAX),
  })
  .partial();
type LimitsBody = z.infer<typeof limitsSchema>;
const tenantLimitsSchema = limitsSchema.describe(
  'Bounds of all keys of the tenant together. They are those of the tenant: what is said here holds for all its keys, and replaces what was said before.',
);

const tenantSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, 'must have 1 to 64 letters, digits, "_" or "-"')
  .describe('Whose pictures, answers and costs are those of this key. Keys of one tenant share them.');
const nameSchema = z
  .string()
  .min(1)
  .max(limit.NAME_CHARACTERS_MAX)
  .regex(/^[^\p{C}]+$/u, 'must have no control characters')
  .describe('For people. Default: the tenant.');
const scopesSchema = z.array(z.enum(SCOPES)).min(1).describe('What the key may do. Default: everything but admin.');
const modelsSchema = z
  .array(z.string().min(1).max(limit.MODEL_CHARACTERS_MAX))
  .min(1)
  .max(limit.MODELS_MAX)
  .describe('Ids of the models that it may ask, as callers write them. Default: all.');
const storeSchema = z.enum(STORE_MODES).describe('What may be kept for it, from nothing to the original. Default: image.');
const retentionSchema = z.int().min(1).max(limit.RETENTION_DAYS_MAX).describe('Days after which what was kept is gone. Default: as configured.');
const timeSchema = z.iso
  .datetime({ offset: true, error: 'must be a time such as 2027-01-31T00:00:00Z' })
  .describe('When the key stops working. Default: never.');

export const createKeyBodySchema = z.strictObject({
  tenant: tenantSchema,
  name: nameSchema.optional(),
  scopes: scopesSchema.optional(),
  models: modelsSchema.optional(),
  limits: limitsSchema.describe('Bounds of this key.').optional(),
  tenant_limits: tenantLimitsSchema.optional(),
  store: storeSchema.optional(),
  retention_days: retentionSchema.optional(),
  expires_at: timeSchema.optional(),
});

/** `null` takes a setting back. The tenant stays: what is stored belongs to it. */
export const changeKeyBodySchema = z.strictObject({
  name: nameSchema.optional(),
  scopes: scopesSchema.optional(),
  models: modelsSchema.nullable().optional(),
  limits: limitsSchema.describe('Bounds of this key.').optional(),
  tenant_limits: tenantLimitsSchema.optional(),
  store: storeSchema.optional(),
  retention_days: retentionSchema.nullable().optional(),
  expires_at: timeSchema.nullable().optional(),
});

export const rotateKeyBodySchema = z.strictObject({
  overlap_seconds: z.int().min(0).max(limit.OVERLAP_SECONDS_MAX).describe('How long the present secret goes on working. Default: 86400, a day.').optional(),
});

/** How times are read and written; the core has no calendar. */
export interface Calendar {
  readonly nowMs: number;
  /** RFC 3339 → milliseconds since 1970. */
  readonly parse: (text: string) => number;
}

/** What is said of a key, and of its tenant where that is said with it. */
export interface Parsed<T> {
  readonly key: T;
  readonly tenantLimits: CallerLimits | undefined;
}

/** The settings of a new key: everything but administration unless scopes are named, and nothing that binds. @throws invalid_request */
export function parseCreateKey(body: unknown, calendar: Calendar): Parsed<KeySettings> {
  const value = readBySchema(createKeyBodySchema, body);
  const key = {
    tenant: value.tenant,
    name: value.name ?? value.tenant,
    scopes: [...new Set(value.scopes ?? SCOPES.filter((scope) => scope !== 'admin'))],
    limits: toLimits(value.limits ?? {}),
    store: value.store ?? 'image',
    ...(value.models === undefined ? {} : { models: [...new Set(value.models)] }),
    ...(value.retention_days === undefined ? {} : { retentionDays: value.retention_days }),
    ...(value.expires_at === undefined ? {} : { expiresAtMs: futureMs(value.expires_at, calendar) }),
  };
  return { key, tenantLimits: value.tenant_limits && toLimits(value.tenant_limits) };
}

const TENANT_STAYS: ParamFault = {
  param: 'tenant',
  detail:
    'The "tenant" of a key cannot be changed: what was stored with it belongs to that tenant. Create another key with POST /v1/admin/keys, and revoke this one.',
};

/** What is to be different of a key. @throws invalid_request */
export function parseChangeKey(body: unknown, calendar: Calendar): Parsed<SettingsChange> {
  if (typeof body === 'object' && body !== null && 'tenant' in body) throw invalidRequest([TENANT_STAYS]);
  const value = readBySchema(changeKeyBodySchema, body);
  const key = {
    ...(value.name === undefined ? {} : { name: value.name }),
    ...(value.scopes === undefined ? {} : { scopes: [...new Set(value.scopes)] }),
    ...(value.limits === undefined ? {} : { limits: toLimits(value.limits) }),
    ...(value.store === undefined ? {} : { store: value.store }),
    ...(value.models === undefined ? {} : { models: value.models && [...new Set(value.models)] }),
    ...(value.retention_days === undefined ? {} : { retentionDays: value.retention_days }),
    ...(value.expires_at === undefined ? {} : { expiresAtMs: value.expires_at === null ? null : futureMs(value.expires_at, calendar) }),
  };
  return { key, tenantLimits: value.tenant_limits && toLimits(value.tenant_limits) };
}

/** Seconds for which the present secret goes on working. @throws invalid_request */
export function parseRotateKey(body: unknown): number {
  return readBySchema(rotateKeyBodySchema, body).overlap_seconds ?? limit.OVERLAP_SECONDS_DEFAULT;
}

const keyPageSchema = z.strictObject({ limit: z.int().min(1).max(limit.PAGE_KEYS_MAX).optional(), cursor: z.string().optional() });

/** Which keys of the list are asked for, from the parameters of its address. @throws invalid_request */
export function parseKeyPage(parameters: { readonly limit?: string; readonly cursor?: string }): {
  readonly keysMax: number;
  readonly cursor: string | undefined;
} {
  const { limit: keysMax, cursor } = readBySchema(keyPageSchema, {
    ...parameters,
    ...(parameters.limit === undefined ? {} : { limit: numberFromText(parameters.limit) }),
  });
  return { keysMax: keysMax ?? limit.PAGE_KEYS_DEFAULT, cursor: readCursor(cursor) };
}

/** A key as it is shown: everything but its secrets, of which only the times are told. */
export function keyResponse({ record, tenantLimits }: KnownKey, timeOf: (ms: number) => string) {
  const time = (ms: number | undefined) => (ms === undefined ? null : timeOf(ms));
  return {
    type: 'api_key',
    id: record.id,
    name: record.name,
    tenant: record.tenant,
    scopes: record.scopes,
    models: record.models ?? null,
    limits: limitsResponse(record.limits),
    tenant_limits: limitsResponse(tenantLimits),
    store: record.store,
    retention_days: record.retentionDays ?? null,
    created_at: time(record.createdAtMs),
    expires_at: time(record.expiresAtMs),
    revoked_at: time(record.revokedAtMs),
    secrets: record.secrets.map(({ createdAtMs, endsAtMs }) => ({ created_at: time(createdAtMs), ends_at: time(endsAtMs) })),
  };
}

/** Limits in the names of the wire; absent ones do not bind. */
export function limitsResponse(limits: CallerLimits): LimitsBody {
  return withoutAbsent({
    usd_per_day: limits.usdDay,
    usd_per_month: limits.usdMonth,
    image_tokens_per_day: limits.imageTokensDay,
    image_tokens_per_month: limits.imageTokensMonth,
    requests_per_minute: limits.requestsMinute,
    image_tokens_per_minute: limits.imageTokensMinute,
  });
}

function toLimits(body: LimitsBody): CallerLimits {
  return withoutAbsent({
    usdDay: body.usd_per_day,
    usdMonth: body.usd_per_month,
    imageTokensDay: body.image_tokens_per_day,
    imageTokensMonth: body.image_tokens_per_month,
    requestsMinute: body.requests_per_minute,
    imageTokensMinute: body.image_tokens_per_minute,
  });
}

function withoutAbsent<T extends Record<string, number | undefined>>(values: T): { [K in keyof T]?: number } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: number };
}

function futureMs(text: string, { nowMs, parse: parseTime }: Calendar): number {
  const ms = parseTime(text);
  if (ms > nowMs) return ms;
  throw invalidRequest([{ param: 'expires_at', detail: `"expires_at" is "${text}", which is not in the future. Give a later time, or leave it out.` }]);
}
