import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { purgeBodySchema } from '../../src/core/cache/purge.ts';
import { describeBodySchema } from '../../src/core/input/body-schema.ts';
import { createKeyBodySchema, rotateKeyBodySchema } from '../../src/core/key/settings.ts';
import { readBySchema, type Schema } from '../../src/core/schema-fault.ts';
import { faultOf } from './outcome.ts';

const SECRET = `vgn_${'0123456789abcdef'.repeat(3)}`;
const PICTURE = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ';

/** What is said of each fault of a value, by its place. */
function said(schema: Schema<unknown>, value: unknown): Record<string, string> {
  return Object.fromEntries(faultOf(() => readBySchema(schema, value)).errors.map(({ param, detail }) => [param, detail]));
}

describe('a fault of a request is told with value and bound', () => {
  it.each<[string, unknown, string]>([
    ['max_tokens', 0, '"max_tokens" is 0; it must be from 1 to 16000.'],
    ['max_tokens', 16_001, '"max_tokens" is 16001; it must be from 1 to 16000.'],
    ['max_tokens', 1e30, '"max_tokens" is 1e+30; it must be from 1 to 16000.'],
    ['max_tokens', 1.5, '"max_tokens" is 1.5; it must be a whole number from 1 to 16000.'],
    ['max_tokens', Infinity, '"max_tokens" is beyond what a number can hold; it must be a number from 1 to 16000.'],
    ['max_tokens', '5', '"max_tokens" must be a number from 1 to 16000, not "5".'],
    ['max_tokens', '', '"max_tokens" must be a number from 1 to 16000, not "".'],
    ['max_tokens', null, '"max_tokens" must be a number from 1 to 16000, not null.'],
    ['max_tokens', [5], '"max_tokens" must be a number from 1 to 16000, not a list.'],
    ['max_cost_usd', -1, '"max_cost_usd" is -1; it must be at least 0.'],
    ['fields', [], '"fields" is empty; it must have at least 1 entry.'],
    ['fields', 'alt_text', '"fields" must be a list, not "alt_text".'],
    ['languages', [], '"languages" is empty; it must have from 1 to 8 entries.'],
    ['languages', 'abcdefghi'.split('').map((letter) => `e${letter}`), '"languages" has 9 entries; it must have from 1 to 8 entries.'],
    ['detail', 'low', '"detail" is "low"; it must be one of "auto", "standard", "high".'],
    ['detail', 5, '"detail" is 5; it must be one of "auto", "standard", "high".'],
    ['detail', '', '"detail" is empty; it must be one of "auto", "standard", "high".'],
    ['model', 'a b', '"model" is "a b"; it must be a model id such as "claude-haiku-5-5".'],
    ['prompt', ' ', '"prompt" is empty; it must have from 1 to 16000 characters.'],
    ['prompt', 'x'.repeat(16_001), '"prompt" has 16001 characters; it must have from 1 to 16000 characters.'],
    ['prompt', 5, '"prompt" must be a text, not 5.'],
    ['context', [], '"context" must be an object, not a list.'],
    ['near_duplicate', {}, '"near_duplicate.max_distance" is missing.'],
    ['near_duplicate', { max_distance: 13 }, '"near_duplicate.max_distance" is 13; it must be from 0 to 12.'],
    ['near_duplicate', { max_distance: 1, include_prompts: 'yes' }, '"near_duplicate.include_prompts" must be true or false, not "yes".'],
    ['near_duplicate', { max_distance: 1, x: 1 }, 'There is no field "near_duplicate.x" here. Check the spelling.'],
    ['x', 1, 'There is no field "x" here. Check the spelling.'],
  ])('%s: %j', (name, value, sentence) => {
    expect(Object.values(said(describeBodySchema, { [name]: value }))).toEqual([sentence]);
  });

  it.each<[string, unknown, string, string]>([
    ['an entry of a list', { fields: ['alt_text', 'foo'] }, 'fields.1', '"fields[1]" is "foo"; it must be one of "alt_text", "caption", "description".'],
    ['a language', { languages: ['e n'] }, 'languages.0', '"languages[0]" is "e n"; it must be a language tag such as "en" or "pt-BR".'],
    ['an address', { images: [{ url: '' }] }, 'images.0.url', '"images[0].url" is empty; it must have from 1 to 8000 characters.'],
    [
      'an image of two kinds',
      { image: { url: 'u', base64: 'b' } },
      'image',
      '"image" must be an object with exactly one of "url", "base64" and "image_id", as text.',
    ],
    ['a list', [], 'body', 'The body must be an object, not a list.'],
    ['nothing', undefined, 'body', 'The body is missing.'],
  ])('%s', (_, body, param, sentence) => {
    expect(said(describeBodySchema, body)).toEqual({ [param]: sentence });
  });
});

