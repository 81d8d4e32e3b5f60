import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8Length } from '../../../src/core/message/utf8-length.ts';
import { costMaxNanoUsd, costNanoUsd, costOf, estimateTextTokens, nanoUsdOf, priceFor, textTokensMax, usdOf } from '../../../src/core/vision/cost.ts';
import { findModel, MODELS } from '../../../src/core/vision/model.ts';
import { imageTokens, nativeSize } from '../../../src/core/vision/native-size.ts';
import { TIERS } from '../../../src/core/vision/tier.ts';

function usage(inputTokens: number, outputTokens = 0, cacheCreationInputTokens = 0, cacheReadInputTokens = 0) {
  return { inputTokens, outputTokens, cacheCreationInputTokens, cacheReadInputTokens };
}

describe('the cost of a call', () => {
  // By hand from the price list of 2026-10-08: 10,000 in, 1,000 out, 2,000 written to the prompt cache (1.25 times), 4,000 read from it.
  it.each([
    ['claude-haiku-5-5', 0.00179], // 1,000 + 250 + 40 + 500
    ['claude-haiku-4-5', 0.0179], // 10,000 + 2,500 + 400 + 5,000
    ['claude-sonnet-5-5', 0.0354], // 20,000 + 5,000 + 400 + 10,000
    ['claude-sonnet-5', 0.0358], // 20,000 + 5,000 + 800 + 10,000
    ['claude-sonnet-4-6', 0.0537], // 30,000 + 7,500 + 1,200 + 15,000
    ['claude-sonnet-4-5', 0.0537],
    ['claude-opus-5-5', 0.0708], // 40,000 + 10,000 + 800 + 20,000
    ['claude-opus-5', 0.0895], // 50,000 + 12,500 + 2,000 + 25,000
    ['claude-opus-4-8', 0.0895],
    ['claude-opus-4-7', 0.0895],
    ['claude-opus-4-6', 0.0895],
    ['claude-opus-4-5', 0.0895],
    ['claude-fable-5-1', 0.176], // 100,000 + 25,000 + 1,000 + 50,000
    ['claude-mythos-5-1', 0.176],
    ['claude-fable-5', 0.179], // 100,000 + 25,000 + 4,000 + 50,000
    ['claude-mythos-5', 0.179],
    ['claude-fable-5-2', undefined],
    ['claude-mythos-5-2', undefined],
    ['some-model-of-tomorrow', undefined],
  ])('on %s is US$ %s', (id, expected) => {
    expect(costOf(findModel(id), usage(10_000, 1_000, 2_000, 4_000))).toBe(expected);
  });

  it.each([
    ['below the band', usage(99_999, 1_000), 0.0104999],
    ['at the band', usage(100_000, 1_000), 0.0105],
    ['one token above it', usage(100_001, 1_000), 0.0525005],
    ['at the band with its cached parts', usage(60_000, 0, 20_000, 20_000), 0.0087],
    ['above it by its cached parts', usage(60_000, 0, 20_000, 20_001), 0.04350005],
  ])('on claude-haiku-5-5 follows the whole prompt: %s', (_, tokens, expected) => {
    expect(costOf(findModel('claude-haiku-5-5'), tokens)).toBe(expected);
  });

  it('changes band at exactly 100,000 tokens, for that model alone', () => {
    expect(priceFor(findModel('claude-haiku-5-5'), 100_000)).toEqual({ input: 0.1, output: 0.5, cacheRead: 0.01 });
    expect(priceFor(findModel('claude-haiku-5-5'), 100_001)).toEqual({ input: 0.5, output: 2.5, cacheRead: 0.05 });
    expect(priceFor(findModel('claude-sonnet-5-5'), 900_000)).toEqual({ input: 2, output: 10, cacheRead: 0.1 });
  });

  // Vision docs 2026-08: what 1,000 pictures of 4032x3024 cost.
  it.each([
    ['claude-haiku-5-5', '0.47'],
    ['claude-sonnet-5-5', '9.48'],
    ['claude-opus-5-5', '18.96'],
  ])('of 1,000 photographs of 4032 x 3024 px on %s is the documented US$ %s', (id, expected) => {
    const model = findModel(id);
    const tokens = imageTokens(nativeSize({ width: 4032, height: 3024 }, TIERS[model.tier]));
    expect(((costOf(model, usage(tokens)) ?? Number.NaN) * 1_000).toFixed(2)).toBe(expected);
  });

  it('of nothing is nothing', () => {
    expect(costOf(findModel('claude-opus-5-5'), usage(0))).toBe(0);
  });
});

