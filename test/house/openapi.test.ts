import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openApiDocument } from '../../src/contract/openapi/document.ts';

const FILE = 'public/openapi.json';
const folder = mkdtempSync(join(tmpdir(), 'openapi-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Problem {
  readonly ruleId: string;
  readonly message: string;
  readonly location: readonly { readonly pointer: string }[];
}

/** What Redocly has to say of a document, as `rule: message at pointer`. Its exit code only repeats it. */
function lint(path: string): Promise<readonly string[]> {
  const settings = {
    // It would call home and look for a newer version of itself.
    env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
    maxBuffer: 32 * 1024 * 1024,
  };
  return new Promise((resolve, reject) => {
    execFile('npx', ['--no-install', 'redocly', 'lint', '--config', 'redocly.yaml', '--format', 'json', path], settings, (error, output) => {
      const start = output.indexOf('{');
      if (start === -1) return reject(error ?? new Error(output));
      const { problems } = JSON.parse(output.slice(start)) as { readonly problems: readonly Problem[] };
      resolve(problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} at ${location[0]?.pointer}`));
    });
  });
}

describe(FILE, () => {
  it('is the document of the sources as they are; "npm run generate" writes it', () => {
    expect(JSON.parse(readFileSync(FILE, 'utf8'))).toEqual(JSON.parse(JSON.stringify(openApiDocument())));
  });

  it('has no error and no warning of the strict rules, its examples included', async () => {
    expect(await lint(FILE)).toEqual([]);
  });

  it('would have them for an example that its schema does not take, and for an operation in two groups', async () => {
    const document: any = openApiDocument();
    document.components.schemas.StoredImage.properties.width.examples = ['wide'];
    document.paths['/v1/models'].get.tags = ['Usage', 'Keys'];
    const path = join(folder, 'damaged.json');
    writeFileSync(path, JSON.stringify(document));
    const rules = (await lint(path)).map((problem) => problem.split(':')[0]);
    expect(rules).toContain('no-invalid-schema-examples');
    expect(rules).toContain('operation-singular-tag');
  });
});
