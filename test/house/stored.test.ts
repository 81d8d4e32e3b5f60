/** Prefixes and versions of what is kept stand once, and the page about storage names each. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as version from '../../src/core/stored/version.ts';
import { sourcesOf, withoutComments } from './source.ts';

const PREFIXES = Object.entries(version).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as const] : []));
const SRC = sourcesOf(['src', 'scripts'], /\.(ts|mjs)$/);

describe('what is kept', () => {
  it('has a version in the name of every record', () => {
    expect(PREFIXES.length).toBeGreaterThan(7);
    expect(PREFIXES.filter(([, prefix]) => !/(^|[:/])v\d+[:/]$/.test(prefix))).toEqual([]);
    expect(new Set(PREFIXES.map(([, prefix]) => prefix)).size).toBe(PREFIXES.length);
  });

  it.each(PREFIXES)('%s is spelled in one place alone', (_name, prefix) => {
    const spelled = SRC.filter(({ path, text }) => path !== 'src/core/stored/version.ts' && new RegExp(`['"\`]${prefix}`).test(withoutComments(text)));
    expect(spelled.map(({ path }) => path)).toEqual([]);
  });

  it.each(PREFIXES)('%s stands in the page about storage', (_name, prefix) => {
    expect(readFileSync('docs/reference/storage.md', 'utf8')).toContain(`\`${prefix}`);
  });
});
