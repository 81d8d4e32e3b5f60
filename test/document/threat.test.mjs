import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';

/** Rows of the table: number, defence, tests. */
async function rowsOf() {
  const text = await readFile('docs/design/threat.md', 'utf8');
  return [...text.matchAll(/^\| (\d+) +\|([^|]*)\|([^|]*)\|([^|]*)\|$/gm)].map(([, number, , defence, tests]) => ({ number: Number(number), defence, tests }));
}

it('every threat has tests that exist, or says that what it is about is not built', async () => {
  const rows = await rowsOf();
  expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 34 }, (_, index) => index + 1));
  for (const { number, defence, tests } of rows) {
    const links = [...tests.matchAll(/\[`([^`]+)`\]\(([^)]+)\)/g)];
    if (tests.trim() === 'none') expect(defence, `threat ${number}`).toContain('Not built');
    else expect(links.length, `threat ${number}`).toBeGreaterThan(0);
    for (const [, name, target] of links) {
      expect(target, `threat ${number}`).toBe(`../../test/${name}`);
      expect(name).toMatch(/\.test\.(ts|mjs)$/);
      expect(existsSync(join('docs/design', target)), `threat ${number}: ${name}`).toBe(true);
    }
  }
});
