/** The programs of the how-to pages, in the situations that their pages promise something about. */
import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { lendService } from '../black-box/support/lent.ts';
import { originOf } from '../black-box/support/origin.ts';

const FIXTURES = 'test/fixture';
const programOf = (page) => /```js\n([\s\S]*?)```/.exec(readFileSync(page, 'utf8'))?.[1] ?? '';

let stack;
let folder;
beforeAll(async () => {
  stack = await lendService();
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vignette-program-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('docs/how-to/build-step.md', () => {
  const TEXTS = 'alt-texts.json';
  const texts = () => JSON.parse(readFileSync(join(folder, TEXTS), 'utf8'));
  const build = async () => {
    const env = { ...process.env, VIGNETTE_KEY: stack.key, VIGNETTE_URL: stack.url };
    const outcome = promisify(execFile)(process.execPath, ['alt-texts.mjs', 'image'], { cwd: folder, env });
    const { code = 0, stdout, stderr } = await outcome.catch((error) => error);
    return { code, lines: stdout.trim().split('\n'), stderr };
  };
  beforeEach(() => {
    writeFileSync(join(folder, 'alt-texts.mjs'), programOf('docs/how-to/build-step.md'));
    mkdirSync(join(folder, 'image', 'team', 'old'), { recursive: true });
    copyFileSync(join(FIXTURES, 'png-rgb8.png'), join(folder, 'image', 'a.png'));
    copyFileSync(join(FIXTURES, 'jpeg-gray.jpg'), join(folder, 'image', 'team', 'old', 'b.JPG'));
  });

  it('describes the folder and its subfolders, and asks nothing the second time', async () => {
    expect(await build()).toEqual({ code: 0, lines: ['miss  a.png', 'miss  team/old/b.JPG'], stderr: '' });
    expect(Object.keys(texts())).toEqual(['a.png', 'team/old/b.JPG']);
    expect(texts()['a.png']).toMatch(/^Simulated description/);
    expect((await build()).lines).toEqual(['']);
  });

  it('keeps what people have corrected, and writes a deleted line again without a bill', async () => {
    await build();
    writeFileSync(join(folder, TEXTS), JSON.stringify({ 'a.png': 'Corrected.' }));
    expect((await build()).lines).toEqual(['hit  team/old/b.JPG']);
    expect(texts()['a.png']).toBe('Corrected.');
  });

  it('reports a file that is no image, writes the others and ends with status 1', async () => {
    writeFileSync(join(folder, 'image', '0-broken.jpg'), 'no image');
    const { code, stderr } = await build();
    expect(code).toBe(1);
    expect(stderr).toMatch(/^failed {2}0-broken\.jpg: \w+: /);
    expect(Object.keys(texts())).toEqual(['a.png', 'team/old/b.JPG']);
  });

  it('leaves a file of texts alone that it cannot read', async () => {
    writeFileSync(join(folder, TEXTS), '{"a.png": "Corrected."');
    expect((await build()).code).toBe(1);
    expect(readFileSync(join(folder, TEXTS), 'utf8')).toBe('{"a.png": "Corrected."');
  });
});

describe('docs/how-to/cms.md', () => {
  let api;
  beforeAll(async () => {
    api = createServer((_, response) => response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>')).listen(0, '127.0.0.1');
    await new Promise((resolve) => api.once('listening', resolve));
  });
  afterAll(() => api.close());

  /** What `altTextFor` gives for a file, as JSON, and what it says. */
  async function ask(file, options, env) {
    writeFileSync(join(folder, 'alt-text.mjs'), programOf('docs/how-to/cms.md'));
    const script = `import { altTextFor } from './alt-text.mjs';
      import { readFileSync } from 'node:fs';
      const file = new File([readFileSync(process.argv[1])], 'upload');
      console.log(JSON.stringify({ text: await altTextFor(file, ${JSON.stringify(options)}) }));`;
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script, join(process.cwd(), file)], {
      cwd: folder,
      env: { ...process.env, VIGNETTE_KEY: stack.key, VIGNETTE_URL: stack.url, ...env },
    });
    return { ...JSON.parse(stdout), stderr };
  }

  it('gives an alt text in the language that was asked for', async () => {
    const { text } = await ask(`${FIXTURES}/png-rgb8.png`, { pageTitle: 'Team', language: 'de' });
    expect(text).toMatch(/^Simulierte Beschreibung/);
    expect((await ask(`${FIXTURES}/png-rgb8.png`, {})).text).toMatch(/^Simulated description/);
  });

  it.each([
    ['the file is no image', 'package.json', {}, /no alt text: unsupported_media_type/],
    ['the key is wrong', `${FIXTURES}/png-rgb8.png`, { VIGNETTE_KEY: 'wrong' }, /no alt text: unauthorized/],
    ['nothing listens', `${FIXTURES}/png-rgb8.png`, { VIGNETTE_URL: 'http://127.0.0.1:9' }, /no alt text: fetch failed/],
    ['the address is missing', `${FIXTURES}/png-rgb8.png`, { VIGNETTE_URL: '' }, /no alt text: Failed to parse URL/],
  ])('gives none and does not throw when %s', async (_, file, env, words) => {
    const { text, stderr } = await ask(file, { pageTitle: 'Team', language: 'en' }, env);
    expect(text).toBeUndefined();
    expect(stderr).toMatch(words);
  });

  it('gives none and does not throw when a proxy answers in HTML', async () => {
    const { text, stderr } = await ask(`${FIXTURES}/png-rgb8.png`, {}, { VIGNETTE_URL: originOf(api) });
    expect({ text, isTold: /^no alt text: .*JSON/m.test(stderr) }).toEqual({ text: undefined, isTold: true });
  });
});
