import { describe, expect, it } from 'vitest';
import { FRESH_SECONDS_MAX, freshnessOf, type OriginHeaders, validatorsOf } from '../../../src/core/keep/freshness.ts';

const NOW_MS = Date.UTC(2026, 10, 21, 12);

function said(headers: Partial<OriginHeaders> = {}): OriginHeaders {
  const silent = {
    cacheControl: undefined,
    vary: undefined,
    etag: undefined,
    lastModified: undefined,
    lastModifiedMs: undefined,
    dateMs: undefined,
    expiresMs: undefined,
    ageSeconds: undefined,
  };
  return { ...silent, ...headers };
}

/** Seconds from now on; `undefined` when nothing may be kept. */
function freshSeconds(...hops: Partial<OriginHeaders>[]): number | undefined {
  const freshness = freshnessOf(hops.map(said), NOW_MS);
  return freshness === undefined ? undefined : (freshness.freshUntilMs - NOW_MS) / 1000;
}

describe('freshness', () => {
  it.each<[string, Partial<OriginHeaders>, number | undefined]>([
    ['nothing said', {}, 0],
    ['max-age', { cacheControl: 'max-age=600' }, 600],
    ['any case and space', { cacheControl: ' PUBLIC ,Max-Age = 600' }, 600],
    ['a quoted number', { cacheControl: 'max-age="600"' }, 600],
    ['private, since the cache is one of a tenant', { cacheControl: 'private, max-age=600' }, 600],
    ['must-revalidate, since nothing stale is used', { cacheControl: 'must-revalidate, max-age=600' }, 600],
    ['s-maxage, which is for shared caches', { cacheControl: 's-maxage=900' }, 0],
    ['no-cache', { cacheControl: 'no-cache, max-age=600' }, 0],
    ['no-cache for a field', { cacheControl: 'no-cache="set-cookie, x", max-age=600' }, 0],
    ['no-store', { cacheControl: 'max-age=600, no-store' }, undefined],
    ['no-store inside a quoted string', { cacheControl: 'max-age=600, x="no-store"' }, 600],
    ['several max-age', { cacheControl: 'max-age=600, max-age=60' }, 60],
    ['a negative number', { cacheControl: 'max-age=-1' }, -0],
    ['no number', { cacheControl: 'max-age=soon' }, 0],
    ['no value', { cacheControl: 'max-age' }, 0],
    ['a number too long', { cacheControl: `max-age=${'9'.repeat(11)}` }, 0],
    ['just below the bound', { cacheControl: `max-age=${FRESH_SECONDS_MAX - 1}` }, FRESH_SECONDS_MAX - 1],
    ['the bound', { cacheControl: `max-age=${FRESH_SECONDS_MAX}` }, FRESH_SECONDS_MAX],
    ['above the bound', { cacheControl: `max-age=${FRESH_SECONDS_MAX + 1}, immutable` }, FRESH_SECONDS_MAX],
    ['an age', { cacheControl: 'max-age=600', ageSeconds: 100 }, 500],
    ['a date some time ago', { cacheControl: 'max-age=600', dateMs: NOW_MS - 50_000 }, 550],
    ['an age beside an older date', { cacheControl: 'max-age=600', ageSeconds: 100, dateMs: NOW_MS - 200_000 }, 400],
    ['a date in the future', { cacheControl: 'max-age=600', dateMs: NOW_MS + 50_000 }, 600],
    ['an age beyond the lifetime', { cacheControl: 'max-age=600', ageSeconds: 700 }, -100],
    ['Expires', { expiresMs: NOW_MS + 60_000, dateMs: NOW_MS }, 60],
    ['Expires without a date', { expiresMs: NOW_MS + 60_000 }, 60],
    ['Expires by a server whose clock is ahead', { expiresMs: NOW_MS + 360_000, dateMs: NOW_MS + 300_000 }, 60],
    ['an invalid Expires', { expiresMs: 0 }, 0],
    ['Expires beside max-age, which wins', { expiresMs: NOW_MS + 60_000, cacheControl: 'max-age=5' }, 5],
    ['Vary by what all our requests have alike', { cacheControl: 'max-age=600', vary: 'Accept, Accept-Encoding' }, 600],
    ['Vary: *', { cacheControl: 'max-age=600', vary: 'accept, *' }, 0],
  ])('with %s', (_, headers, seconds) => {
    const fresh = freshSeconds(headers);
    if (seconds === undefined) expect(fresh).toBeUndefined();
    else expect(fresh).toBeCloseTo(seconds, 3);
  });

  it.each<[string, Partial<OriginHeaders>[], number | undefined]>([
    ['a redirect that says nothing', [{}, { cacheControl: 'max-age=600' }], 0],
    ['a redirect that holds longer', [{ cacheControl: 'max-age=900' }, { cacheControl: 'max-age=600' }], 600],
    ['a redirect that holds shorter', [{ cacheControl: 'max-age=60' }, { cacheControl: 'max-age=600' }], 60],
    ['a redirect that may not be kept', [{ cacheControl: 'no-store' }, { cacheControl: 'max-age=600' }], undefined],
    ['a picture that may not be kept', [{ cacheControl: 'max-age=60' }, { cacheControl: 'no-store' }], undefined],
  ])('ends with the first hop: %s', (_, hops, seconds) => {
    expect(freshSeconds(...hops)).toBe(seconds);
  });

  it.each<[string, Partial<OriginHeaders>, number]>([
    ['says nothing, and renews what was stated', {}, 300],
    ['states another lifetime', { cacheControl: 'max-age=10' }, 10],
    ['has directives without a lifetime', { cacheControl: 'public' }, 0],
    ['takes it back', { cacheControl: 'no-cache' }, 0],
  ])('a 304 that %s', (_, headers, seconds) => {
    expect(freshnessOf([said(headers)], NOW_MS, 300)).toEqual({ freshUntilMs: NOW_MS + seconds * 1000, lifetimeSeconds: seconds });
  });
});

