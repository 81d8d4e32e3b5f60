import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../src/core/fault.ts';
import { ERROR_TABLE } from '../../src/error.ts';
import { ERROR_PAGES } from '../../src/http/error-page.ts';
import { sourcesOf, withoutComments } from './source.ts';

const PRODUCT = sourcesOf(['src', 'wasm', 'simulator']);
const ALL = sourcesOf(['src', 'wasm', 'simulator', 'test', 'scripts', 'bench']);

const LINES_MAX = 300;

describe('the house', () => {
  it('is all looked at', () => {
    expect(PRODUCT.length).toBeGreaterThan(60);
    expect(ALL.length).toBeGreaterThan(PRODUCT.length);
  });

  it('has kebab-case names', () => {
    // Generated code and type files of tools keep their own names.
    const odd = ALL.filter(({ path }) => !path.split('/').every((part) => /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/.test(part)));
    expect(odd.map(({ path }) => path)).toEqual([]);
  });

  it(`has no file above ${LINES_MAX} lines`, () => {
    const long = PRODUCT.map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length })).filter(({ lines }) => lines > LINES_MAX);
    expect(long).toEqual([]);
  });

  it('has no any', () => {
    const loose = PRODUCT.filter(({ text }) => /(:|\bas|<|,|\|)\s*any\b(?!['"`])(\[\])?\s*[;,)=>|{\n]/.test(withoutStrings(withoutComments(text))));
    expect(loose.map(({ path }) => path)).toEqual([]);
  });

  it('would see an any', () => {
    for (const code of ['let x: any;', 'x as any)', 'Promise<any>', 'Map<string, any>', '(a: any) => 1', 'let x: any[] = 1', 'x: string | any;']) {
      expect(/(:|\bas|<|,|\|)\s*any\b(?!['"`])(\[\])?\s*[;,)=>|{\n]/.test(code)).toBe(true);
    }
  });

  it('leaves nothing to be done', () => {
    const marks = new RegExp(`\\b(${['TO', 'FIX', 'X'].map((head, index) => head + ['DO', 'ME', 'XX'][index]).join('|')})\\b`);
    expect(ALL.filter(({ text }) => marks.test(text)).map(({ path }) => path)).toEqual([]);
  });

  it('silences no check of types', () => {
    const silencer = new RegExp(`@ts-(${['ignore', 'nocheck', 'expect-error'].join('|')})`);
    expect(PRODUCT.filter(({ text }) => silencer.test(text)).map(({ path }) => path)).toEqual([]);
  });
});

describe('the error codes', () => {
  const codes = Object.keys(ERROR_TABLE) as ErrorCode[];

  it('are those of the union, no more and no fewer', () => {
    const [fault] = sourcesOf(['src/core'], /\/fault\.ts$/);
    const union = /export type ErrorCode =([^;]+);/.exec(fault?.text ?? '')?.[1] ?? '';
    expect(codes.toSorted()).toEqual([...union.matchAll(/'([a-z_]+)'/g)].map((match) => match[1]).toSorted());
    expect(codes).toHaveLength(20);
  });

  it.each(codes)('have a page: %s', (code) => {
    expect(ERROR_PAGES[code].meaning).not.toBe('');
    expect(ERROR_PAGES[code].remedies.length).toBeGreaterThan(0);
  });

  it('have no page without a code', () => {
    expect(Object.keys(ERROR_PAGES).toSorted()).toEqual(codes.toSorted());
  });

  // The contract of the HTTP interface.
  it.each([
    ['invalid_request', 400],
    ['unauthorized', 401],
    ['budget_exceeded', 402],
    ['forbidden', 403],
    ['not_found', 404],
    ['idempotency_conflict', 409],
    ['body_too_large', 413],
    ['image_too_large', 413],
    ['unsupported_media_type', 415],
    ['image_undecodable', 422],
    ['image_unfetchable', 422],
    ['url_forbidden', 422],
    ['idempotency_mismatch', 422],
    ['rate_limited', 429],
    ['model_refused', 422],
    ['model_truncated', 422],
    ['upstream_error', 502],
    ['overloaded', 503],
    ['upstream_timeout', 504],
    ['internal', 500],
  ] as const)('have the status that they promise: %s is %i', (code, status) => {
    expect(ERROR_TABLE[code].status).toBe(status);
  });
});

/** Code without the contents of its strings, so that prose is not taken for types. */
function withoutStrings(code: string): string {
  return code.replace(/'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g, "''");
}
