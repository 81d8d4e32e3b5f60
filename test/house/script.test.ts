import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const scripts = JSON.parse(readFileSync('package.json', 'utf8')).scripts as Record<string, string>;

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
