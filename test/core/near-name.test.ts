import { describe, expect, it } from 'vitest';
import { describeBodySchema } from '../../src/core/input/body-schema.ts';
import { nearName } from '../../src/core/near-name.ts';
import { readBySchema } from '../../src/core/schema-fault.ts';
import { faultOf } from './outcome.ts';

const KNOWN = Object.keys(describeBodySchema.shape);

describe('an unknown name', () => {
  it.each([
    ['lang', 'languages'],
    ['language', 'languages'],
    ['langauges', 'languages'],
    ['Fields', 'fields'],
    ['field', 'fields'],
    ['maxLength', 'max_length'],
    ['max-tokens', 'max_tokens'],
    ['max_tokens_to_sample', 'max_tokens'],
    ['promt', 'prompt'],
    ['modle', 'model'],
    ['image_url', 'image'],
    ['near_duplicates', 'near_duplicate'],
  ])('is taken for the one that was meant: %s for %s', (name, meant) => {
    expect(nearName(name, KNOWN)).toBe(meant);
  });

  it.each(['x', '', '_', 'url', 'max', 'temperature', 'stream', 'la', '🐦', 'image'.repeat(9)])('is left alone where none is near: %j', (name) => {
    expect(nearName(name, KNOWN)).toBeUndefined();
  });

  it('is answered with the name that was meant, where it stands', () => {
    const errorsOf = (body: unknown) => faultOf(() => readBySchema(describeBodySchema, body)).errors.map(({ detail }) => detail);
    expect(errorsOf({ lang: 'de' })).toEqual(['There is no field "lang" here. Did you mean "languages"? Check the spelling.']);
    expect(errorsOf({ near_duplicate: { max_distance: 1, maxDistance: 1 } })).toEqual([
      'There is no field "near_duplicate.maxDistance" here. Did you mean "max_distance"? Check the spelling.',
    ]);
    expect(errorsOf({ zzz: 1 })).toEqual(['There is no field "zzz" here. Check the spelling.']);
  });

  it('among thousands is compared only at the beginning of the list', () => {
    const many = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`languages${index}`, 1]));
    const hinted = faultOf(() => readBySchema(describeBodySchema, many)).errors.filter(({ detail }) => detail.includes('Did you mean "languages"?'));
    expect(hinted).toHaveLength(20);
  });
});
