import { describe, expect, it } from 'vitest';
import { changeSettings, createKey } from '../../../src/core/key/edit.ts';
import { keyResponse, parseChangeKey, parseCreateKey, parseRotateKey } from '../../../src/core/key/settings.ts';
import { faultOf } from '../outcome.ts';

const NOW_MS = Date.UTC(2026, 10, 21);
const CALENDAR = { nowMs: NOW_MS, parse: Date.parse };
const FULL = {
  tenant: 'shop',
  name: 'Alt texts',
  scopes: ['describe', 'admin', 'describe'],
  models: ['claude-opus-5'],
  limits: { usd_per_day: 1.5, usd_per_month: 20, image_tokens_per_day: 1, image_tokens_per_month: 2, requests_per_minute: 3, image_tokens_per_minute: 4 },
  tenant_limits: { usd_per_day: 3 },
  store: 'none',
  retention_days: 30,
  expires_at: '2027-01-31T01:00:00+01:00',
};

describe('the settings of a new key', () => {
  it('need a tenant alone; the rest is everything but administration, without bounds', () => {
    expect(parseCreateKey({ tenant: 'shop' }, CALENDAR)).toEqual({
      key: { tenant: 'shop', name: 'shop', scopes: ['describe', 'estimate', 'images', 'jobs', 'messages'], limits: {}, store: 'image' },
      tenantLimits: undefined,
    });
  });

  it('may say everything, and are shown as they were said', () => {
    const { key, tenantLimits = {} } = parseCreateKey(FULL, CALENDAR);
    expect(tenantLimits).toEqual({ usdDay: 3 });
    expect(key).toMatchObject({
      limits: { usdDay: 1.5, usdMonth: 20, imageTokensDay: 1, imageTokensMonth: 2, requestsMinute: 3, imageTokensMinute: 4 },
      expiresAtMs: Date.UTC(2027, 0, 31),
    });
    const { record } = createKey(key, { id: `key_${'0'.repeat(24)}`, sha256: 'a'.repeat(64), nowMs: NOW_MS });
    expect(keyResponse({ record, tenantLimits }, (ms) => new Date(ms).toISOString())).toEqual({
      ...FULL,
      type: 'api_key',
      id: record.id,
      scopes: ['describe', 'admin'],
      expires_at: '2027-01-31T00:00:00.000Z',
      created_at: '2026-11-21T00:00:00.000Z',
      revoked_at: null,
      secrets: [{ created_at: '2026-11-21T00:00:00.000Z', ends_at: null }],
    });
  });

  it.each<[string, unknown, string]>([
    ['no object', [], 'body'],
    ['no tenant', {}, 'tenant'],
    ['a tenant with a space', { tenant: 'my shop' }, 'tenant'],
    ['a tenant of 65 characters', { tenant: 'a'.repeat(65) }, 'tenant'],
    ['an empty name', { tenant: 'shop', name: '' }, 'name'],
    ['a name with a line break', { tenant: 'shop', name: 'a\r\nb' }, 'name'],
    ['a name of 101 characters', { tenant: 'shop', name: 'a'.repeat(101) }, 'name'],
    ['no scope', { tenant: 'shop', scopes: [] }, 'scopes'],
    ['an unknown scope', { tenant: 'shop', scopes: ['root'] }, 'scopes.0'],
    ['no model', { tenant: 'shop', models: [] }, 'models'],
    ['an unknown limit', { tenant: 'shop', limits: { per_day: 1 } }, 'limits.per_day'],
    ['no request a minute', { tenant: 'shop', limits: { requests_per_minute: 0 } }, 'limits.requests_per_minute'],
    ['half a request', { tenant: 'shop', limits: { requests_per_minute: 1.5 } }, 'limits.requests_per_minute'],
    ['a limit as text', { tenant: 'shop', limits: { usd_per_day: '1' } }, 'limits.usd_per_day'],
    ['more money than there is', { tenant: 'shop', limits: { usd_per_day: 1_000_001 } }, 'limits.usd_per_day'],
    ['an unknown store mode', { tenant: 'shop', store: 'all' }, 'store'],
    ['no day of retention', { tenant: 'shop', retention_days: 0 }, 'retention_days'],
    ['a date without a time', { tenant: 'shop', expires_at: '2027-01-31' }, 'expires_at'],
    ['a time that has passed', { tenant: 'shop', expires_at: '2026-11-20T23:59:59Z' }, 'expires_at'],
    ['the present moment', { tenant: 'shop', expires_at: '2026-11-21T00:00:00Z' }, 'expires_at'],
    ['an unknown field', { tenant: 'shop', admin: true }, 'admin'],
    ['a secret of its own', { tenant: 'shop', secret: 'vgn_1' }, 'secret'],
  ])('with %s are refused, and the place is named', (_, body, param) => {
    expect(faultOf(() => parseCreateKey(body, CALENDAR))).toMatchObject({ code: 'invalid_request', param });
  });
});

describe('a change', () => {
  const { record } = createKey(parseCreateKey(FULL, CALENDAR).key, { id: `key_${'0'.repeat(24)}`, sha256: 'a'.repeat(64), nowMs: NOW_MS });

  it('of nothing changes nothing', () => {
    const { key, tenantLimits } = parseChangeKey({}, CALENDAR);
    expect([changeSettings(record, key), tenantLimits]).toEqual([record, undefined]);
  });

  it('takes back with null, and replaces limits as a whole', () => {
    const { key, tenantLimits } = parseChangeKey(
      { models: null, retention_days: null, expires_at: null, limits: { usd_per_day: 9 }, tenant_limits: {} },
      CALENDAR,
    );
    const changed = changeSettings(record, key);
    expect(changed).not.toHaveProperty('models');
    expect(changed).not.toHaveProperty('retentionDays');
    expect(changed).not.toHaveProperty('expiresAtMs');
    expect(changed.limits).toEqual({ usdDay: 9 });
    expect(tenantLimits).toEqual({});
  });

  it.each<[unknown, string]>([
    [{ tenant: 'other' }, 'tenant'],
    [{ id: 'key_1' }, 'id'],
    [{ revoked_at: null }, 'revoked_at'],
    [{ secrets: [] }, 'secrets'],
    [{ name: null }, 'name'],
    [{ expires_at: '2020-01-01T00:00:00Z' }, 'expires_at'],
  ])('%j is refused', (body, param) => {
    expect(faultOf(() => parseChangeKey(body, CALENDAR))).toMatchObject({ code: 'invalid_request', param });
  });
});

describe('the overlap of a rotation', () => {
  it('is a day unless it is said', () => {
    expect([parseRotateKey({}), parseRotateKey({ overlap_seconds: 0 }), parseRotateKey({ overlap_seconds: 2_592_000 })]).toEqual([86_400, 0, 2_592_000]);
  });

  it.each([-1, 1.5, 2_592_001, '60', null])('%j s is refused', (seconds) => {
    expect(faultOf(() => parseRotateKey({ overlap_seconds: seconds }))).toMatchObject({ code: 'invalid_request', param: 'overlap_seconds' });
  });
});