describe('validators', () => {
  const FROM = 'a'.repeat(64);
  const DATE = { lastModified: 'Sat, 21 Nov 2026 11:00:00 GMT', lastModifiedMs: NOW_MS - 3_600_000 };

  it.each<[string, Partial<OriginHeaders>, object | undefined]>([
    ['none', {}, undefined],
    ['a strong tag', { etag: '"a1"' }, { etag: '"a1"' }],
    ['a weak tag, by which If-None-Match compares', { etag: 'W/"a1"' }, { etag: 'W/"a1"' }],
    ['a tag without quotes', { etag: 'a1' }, undefined],
    ['a tag with a space', { etag: '"a 1"' }, undefined],
    ['a tag of 256 characters', { etag: `"${'a'.repeat(254)}"` }, { etag: `"${'a'.repeat(254)}"` }],
    ['a tag of 257 characters', { etag: `"${'a'.repeat(255)}"` }, undefined],
    ['a date', DATE, { lastModified: DATE.lastModified }],
    ['both', { ...DATE, etag: '"a1"' }, { etag: '"a1"', lastModified: DATE.lastModified }],
    ['a date that is none', { lastModified: 'yesterday' }, undefined],
    ['a date 999 ms before the answer', { ...DATE, lastModifiedMs: NOW_MS - 999 }, undefined],
    ['a date 1,000 ms before the answer', { ...DATE, lastModifiedMs: NOW_MS - 1_000 }, { lastModified: DATE.lastModified }],
    ['a date after the answer', { ...DATE, dateMs: NOW_MS - 7_200_000 }, undefined],
  ])('of an answer with %s', (_, headers, expected) => {
    expect(validatorsOf(said(headers), FROM, NOW_MS)).toEqual(expected === undefined ? undefined : { from: FROM, ...expected });
  });
});
