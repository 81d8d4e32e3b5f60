import { describe, expect, it } from 'vitest';
import { requestHeaders, responseHeaders } from '../../../src/core/relay/header.ts';
import { readRelayOptions } from '../../../src/core/relay/options.ts';
import { checkImageCount, chooseFiles, isManyImageRequest, planSummary } from '../../../src/core/relay/plan.ts';
import { findModel } from '../../../src/core/vision/model.ts';
import { valueOrCode } from '../outcome.ts';

describe('the number of images', () => {
  it.each([
    ['claude-haiku-5-5', undefined, 600, undefined],
    ['claude-haiku-5-5', undefined, 601, 'invalid_request'],
    ['claude-haiku-4-5', undefined, 100, undefined],
    ['claude-haiku-4-5', undefined, 101, 'invalid_request'],
    ['claude-haiku-5-5', 20, 20, undefined],
    ['claude-haiku-5-5', 20, 21, 'invalid_request'],
  ])('%s, of a provider with %s: %i is %s', (model, providerMax, images, expected) => {
    expect(valueOrCode(() => checkImageCount(images, findModel(model), providerMax))).toBe(expected);
  });

  it('is many above twenty', () => {
    expect([19, 20, 21].map(isManyImageRequest)).toEqual([false, false, true]);
  });
});

describe('what leaves the body', () => {
  it.each([
    ['nothing, when it fits exactly', 100, 100, [50], []],
    ['the largest alone, where that is enough', 120, 100, [10, 30, 20], [1]],
    ['the two largest, in the order of the body', 150, 100, [10, 30, 20], [1, 2]],
    ['no image that cannot leave', 120, 100, [0, -5, 20], [2]],
    ['nothing helps', 200, 100, [10, 30, 20], undefined],
    ['there is nothing', 101, 100, [], undefined],
  ])('%s', (_, bodyBytes, bodyBytesMax, saved, expected) => {
    expect(chooseFiles(bodyBytes, bodyBytesMax, saved)).toEqual(expected);
  });
});

describe('the summary', () => {
  it('counts, and knows no sum where one image is not known', () => {
    const fate = { transform: 'resized', via: 'base64', imageTokens: 5 } as const;
    expect(planSummary([fate, { ...fate, transform: 'none', via: 'file' }], { received: 9, sent: 8 })).toEqual({
      images: 2, untouched: 1, retyped: 0, resized: 1, reencoded: 0, base64: 1, url: 0, file: 1, image_tokens: 10, max_side_px: null, bytes_received: 9, bytes_sent: 8,
    }); // prettier-ignore
    expect(planSummary([fate, { transform: 'none', via: 'url', imageTokens: undefined }], { received: 1, sent: 1 }).image_tokens).toBe(null);
    expect(planSummary([], { received: 1, sent: 1 }).image_tokens).toBe(0);
  });
});

describe('headers', () => {
  it('get a version where there is none, and keep the one there is', () => {
    expect(requestHeaders([['Accept', 'text/html']])).toEqual([
      ['accept', 'text/html'],
      ['anthropic-version', '2026-10-21'],
      ['content-type', 'application/json'],
    ]);
    expect(requestHeaders([['Anthropic-Version', '2023-06-01']])).toContainEqual(['anthropic-version', '2023-06-01']);
  });

  it.each(['Set-Cookie', 'Connection', 'Transfer-Encoding', 'Content-Length', 'Content-Encoding', 'Anthropic-Organization-Id', 'X-Api-Key', 'Server'])(
    '%s never comes back',
    (name) => {
      expect(responseHeaders([[name, 'x']])).toEqual([]);
    },
  );
});

describe('the options of a caller', () => {
  it('have defaults that leave the API as it is', () => {
    expect(readRelayOptions(() => undefined)).toEqual({ source: 'auto', cache: 'bypass', onDisconnect: 'cancel' });
    expect(readRelayOptions(() => ' ')).toEqual(readRelayOptions(() => undefined));
  });

  it('are read in any case', () => {
    const given: Record<string, string> = { 'x-vignette-source': 'URL', 'x-vignette-cache': ' only', 'x-vignette-on-disconnect': 'Finish' };
    expect(readRelayOptions((name) => given[name])).toEqual({ source: 'url', cache: 'only', onDisconnect: 'finish' });
  });
});
