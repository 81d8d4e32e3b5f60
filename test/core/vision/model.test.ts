import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findModel, listModels } from '../../../src/core/vision/model.ts';

/** Model overview and vision docs, 2026-10-08: tier, context window, image blocks a request. */
const PUBLISHED = [
  ['claude-haiku-5-5', 'high', 1_000_000, 600],
  ['claude-haiku-4-5', 'standard', 200_000, 100],
  ['claude-sonnet-5-5', 'high', 1_000_000, 600],
  ['claude-sonnet-5', 'high', 1_000_000, 600],
  ['claude-sonnet-4-6', 'standard', 1_000_000, 600],
  ['claude-sonnet-4-5', 'standard', 200_000, 100],
  ['claude-opus-5-5', 'high', 1_000_000, 600],
  ['claude-opus-5', 'high', 1_000_000, 600],
  ['claude-opus-4-8', 'high', 1_000_000, 600],
  ['claude-opus-4-7', 'high', 1_000_000, 600],
  ['claude-opus-4-6', 'standard', 1_000_000, 600],
  ['claude-opus-4-5', 'standard', 200_000, 100],
  ['claude-fable-5-1', 'high', 1_000_000, 600],
  ['claude-mythos-5-1', 'high', 1_000_000, 600],
  ['claude-fable-5', 'high', 1_000_000, 600],
  ['claude-mythos-5', 'high', 1_000_000, 600],
  ['claude-fable-5-2', 'high', undefined, 100],
  ['claude-mythos-5-2', 'high', undefined, 100],
] as const;

describe('the model table', () => {
  it.each(PUBLISHED)('has %s: tier %s, context %s, %i images', (id, tier, contextTokens, imagesMax) => {
    expect(findModel(id)).toMatchObject({ id, tier, contextTokens, imagesMax, isListed: true });
  });

  it('has no other rows', () => {
    expect(
      listModels()
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual(PUBLISHED.map(([id]) => id).toSorted());
  });

  it.each(['claude-haiku-5-5', 'claude-opus-5-5', 'claude-fable-5-1', 'claude-mythos-5-1'])('knows that %s thinks before it answers', (id) => {
    expect(findModel(id).thinks).toBe(true);
  });

  it.each(['claude-haiku-4-5', 'claude-sonnet-4-6', 'claude-opus-4-5'])('knows that %s answers at once', (id) => {
    expect(findModel(id).thinks).toBe(false);
  });
});

describe('a model id as callers write it', () => {
  it.each([
    ['claude-sonnet-4-5-20250929', 'claude-sonnet-4-5'],
    ['claude-opus-4-8-20260301', 'claude-opus-4-8'],
    ['claude-sonnet-5-20260801', 'claude-sonnet-5'],
    ['claude-haiku-4-5@20251001', 'claude-haiku-4-5'],
    ['claude-opus-5-5@latest', 'claude-opus-5-5'],
    ['anthropic.claude-haiku-5-5', 'claude-haiku-5-5'],
    ['anthropic/claude-opus-4-6', 'claude-opus-4-6'],
    ['us.anthropic.claude-sonnet-4-5-20250929-v1:0', 'claude-sonnet-4-5'],
    ['eu.anthropic.claude-opus-4-6-v1', 'claude-opus-4-6'],
    ['arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-haiku-4-5-20251001-v1:0', 'claude-haiku-4-5'],
    ['publishers/anthropic/models/claude-opus-5@20260710', 'claude-opus-5'],
  ])('%s is %s', (written, id) => {
    expect(findModel(written)).toEqual(findModel(id));
    expect(findModel(written).isListed).toBe(true);
  });

  it.each([
    ['claude-sonnet-4-6-1', 'standard'],
    ['claude-sonnet-4-9', 'high'],
    ['claude-haiku-4-7', 'high'],
    ['claude-haiku-4-6', 'standard'],
    ['claude-opus-4-20250514', 'standard'],
    ['claude-opus-6', 'high'],
    ['claude-sonnet-10-1', 'high'],
    ['claude-opus-5-123', 'standard'],
    ['claude-3-5-sonnet-20241022', 'standard'],
    ['claude-3-haiku-20240307', 'standard'],
    ['not-claude-opus-5', 'standard'],
    ['claude-opus-5; drop', 'standard'],
    ['gpt-7', 'standard'],
    ['__proto__', 'standard'],
    ['constructor', 'standard'],
    ['', 'standard'],
  ])('%s is not in the table: tier %s, no price', (id, tier) => {
    expect(findModel(id)).toEqual({ id, tier, contextTokens: undefined, imagesMax: 100, price: undefined, thinks: findModel(id).thinks, isListed: false });
  });

  it('of any form gives a model that can be planned for, and no price is guessed', () => {
    fc.assert(
      fc.property(fc.string(), (id) => {
        const model = findModel(id);
        expect(['standard', 'high']).toContain(model.tier);
        if (!model.isListed) expect(model.price).toBeUndefined();
      }),
    );
  });
});

describe('what the operator says about a model', () => {
  it('wins over the table, field by field', () => {
    const model = findModel('claude-haiku-4-5', { 'claude-haiku-4-5': { tier: 'high' } });
    expect(model).toEqual({ ...findModel('claude-haiku-4-5'), tier: 'high' });
  });

  it('counts for the same model with prefix and date', () => {
    expect(findModel('us.anthropic.claude-haiku-4-5-20251001', { 'claude-haiku-4-5': { imagesMax: 20 } }).imagesMax).toBe(20);
  });

  it('of an id exactly as written wins over that of its family', () => {
    const overrides = { 'claude-haiku-4-5': { imagesMax: 20 }, 'anthropic.claude-haiku-4-5': { imagesMax: 30 } };
    expect(findModel('anthropic.claude-haiku-4-5', overrides).imagesMax).toBe(30);
    expect(findModel('claude-haiku-4-5', overrides).imagesMax).toBe(20);
  });

  it('adds models to the list, with their price', () => {
    const price = { base: { input: 7, output: 8, cacheRead: 9 } };
    const models = listModels({ 'claude-next-9': { tier: 'standard', price } });
    expect(models).toHaveLength(PUBLISHED.length + 1);
    expect(models.at(-1)).toMatchObject({ id: 'claude-next-9', tier: 'standard', price, isListed: false });
  });

  it('about another model changes nothing', () => {
    expect(findModel('claude-opus-5', { 'claude-haiku-4-5': { tier: 'high' } })).toEqual(findModel('claude-opus-5'));
  });
});
