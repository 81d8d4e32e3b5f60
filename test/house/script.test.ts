import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const scripts = manifest.scripts as Record<string, string>;

describe('the scripts of package.json', () => {
  it('have no hooks: what needs the codec asks for it by itself', () => {
    expect(Object.keys(scripts).filter((name) => /^(pre|post)/.test(name))).toEqual([]);
  });

  it('bring the codec up to date before a program that loads it', () => {
    const programs = Object.entries(scripts).filter(([name]) => /^(bench|fuzz)/.test(name));
    expect(programs.length).toBeGreaterThan(5);
    for (const [name, command] of programs) expect(command, name).toMatch(/^node --import \.\/scripts\/build-wasm\.mjs /);
    expect(readFileSync('wrangler.toml', 'utf8')).toContain('[build]\ncommand = "node scripts/build-wasm.mjs"');
  });
});

describe('an installation', () => {
  it('runs the scripts of those packages that need theirs, and of no other', () => {
    const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
    const withScripts = Object.entries<any>(packages).filter(([, { hasInstallScript, optional }]) => hasInstallScript === true && optional !== true);
    const names = new Set(withScripts.map(([path]) => path.replace(/^.*node_modules\//, '')));
    expect(Object.keys(manifest.allowScripts).toSorted()).toEqual([...names].toSorted());
  });

  it('needs the Node that the documents name', () => {
    const [, floor] = /^>=(\d+)/.exec(manifest.engines.node) ?? [];
    for (const page of ['README.md', 'CONTRIBUTING.md']) expect(readFileSync(page, 'utf8'), page).toMatch(new RegExp(`need Node ${floor}\\b`));
  });
});
