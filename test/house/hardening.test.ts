/** What the product must not use, and what its deployment must not lose: each would be missed by no other test. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sourcesOf, withoutComments } from './source.ts';

/** Hashes for which files can be made to collide. */
const BROKEN_HASH = /\b(md4|md5|sha-?1)\b/i;

describe('the product', () => {
  it('knows no hash for which collisions are made', () => {
    const found = sourcesOf(['src', 'public', 'wasm'], /\.(ts|js|mjs)$/).filter(({ text }) => BROKEN_HASH.test(withoutComments(text)));
    expect(found.map(({ path }) => path)).toEqual([]);
  });

  it('would be seen with one', () => {
    for (const code of ["digest('MD5', bytes)", "createHash('sha1')", "DigestStream('SHA-1')"]) expect(BROKEN_HASH.test(code)).toBe(true);
    for (const code of ["digest('SHA-256', bytes)", 'sha256', 'sha512']) expect(BROKEN_HASH.test(code)).toBe(false);
  });
});

describe('the deployment', () => {
  const deployed = readFileSync('wrangler.toml', 'utf8');

  it('fetches its own zone from outside, past its firewall like everybody else', () => {
    expect(/^compatibility_flags = \[(.*)\]$/m.exec(deployed)?.[1]).toContain('"global_fetch_strictly_public"');
  });

  it('bounds the CPU of a request', () => {
    expect(Number(/^cpu_ms = (\d+)$/m.exec(deployed)?.[1])).toBeLessThanOrEqual(30_000);
  });

  it('has no key, and no address that the guard lets through, written down', () => {
    for (const name of ['VIGNETTE_API_KEYS', 'ANTHROPIC_API_KEY', 'DEV_ALLOWED_ORIGINS']) expect(deployed).not.toMatch(new RegExp(`^\\s*${name}\\s*=`, 'm'));
  });
});

describe('the packages', () => {
  const lock: { readonly packages: Record<string, { readonly integrity?: string; readonly hasInstallScript?: boolean; readonly link?: boolean }> } = JSON.parse(
    readFileSync('package-lock.json', 'utf8'),
  );
  const packages = Object.entries(lock.packages).filter(([path, { link }]) => path !== '' && link !== true);

  it('are held to their hashes, all of them', () => {
    expect(packages.length).toBeGreaterThan(100);
    expect(packages.filter(([, { integrity }]) => integrity?.startsWith('sha512-') !== true).map(([path]) => path)).toEqual([]);
  });

  it('run scripts at installation in known cases only: binaries of three tools for development', () => {
    const running = packages.filter(([, { hasInstallScript }]) => hasInstallScript === true).map(([path]) => path);
    expect(running).toEqual(['node_modules/esbuild', 'node_modules/node', 'node_modules/workerd']);
  });
});
