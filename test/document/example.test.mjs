/**
 * Every block of code in the documents, in the situation that its page promises: what talks to the service is run against one, `npm run keys` against
 * its store, programs with their files. What cannot be run here stands in NOT_RUN with the reason; a new block that is neither fails.
 * `messages.test.mjs` and `codec.test.mjs` run the blocks of their own pages.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lendService } from '../black-box/support/lent.ts';

const WRITTEN_ORIGIN = 'http://127.0.0.1:8787';
/** Written where an id that was printed before is meant. */
const WRITTEN_KEY_ID = 'key_019a…';

const ACCOUNT = 'needs an account with Cloudflare';
/** The first line of a block that is not run → why. */
const NOT_RUN = {
  'npm ci': 'installs; CI begins with it on a clean clone',
  'npm ci && npm run demo': 'installs; CI runs both',
  'npm ci && npm test': 'installs; this is one of the tests',
  'npm test': 'this is one of the tests',
  'npm start': 'test/black-box/start.test.ts starts it',
  'npm run demo': 'CI runs it; figure.test.mjs walks the same walk',
  'npm run build:wasm     # prints the size of the codec': 'builds and benches, listed; their names are checked below',
  'npm run build:wasm                            # dist/codec.wasm, with its size; -- --names keeps the names of functions':
    'builds and benches, listed; their names are checked below',
  'npx wrangler deploy --dry-run --outdir dist/worker --metafile': 'bundles; npm run build does the same in CI',
  "npx node --input-type=module <<'EOF'": 'codec.test.mjs runs it',
  'npx wrangler login': ACCOUNT,
  'npx wrangler secret put ANTHROPIC_API_KEY --env staging': ACCOUNT,
  'npx wrangler secret put AI_GATEWAY_TOKEN': ACCOUNT,
  'npx wrangler secret put AWS_BEARER_TOKEN_BEDROCK': ACCOUNT,
  'npx wrangler secret put ANTHROPIC_FOUNDRY_API_KEY': ACCOUNT,
  'npx wrangler secret put GOOGLE_SERVICE_ACCOUNT_KEY < key.json': ACCOUNT,
  'npx wrangler deployments list': ACCOUNT,
  'npx wrangler delete': ACCOUNT,
  'git pull': 'needs a remote',
  'curl -s https://vignette.YOUR-SUBDOMAIN.workers.dev/healthz': 'needs a deployment',
  'node alt-texts.mjs public/samples': 'its program is run below, with the same folder',
  "const answer = await env.VIGNETTE.describe(env.VIGNETTE_KEY, { fields: ['alt_text'], languages: ['en'] }, [bytes]);": 'a service binding needs two Workers',
};
/** Pages whose blocks other tests run. */
const ELSEWHERE = new Set(['docs/how-to/messages.md']);

