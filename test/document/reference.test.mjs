import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeBodySchema } from '../../src/core/input/body-schema.ts';
import { MODELS, PRICES_AS_OF } from '../../src/core/vision/model.ts';
import { ERROR_TABLE } from '../../src/error.ts';
import { ERROR_PAGES } from '../../src/http/error-page.ts';

const read = (file) => readFile(file, 'utf8');

/** Rows of Markdown tables whose first cell holds one code span: its text → the other cells. */
async function rowsOf(file) {
  const rows = (await read(file)).split('\n').flatMap((line) => {
    const match = /^\| `([^`]+)`\s*\|(.*)\|$/.exec(line);
    return match === null ? [] : [[match[1], match[2].split('|').map((cell) => cell.trim())]];
  });
  return new Map(rows);
}

describe('the reference', () => {
  it('has every error code with its status and retry advice, in the words of its page', async () => {
    const rows = await rowsOf('docs/reference/error.md');
    for (const [code, { status, retryable }] of Object.entries(ERROR_TABLE)) {
      const { meaning, remedies } = ERROR_PAGES[code];
      expect(rows.get(code), code).toEqual([String(status), retryable ? 'yes' : 'no', meaning, remedies.join(' ')]);
    }
  });

  it('has no error code that is not in the table', async () => {
    const rows = await rowsOf('docs/reference/error.md');
    const codes = [...rows].filter(([, [status]]) => /^\d{3}$/.test(status)).map(([code]) => code);
    expect(codes.toSorted()).toEqual(Object.keys(ERROR_TABLE).toSorted());
  });

  it('has every model with its tier, limits and prices', async () => {
    const text = await read('docs/reference/model.md');
    const rows = await rowsOf('docs/reference/model.md');
    expect(text).toContain(PRICES_AS_OF);
    for (const { id, tier, imagesMax, price } of MODELS) {
      expect(rows.get(id)?.[0], id).toBe(tier);
      expect(rows.get(id)?.[2], id).toBe(String(imagesMax));
      expect(rows.get(id)?.[3], id).toContain(price === undefined ? 'not published' : `${price.base.input} / ${price.base.output}`);
    }
  });

  it('has every field of a request, in the pages', async () => {
    const rows = await rowsOf('docs/reference/http.md');
    const fields = Object.keys(describeBodySchema.shape);
    expect(fields.filter((field) => !rows.has(field))).toEqual([]);
  });

  it('has every prefix under which something is stored, and no other', async () => {
    const sources = (await readdir('src', { recursive: true })).filter((name) => name.endsWith('.ts'));
    const texts = await Promise.all(sources.map((name) => read(join('src', name))));
    const inSource = texts.flatMap((text) => [...text.matchAll(/'((?:[a-z-]+:v\d+:)|(?:[a-z-]+\/v\d+\/))'/g)].map(([, prefix]) => prefix));
    const names = [...(await rowsOf('docs/reference/storage.md')).keys()];
    const inTable = names.flatMap((name) => /^([a-z-]+:v\d+:|[a-z-]+\/v\d+\/)/.exec(name)?.[1] ?? []);
    expect(inSource.length).toBeGreaterThan(5);
    expect(inTable.toSorted()).toEqual([...new Set(inSource)].toSorted());
  });

  it('has every variable of the configuration', async () => {
    const rows = await rowsOf('docs/reference/configuration.md');
    const names = [...((await read('src/config.ts')) + (await read('src/provider-config.ts'))).matchAll(/^ {2}([A-Z][A-Z_]+): /gm)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(5);
    expect(names.filter((name) => !rows.has(name))).toEqual([]);
  });

  it('links only to files that exist', async () => {
    const folders = await Promise.all(
      ['docs', 'wasm', 'simulator'].map(async (folder) => (await readdir(folder, { recursive: true })).map((name) => join(folder, name))),
    );
    const pages = folders.flat().filter((name) => name.endsWith('.md') && !name.includes('.wrangler'));
    expect(pages).toContain(join('wasm', 'README.md'));
    for (const page of ['README.md', 'SECURITY.md', 'CONTRIBUTING.md', 'AGENTS.md', 'CHANGELOG.md', ...pages]) {
      const targets = [...(await read(page)).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, target]) => target);
      for (const target of targets) expect(existsSync(join(dirname(page), target)), `${page} → ${target}`).toBe(true);
    }
  });
});