describe('a fault of a key is told with value and bound', () => {
  it.each<[string, unknown, string]>([
    ['name', '', '"name" is empty; it must have from 1 to 100 characters.'],
    ['name', 'a\nb', '"name" is "a\u{fffd}b"; it must have no control characters.'],
    ['tenant', undefined, '"tenant" is missing.'],
    ['tenant', 'a b', '"tenant" is "a b"; it must have 1 to 64 letters, digits, "_" or "-".'],
    ['limits', { requests_per_minute: 1e30 }, '"limits.requests_per_minute" is 1e+30; it must be from 1 to 1000000.'],
    ['limits', { usd_per_day: -0.5 }, '"limits.usd_per_day" is -0.5; it must be from 0 to 1000000.'],
    ['scopes', ['root'], '"scopes[0]" is "root"; it must be one of "describe", "estimate", "images", "jobs", "messages", "admin".'],
    ['retention_days', 0, '"retention_days" is 0; it must be from 1 to 3650.'],
    ['expires_at', '2027-01-31', '"expires_at" is "2027-01-31"; it must be a time such as 2027-01-31T00:00:00Z.'],
    ['expires_at', 5, '"expires_at" is 5; it must be a time such as 2027-01-31T00:00:00Z.'],
  ])('%s: %j', (name, value, sentence) => {
    expect(Object.values(said(createKeyBodySchema, { tenant: 'shop', [name]: value }))).toEqual([sentence]);
  });

  it('and so is one of a rotation and of a purge', () => {
    expect(said(rotateKeyBodySchema, { overlap_seconds: '60' })).toEqual({
      overlap_seconds: '"overlap_seconds" must be a number from 0 to 2592000, not "60".',
    });
    expect(said(purgeBodySchema, { scope: 'tenant' })).toEqual({ scope: '"scope" is "tenant"; it must be "public".' });
    // Nothing bounds it but what a number holds exactly.
    expect(said(z.strictObject({ count: z.int().min(1) }), { count: 1e30 })).toEqual({ count: '"count" is 1e+30; it must be from 1 to 9007199254740991.' });
  });
});

describe('what is shown of a value', () => {
  it('has 40 characters at most, and no half of one', () => {
    expect(said(describeBodySchema, { detail: 'x'.repeat(40) })['detail']).toContain(`"${'x'.repeat(40)}";`);
    expect(said(describeBodySchema, { detail: 'x'.repeat(41) })['detail']).toContain(`"${'x'.repeat(40)}…";`);
    expect(said(describeBodySchema, { detail: '🐦'.repeat(5_000) })['detail']).toContain(`"${'🐦'.repeat(40)}…";`);
    expect(said(describeBodySchema, { ['y'.repeat(1_000)]: 1 })['y'.repeat(1_000)]).toBe(`There is no field "${'y'.repeat(40)}…" here. Check the spelling.`);
  });

  it('moves no text around it', () => {
    expect(said(describeBodySchema, { detail: 'a\u{202e}\u{1b}[31m' })['detail']).toContain('"a\u{fffd}\u{fffd}[31m"');
  });

  it.each<[string, Schema<unknown>, unknown]>([
    ['a picture where a reference belongs', describeBodySchema, { image: PICTURE }],
    ['a picture in a list', describeBodySchema, { images: [PICTURE] }],
    ['a picture as a data URI', describeBodySchema, { model: `data:image/png;base64,${PICTURE}` }],
    ['a key in a field of another kind', createKeyBodySchema, { tenant: `${SECRET} ` }],
    ['a key of Anthropic', describeBodySchema, { model: 'sk-ant-api03 0123456789abcdef' }],
    ['a key that somebody brings', createKeyBodySchema, { tenant: 'shop', secret: SECRET }],
    ['a prompt of another type', z.strictObject({ prompt: z.int() }), { prompt: 'vgn 0123456789abcdef' }],
  ])('is never %s', (_, schema, value) => {
    expect(JSON.stringify(said(schema, value))).not.toMatch(/iVBOR|0123456789abcdef/);
  });
});

describe('several faults', () => {
  it('of one value are told once', () => {
    expect(said(createKeyBodySchema, { tenant: 'shop', name: '\n'.repeat(101) })).toEqual({
      name: '"name" has 101 characters; it must have from 1 to 100 characters.',
    });
  });

  it('of several are all told, and the first speaks for them', () => {
    const fault = faultOf(() => readBySchema(createKeyBodySchema, { name: '', colour: 1, limits: { usd_per_day: -1 } }));
    expect(fault.errors.map(({ param }) => param)).toEqual(['tenant', 'name', 'limits.usd_per_day', 'colour']);
    expect(fault).toMatchObject({ code: 'invalid_request', param: 'tenant', message: '"tenant" is missing. (and 3 more, see "errors")' });
  });
});