describe('the cost of cache writes and batches', () => {
  // By hand: 1,000,000 tokens in each part, so that the figures are those of the price list.
  const M = 1_000_000;
  it.each([
    ['claude-sonnet-5-5', { cacheCreationInputTokens: M }, 2.5],
    ['claude-sonnet-5-5', { cacheCreationInputTokens: M, cacheCreation1hInputTokens: M }, 4],
    ['claude-sonnet-5-5', { cacheCreationInputTokens: M, cacheCreation1hInputTokens: M / 4 }, 2.875],
    ['claude-sonnet-5-5', { cacheCreationInputTokens: M / 4, cacheCreation1hInputTokens: M }, 1],
    ['claude-haiku-5-5', { cacheCreationInputTokens: 100_000, cacheCreation1hInputTokens: 100_000 }, 0.02],
    ['claude-haiku-5-5', { cacheCreationInputTokens: 100_001, cacheCreation1hInputTokens: 100_001 }, 0.100001],
    ['claude-haiku-5-5', { cacheReadInputTokens: 100_000 }, 0.001],
    ['claude-haiku-5-5', { cacheReadInputTokens: 100_001 }, 0.00500005],
  ])('on %s of %j is US$ %s', (id, part, expected) => {
    expect(costOf(findModel(id), { ...usage(0), ...part })).toBe(expected);
  });

  it('is halved in a batch, in every part', () => {
    const parts = { ...usage(10_000, 1_000, 2_000, 4_000), cacheCreation1hInputTokens: 2_000 };
    // 20,000 + 8,000 + 400 + 10,000
    expect(costOf(findModel('claude-sonnet-5-5'), parts)).toBe(0.0384);
    expect(costOf(findModel('claude-sonnet-5-5'), parts, { isBatch: true })).toBe(0.0192);
  });

  it('is a whole number of nano-US$ for one token at any list price, and rounded up where a price is finer', () => {
    for (const { price } of MODELS) {
      for (const band of [price?.base, price?.long?.price]) {
        for (const perMillion of band === undefined ? [] : [band.input, band.output, band.cacheRead]) expect((perMillion * 1000) % 1).toBe(0);
      }
    }
    const fine = findModel('m', { m: { price: { base: { input: 0.0001, output: 0.0001, cacheRead: 0 } } } });
    expect(costNanoUsd(fine, usage(1))).toBe(1);
    expect(costNanoUsd(fine, usage(11))).toBe(2);
  });

  it('is shown as the decimal number that it is', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000_000), (nanoUsd) => {
        expect(nanoUsdOf(usdOf(nanoUsd))).toBe(nanoUsd);
        expect(String(usdOf(nanoUsd))).not.toMatch(/\d{10,}/);
      }),
    );
  });
});

describe('the most that a call can cost', () => {
  const cheaperLong = {
    m: { price: { base: { input: 2, output: 2, cacheRead: 0 }, long: { aboveInputTokens: 1_000, price: { input: 1, output: 1, cacheRead: 0 } } } },
  };

  it.each([
    ['claude-sonnet-5-5', 1_000, 100, undefined, 3_000_000],
    ['claude-sonnet-5-5', 1_000, 100, '5m' as const, 3_500_000],
    ['claude-sonnet-5-5', 1_000, 100, '1h' as const, 5_000_000],
    ['claude-haiku-5-5', 100_000, 1_000, undefined, 10_500_000],
    ['claude-haiku-5-5', 100_001, 1_000, undefined, 52_500_500],
    ['claude-fable-5-2', 1_000, 100, undefined, undefined],
  ])('on %s with %i in, %i out, written to the cache for %s, is %s nano-US$', (id, inputTokensMax, outputTokensMax, cacheWrite, expected) => {
    expect(costMaxNanoUsd(findModel(id), { inputTokensMax, outputTokensMax, ...(cacheWrite === undefined ? {} : { cacheWrite }) })).toBe(expected);
  });

  it('is never below what a call within the bounds costs, in any band', () => {
    const models = [...MODELS.filter(({ price }) => price !== undefined), findModel('m', cheaperLong)];
    const part = fc.nat(120_000);
    fc.assert(
      fc.property(fc.constantFrom(...models), part, part, part, part, part, (model, inputTokens, written, written1h, read, outputTokens) => {
        const used = {
          inputTokens,
          outputTokens,
          cacheCreationInputTokens: written,
          cacheCreation1hInputTokens: Math.min(written1h, written),
          cacheReadInputTokens: read,
        };
        const cacheWrite = written === 0 ? 'none' : used.cacheCreation1hInputTokens === 0 ? '5m' : '1h';
        const most = costMaxNanoUsd(model, { inputTokensMax: inputTokens + written + read, outputTokensMax: outputTokens, cacheWrite });
        expect(costNanoUsd(model, used)).toBeLessThanOrEqual(most ?? -1);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('tokens of text', () => {
  it('are at most its bytes and what the API adds', () => {
    expect(textTokensMax(0)).toBe(1_024);
    expect(textTokensMax(1_000)).toBe(2_024);
  });

  it.each([
    ['', 0],
    ['abc', 1],
    ['abcd', 1],
    ['abcde', 2],
    ['ääää', 2],
    ['日本', 2],
  ])('of %j are estimated from its UTF-8 bytes as %i', (text, expected) => {
    expect(estimateTextTokens(utf8Length(text))).toBe(expected);
  });
});
