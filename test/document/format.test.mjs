import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { FORMAT_ROWS } from '../../src/core/image/format.ts';

/** Pages that tell which formats are read. */
const PAGES = [
  'README.md',
  'docs/explanation/memory.md',
  'docs/reference/error.md',
  'docs/reference/http.md',
  'wasm/README.md',
  'public/index.html',
  'public/script/playground/picture-input.js',
];

describe.each(PAGES)('%s', (path) => {
  it('names every format that is read', async () => {
    const text = await readFile(path, 'utf8');
    expect(FORMAT_ROWS.map(([, { name }]) => name).filter((name) => !text.includes(name))).toEqual([]);
  });
});
