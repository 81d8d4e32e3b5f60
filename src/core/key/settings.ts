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

const limitSchema = (min: number, max: number, description: string, example: number) =>
  z
    .int()
    .min(min)
    .max(max)
    .meta({ description, examples: [example] });
const usdSchema = (description: string, example: number) =>
  z
    .number()
    .min(0)
    .max(limit.USD_MAX)
    .meta({ description, examples: [example] });

/** Limits as they are written; absent ones do not bind. */
export const limitsSchema = z
  .strictObject({
    usd_per_day: usdSchema('US$ a calendar day, UTC.', 5),
    usd_per_month: usdSchema('US$ a calendar month, UTC.', 100),
    image_tokens_per_day: limitSchema(0, limit.TOKENS_MAX, 'Image tokens a calendar day, UTC.', 1_000_000),
    image_tokens_per_month: limitSchema(0, limit.TOKENS_MAX, 'Image tokens a calendar month, UTC.', 20_000_000),
    requests_per_minute: limitSchema(1, limit.REQUESTS_MAX, 'Requests in any minute.', 60),
    image_tokens_per_minute: limitSchema(1, limit.TOKENS_MAX, 'Image tokens in any minute.', 100_000),
  })
  .partial();
type LimitsBody = z.infer<typeof limitsSchema>;
const ownLimitsSchema = limitsSchema.meta({ description: 'Bounds of this key.' });
const tenantLimitsSchema = limitsSchema.meta({
  description:
    'Bounds of all keys of the tenant together. They are those of the tenant: what is said here holds for all its keys, and replaces what was said before.',
});

const tenantSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, 'must have 1 to 64 letters, digits, "_" or "-"')
  .meta({ description: 'Whose images, answers and costs are those of this key. Keys of one tenant share them.', examples: ['acme'] });
const nameSchema = z
  .string()
  .min(1)
  .max(limit.NAME_CHARACTERS_MAX)
  .regex(/^[^\p{C}]+$/u, 'must have no control characters')
  .meta({ description: 'For people. Default: the tenant.', examples: ['Shop'] });
const scopesSchema = z.array(z.enum(SCOPES)).min(1).meta({ description: 'What the key may do. Default: everything but admin.' });
const modelsSchema = z
  .array(
    z
      .string()
      .min(1)
      .max(limit.MODEL_CHARACTERS_MAX)
      .meta({ description: 'A model.', examples: ['claude-haiku-5-5'] }),
  )
  .min(1)
  .max(limit.MODELS_MAX)
  .meta({ description: 'Ids of the models that it may ask, as callers write them. Default: all.' });
const storeSchema = z.enum(STORE_MODES).meta({ description: 'What may be kept for it, from nothing to the original. Default: image.' });
const retentionSchema = limitSchema(1, limit.RETENTION_DAYS_MAX, 'Days after which what was kept is gone. Default: as configured.', 30);
const timeSchema = z.iso
  .datetime({ offset: true, error: 'must be a time such as 2027-01-31T00:00:00Z' })
  .meta({ description: 'When the key stops working. Default: never.', examples: ['2027-01-31T00:00:00Z'] });

export const createKeyBodySchema = z.strictObject({
  tenant: tenantSchema,
  name: nameSchema.optional(),
  scopes: scopesSchema.optional(),
  models: modelsSchema.optional(),
  limits: ownLimitsSchema.optional(),
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
  limits: ownLimitsSchema.optional(),
  tenant_limits: tenantLimitsSchema.optional(),
  store: storeSchema.optional(),
  retention_days: retentionSchema.nullable().optional(),
  expires_at: timeSchema.nullable().optional(),
});

export const rotateKeyBodySchema = z.strictObject({
  overlap_seconds: limitSchema(0, limit.OVERLAP_SECONDS_MAX, 'How long the present secret goes on working. Default: 86400, a day.', 3_600).optional(),
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

/** Parameters of the list. */
export const keyPageSchema = z.strictObject({
  limit: limitSchema(1, limit.PAGE_KEYS_MAX, 'Keys a page. Default: 20.', 20).optional(),
  cursor: z
    .string()
    .meta({ description: '"next_cursor" of the page before.', examples: ['eyJ2IjoxfQ'] })
    .optional(),
});

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
