/** Every example of docs/how-to/messages.md, run as it is written: shell, JavaScript and, where its package is installed, Python. */
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lendService } from '../black-box/support/lent.ts';

const WRITTEN_ORIGIN = 'http://127.0.0.1:8787';
const DOCUMENT = readFileSync('docs/how-to/messages.md', 'utf8');

const blocks = [...DOCUMENT.matchAll(/```(sh|js|python)\n([\s\S]*?)```/g)]
  .map(([, language, text], index) => ({ language, text, name: `${index + 1}, ${language}: ${text.trim().split('\n').at(-1).slice(0, 60)}` }))
  .filter(({ text }) => text.includes(WRITTEN_ORIGIN) && !text.startsWith('export'));
const hasPython = spawnSync('python3', ['-c', 'import anthropic']).status === 0;
if (!hasPython) console.warn("Python's package anthropic is not installed: the Python examples are skipped.");

describe('docs/how-to/messages.md', () => {
  let stack;
  let folder;
  beforeAll(async () => {
    stack = await lendService();
    folder = mkdtempSync(join(tmpdir(), 'vignette-example-'));
    for (const name of ['public', 'node_modules']) symlinkSync(join(process.cwd(), name), join(folder, name));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function run({ language, text }, environment = {}) {
    const program = text.replaceAll(WRITTEN_ORIGIN, stack.url);
    const [command, ...options] = {
      sh: ['bash', '-e', '-o', 'pipefail', '-c', program],
      js: [process.execPath, '--input-type=module', '-e', program],
      python: ['python3', '-c', program],
    }[language];
    const env = { ...process.env, VIGNETTE_KEY: stack.key, IMAGE_URL: `${stack.origin}/phone-photo.jpg`, ...environment };
    return (await promisify(execFile)(command, options, { cwd: folder, env, maxBuffer: 8_000_000 })).stdout;
  }

  it('has an example of each shape of the vision guide, in JavaScript and for curl', () => {
    const shapes = [/base64/, /"?type"?: "?'?url/, /file_id/, /Respond only in Spanish/, /Are these images similar to the first two/];
    for (const shape of shapes)
      for (const language of ['js', 'sh']) expect(blocks.some((block) => block.language === language && shape.test(block.text))).toBe(true);
  });

  it.each(blocks)('example $name', async (block) => {
    if (block.language === 'python' && !hasPython) return;
    const stdout = await run(block);
    const isRefusal = block.text.includes('aGVsbG8gd29ybGQ=');
    if (isRefusal) expect(stdout).toContain('"type":"invalid_request_error"');
    else if (block.text.includes('grep x-vignette-plan')) expect(DOCUMENT).toContain(stdout.trim());
    else if (block.text.includes('"stream": true')) expect(stdout).toMatch(/^event: message_start[\s\S]*event: message_stop/);
    else expect(stdout).toMatch(/^Simulated description|"text":"Simulated description/);
  });

  it('the first answer that is shown is the one that comes', async () => {
    const [first] = blocks.filter(({ language, text }) => language === 'js' && text.includes('base64'));
    expect(DOCUMENT).toContain((await run(first)).trim());
  });

  it('a program that says neither address nor key takes both from the environment', async () => {
    const [first] = blocks.filter(({ language }) => language === 'js');
    const text = first.text.replace(/new Anthropic\(.*\)/, 'new Anthropic()');
    expect(text).not.toContain(WRITTEN_ORIGIN);
    expect(await run({ ...first, text }, { ANTHROPIC_BASE_URL: stack.url, ANTHROPIC_API_KEY: stack.key })).toMatch(/^Simulated description/);
  });
});
