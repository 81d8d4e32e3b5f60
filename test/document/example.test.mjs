import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lendService } from '../black-box/support/lent.ts';

const DOCUMENTS = [
  'README.md',
  'SECURITY.md',
  'docs/tutorial/first-description.md',
  'docs/how-to/keys.md',
  'docs/how-to/budgets.md',
  'docs/explanation/sizing.md',
];
const WRITTEN_ORIGIN = 'http://127.0.0.1:8787';
/** Needs the internet. */
const isOffline = (command) => !command.includes('www.example.com');
/** Written to show a refusal. */
const isRefusal = (command) => /169\.254|0x7f/.test(command);

/** The shell blocks of a document that talk to the service, in order. */
async function commandsOf(file) {
  const text = await readFile(file, 'utf8');
  const blocks = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block]) => block);
  return blocks.filter((block) => block.includes(WRITTEN_ORIGIN) && isOffline(block));
}

describe('the examples in the documents', () => {
  let stack;
  let folder;
  let adminKey;
  beforeAll(async () => {
    stack = await lendService();
    const create = ['scripts/keys.mjs', 'create', '--tenant', 'ops', '--scopes', 'admin', '--json', '--persist-to', stack.state];
    adminKey = JSON.parse((await promisify(execFile)(process.execPath, create)).stdout).secret;
    folder = mkdtempSync(join(tmpdir(), 'vignette-example-'));
    symlinkSync(join(process.cwd(), 'public'), join(folder, 'public'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(DOCUMENTS)('%s: every line works as it is written', async (document) => {
    const commands = await commandsOf(document);
    expect(commands.length).toBeGreaterThan(0);
    for (const command of commands) {
      const { stdout } = await promisify(execFile)('bash', ['-e', '-o', 'pipefail', '-c', command.replaceAll(WRITTEN_ORIGIN, stack.url)], {
        cwd: folder,
        env: { ...process.env, VIGNETTE_KEY: stack.key, ADMIN_KEY: adminKey },
        maxBuffer: 8_000_000,
      });
      if (isRefusal(command)) expect(stdout, command).toContain('"code":"url_forbidden"');
      else expect(stdout, command).not.toMatch(/"code":"(?!media_type)|^(?!2)\d{3}$/m);
    }
  });

  it('the program of the README prints an alt text', async () => {
    const text = await readFile('README.md', 'utf8');
    const [, program] = /```js\n([\s\S]*?)```/.exec(text) ?? [];
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program.replaceAll(WRITTEN_ORIGIN, stack.url)], {
      cwd: folder,
      env: { ...process.env, VIGNETTE_KEY: stack.key },
    });
    expect(stdout).toMatch(/^Simulated description/);
  });

  it('the build step fills a file, and asks Claude nothing the second time', async () => {
    const text = await readFile('docs/how-to/build-step.md', 'utf8');
    const [, program] = /```js\n([\s\S]*?)```/.exec(text) ?? [];
    const run = () =>
      promisify(execFile)(process.execPath, ['--input-type=module', '-e', program, '--', 'alt-texts.mjs', 'public/samples'], {
        cwd: folder,
        env: { ...process.env, VIGNETTE_KEY: stack.key, VIGNETTE_URL: stack.url },
      });
    await run();
    const { stdout } = await run();
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.split(' ')[0]),
    ).toEqual(expect.arrayContaining(['hit']));
    expect(stdout).not.toContain('miss');
    expect(Object.keys(JSON.parse(await readFile(join(folder, 'alt-texts.json'), 'utf8')))).toContain('receipt.jpg');
  });
});
