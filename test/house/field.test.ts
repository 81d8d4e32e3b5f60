import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FIELD_NAMES } from '../../src/core/field/field.ts';

const ROOT = new URL('../../', import.meta.url);

/** What rows are made with. Every other file of the folder is a row. */
const NOT_ROWS = ['answer', 'catalogue', 'field', 'lint', 'present', 'row', 'schema', 'text'];

/** The last cell of the line of a table that begins with this name. */
function lastCell(path: string, name: string): string {
  const lines = readFileSync(new URL(path, ROOT), 'utf8').split('\n');
  return (
    lines
      .find((line) => line.startsWith(`| \`${name}\``))
      ?.split('|')
      .at(-2) ?? ''
  );
}

describe('a field', () => {
  it('has a file of its name, and every such file has a row in the catalogue', () => {
    const files = readdirSync(new URL('src/core/field/', ROOT)).map((file) => file.replace(/\.ts$/, ''));
    const rows = files.filter((file) => !NOT_ROWS.includes(file)).map((file) => file.replaceAll('-', '_'));
    expect(rows.toSorted()).toEqual([...FIELD_NAMES].toSorted());
    expect(NOT_ROWS.filter((file) => !files.includes(file))).toEqual([]);
  });

  it.each(['docs/reference/http.md', 'README.md'])('is named in %s, and no other is', (path) => {
    const named = [...lastCell(path, 'fields').matchAll(/`([a-z_]+)`/g)].map(([, name]) => name);
    expect([...new Set(named)].toSorted()).toEqual([...FIELD_NAMES].toSorted());
  });
});