const pages = ['.', 'docs', 'wasm', 'simulator', 'samples'].flatMap((folder) =>
  readdirSync(folder, { recursive: folder !== '.' })
    .filter((name) => name.endsWith('.md') && name !== 'CHANGELOG.md' && !name.includes('.wrangler'))
    .map((name) => (folder === '.' ? name : join(folder, name))),
);
const blocks = pages.flatMap((page) =>
  [...readFileSync(page, 'utf8').matchAll(/```(\w+)\n([\s\S]*?)```/g)].map(([, language, text]) => ({
    page,
    language,
    text,
    first: text.trim().split('\n')[0],
  })),
);
const of = (...languages) => blocks.filter(({ language }) => languages.includes(language));
const isExport = ({ text }) => /^(export \w+=\S*( +#.*)?\n)+$/.test(text);
/** The shell runs it: it talks to the service or to its keys, on this machine. */
const isRun = ({ text }) =>
  (text.includes(WRITTEN_ORIGIN) && !text.includes('www.example.com')) ||
  (text.startsWith('npm run keys -- ') && !text.replaceAll(/#.*/g, '').includes('--remote'));
/** Written to show a refusal. */
const isRefusal = ({ text }) => /169\.254|0x7f/.test(text);
const program = (page) => blocks.find((block) => block.page === page && block.language === 'js')?.text ?? '';

describe('the blocks of code in the documents', () => {
  it('are all run, or left out for a reason', () => {
    const shell = of('sh', 'bash', 'js', 'ts', 'python').filter(({ page }) => !ELSEWHERE.has(page));
    const left = shell.filter((block) => block.language !== 'js' && !isRun(block) && !isExport(block) && !block.text.includes('www.example.com'));
    expect(left.filter(({ first }) => NOT_RUN[first] === undefined).map(({ page, first }) => `${page}: ${first}`)).toEqual([]);
    const programs = shell.filter(({ language }) => language === 'js').map(({ page }) => page);
    expect(programs).toEqual(['README.md', 'docs/how-to/build-step.md', 'docs/how-to/cms.md']);
    const firsts = new Set(left.map(({ first }) => first));
    expect(Object.keys(NOT_RUN).filter((first) => !firsts.has(first))).toEqual([]);
  });

  it('name only scripts and files that exist', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
    for (const { page, text } of of('sh')) {
      for (const [, name] of text.matchAll(/npm run (?:--silent )?([\w:-]+)/g)) expect(scripts[name], `${page}: npm run ${name}`).toBeDefined();
      for (const [, path] of text.matchAll(/\bnode ((?:scripts|bench|samples|test)\/\S+\.mjs)/g)) expect(existsSync(path), `${page}: ${path}`).toBe(true);
      for (const [, path] of text.matchAll(/vitest run (?:--project \w+ )?(test\/\S+)/g)) expect(existsSync(path), `${page}: ${path}`).toBe(true);
    }
  });

  it('in JSON can be parsed', () => {
    for (const { page, text } of of('json')) expect(() => JSON.parse(text), `${page}: ${text}`).not.toThrow();
  });

  it('in TOML name entries that exist, and variables that the reference has', () => {
    const reference = readFileSync('docs/reference/configuration.md', 'utf8') + readFileSync('docs/reference/storage.md', 'utf8');
    for (const { page, text } of of('toml')) {
      for (const [, entry] of text.matchAll(/^main = "(.*)"$/gm)) expect(existsSync(entry), `${page}: ${entry}`).toBe(true);
      for (const [, name] of text.matchAll(/^([A-Z][A-Z_]+) = /gm)) expect(reference, `${page}: ${name}`).toContain(`\`${name}\``);
    }
  });
});

describe('the examples in the documents', () => {
  let stack;
  let folder;
  let adminKey;
  const run = promisify(execFile);
  const node = (script, options = {}) => run(process.execPath, script, { cwd: folder, ...options });
  const environment = (more = {}) => ({ ...process.env, VIGNETTE_KEY: stack.key, VIGNETTE_URL: stack.url, ADMIN_KEY: adminKey, ...more });
  const keys = async (...words) => JSON.parse((await run(process.execPath, ['scripts/keys.mjs', ...words, '--json', '--persist-to', stack.state])).stdout);

  beforeAll(async () => {
    stack = await lendService();
    adminKey = (await keys('create', '--tenant', 'ops', '--scopes', 'admin')).secret;
    folder = mkdtempSync(join(tmpdir(), 'vignette-example-'));
    symlinkSync(join(process.cwd(), 'public'), join(folder, 'public'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** `npm run keys -- …` as it is written, on the store of this service. */
  const prelude = () => `npm() { "${process.execPath}" "${process.cwd()}/scripts/keys.mjs" "\${@:4}" --persist-to "${stack.state}"; }\n`;
  const shell = (text, env = environment()) =>
    run('bash', ['-e', '-o', 'pipefail', '-c', prelude() + text.replaceAll(WRITTEN_ORIGIN, stack.url)], { cwd: folder, env, maxBuffer: 8_000_000 });

  const shown = [
    ...new Set(
      of('sh')
        .filter((block) => isRun(block) && !ELSEWHERE.has(block.page))
        .map(({ page }) => page),
    ),
  ];
  it.each(shown)('%s: every line works as it is written', async (page) => {
    for (const block of of('sh').filter((each) => each.page === page && isRun(each))) {
      const text = block.text.includes(WRITTEN_KEY_ID) ? block.text.replaceAll(WRITTEN_KEY_ID, (await keys('create', '--tenant', 'shop')).id) : block.text;
      const { stdout } = await shell(text);
      if (isRefusal(block)) expect(stdout, text).toContain('"code":"url_forbidden"');
      else expect(stdout, text).not.toMatch(/"code":"(?!media_type)|^(?!2)\d{3}$/m);
    }
  });

  it('an alt text for a shell script is never an error document', async () => {
    const [block] = of('sh').filter(({ page, text }) => page.startsWith('docs/tutorial') && text.includes('text/plain'));
    expect((await shell(block.text)).stdout).toMatch(/^Simulated caption/);
    const failed = await shell(block.text, environment({ VIGNETTE_KEY: 'wrong' })).catch((error) => error);
    expect(failed.code).not.toBe(0);
    expect(failed.stdout).toBe('');
  });

  it('the program of the README prints an alt text', async () => {
    const text = program('README.md').replaceAll(WRITTEN_ORIGIN, stack.url);
    const { stdout } = await node(['--input-type=module', '-e', text], { env: environment() });
    expect(stdout).toMatch(/^Simulated description/);
  });
});
