/** `npm run demo`: one picture all the way, twice, and what it cost. */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { checkKey, chooseClaude, describeClaude, UsageError } from './local/setting.mjs';
import { startStack } from './local/stack.mjs';

const USAGE = `npm run demo [-- options]: one picture all the way, twice, and what it cost.

  --real        ask the real API with ANTHROPIC_API_KEY of your shell or of .dev.vars: two calls, billed
  --simulated   never, even with a key in .dev.vars
`;
const SAMPLE = new URL('../public/samples/phone-photo.jpg', import.meta.url);

try {
  await demo();
} catch (error) {
  console.error(error instanceof UsageError ? error.message : error);
  process.exitCode = 1;
}

async function demo() {
  const { real, simulated, help } = readArguments();
  if (help) return void process.stdout.write(USAGE);
  const claude = chooseClaude({ wantsReal: real, wantsSimulated: simulated });
  if (claude.apiKey !== undefined) await checkKey(claude);
  const stack = await startStack({ isTemporary: true, claude, onStep: (step) => console.log(step) });
  try {
    console.log(`Claude: ${describeClaude(claude, stack.model)}.\n`);
    await show(stack);
  } finally {
    await stack.stop();
  }
}

async function show(stack) {
  const photo = await readFile(SAMPLE);
  const upload = () => call(stack, '/v1/describe?fields=alt_text,caption', { headers: { 'content-type': 'image/jpeg' }, body: photo });
  const source = JSON.stringify({ image: { url: `${stack.url}/samples/receipt.jpg` } });
  const byUrl = () => call(stack, '/v1/describe', { headers: { 'content-type': 'application/json' }, body: source });

  const predicted = await call(stack, '/v1/estimate?fields=alt_text,caption', { headers: { 'content-type': 'image/jpeg' }, body: photo });
  const runs = [
    ['upload', await upload()],
    ['the same again', await upload()],
    ['by URL', await byUrl()],
    ['the same URL again', await byUrl()],
  ];
  printTable(runs, predicted.body.estimates[0]);
  for (const [name, { body }] of [runs[0], runs[2]]) {
    const [description] = body.descriptions;
    console.log(`${name}: ${description.alt_text}${description.caption ? `\n  caption: ${description.caption}` : ''}`);
  }
  const statuses = runs.map(([, { body }]) => body.cache.status).join(' ');
  if (statuses !== 'miss hit miss hit') throw new UsageError(`The cache answered "${statuses}" instead of "miss hit miss hit".`);
  console.log('\nIt works. Next: npm start, then the curl lines that it prints.');
}

function readArguments() {
  const boolean = { type: 'boolean', default: false };
  try {
    return parseArgs({ options: { real: boolean, simulated: boolean, help: { ...boolean, short: 'h' } } }).values;
  } catch (error) {
    throw new UsageError(`${error.message}\n${USAGE}`, { cause: error });
  }
}

async function call(stack, path, { headers, body }) {
  const startMs = performance.now();
  const response = await fetch(stack.url + path, { method: 'POST', headers: { ...headers, authorization: `Bearer ${stack.key}` }, body });
  const json = await response.json();
  if (!response.ok) throw new UsageError(`${path} answered ${response.status} ${json.code}: ${json.detail}`);
  return { body: json, durationMs: performance.now() - startMs };
}

function printTable(runs, estimate) {
  const rows = runs.map(([name, { body, durationMs }], index) => {
    const [image] = body.images;
    return {
      request: name,
      source: `${image.width} × ${image.height}, ${kilobytes(image.bytes)}`,
      sent: `${image.sent.width} × ${image.sent.height}, ${kilobytes(image.sent.bytes)}`,
      'image tokens': image.sent.image_tokens.toLocaleString('en-US'),
      'predicted US$': index === 0 ? `${dollars(estimate.cost_usd.min)} to ${dollars(estimate.cost_usd.max)}` : '',
      'billed US$': dollars(body.usage.cost_usd),
      cache: body.cache.status,
      ms: Math.round(durationMs).toLocaleString('en-US'),
    };
  });
  const columns = Object.keys(rows[0]);
  const widths = columns.map((column) => Math.max(column.length, ...rows.map((row) => String(row[column]).length)));
  const line = (cells) =>
    cells
      .map((cell, index) => String(cell).padEnd(widths[index]))
      .join('  ')
      .trimEnd();
  console.log(
    [line(columns), line(widths.map((width) => '─'.repeat(width))), ...rows.map((row) => line(columns.map((column) => row[column])))].join('\n') + '\n',
  );
}

function kilobytes(bytes) {
  return bytes < 1_000 ? `${bytes} bytes` : `${Math.round(bytes / 1_000).toLocaleString('en-US')} kB`;
}

function dollars(usd) {
  return usd === null ? 'unknown' : usd.toFixed(6);
}
