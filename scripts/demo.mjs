/** `npm run demo`: one picture all the way, twice, and what it cost. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { freePort, startStack } from './local/stack.mjs';

const SAMPLE = new URL('../public/samples/phone-photo.jpg', import.meta.url);
const SECOND_SAMPLE = new URL('../public/samples/receipt.jpg', import.meta.url);

const origin = `http://127.0.0.1:${await freePort()}`;
const web = createServer(async (_, response) => response.setHeader('content-type', 'image/jpeg').end(await readFile(SECOND_SAMPLE))).listen(
  new URL(origin).port,
  '127.0.0.1',
);
console.log('Starting the Worker, R2, KV and Claude on this machine …');
const stack = await startStack({ isTemporary: true, variables: { DEV_ALLOWED_ORIGINS: origin } });
try {
  console.log(
    stack.isSimulated
      ? 'Claude is simulated: no key, no cost. Set ANTHROPIC_API_KEY for real answers.\n'
      : 'Claude is the real one; this costs a fraction of a cent.\n',
  );
  const photo = await readFile(SAMPLE);
  const upload = () => call('/v1/describe?fields=alt_text,caption', { headers: { 'content-type': 'image/jpeg' }, body: photo });
  const byUrl = () =>
    call('/v1/describe', { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ image: { url: `${origin}/receipt.jpg` } }) });

  const predicted = await call('/v1/estimate?fields=alt_text,caption', { headers: { 'content-type': 'image/jpeg' }, body: photo });
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
  if (statuses !== 'miss hit miss hit') throw new Error(`the cache answered "${statuses}" instead of "miss hit miss hit"`);
  console.log('\nIt works. Next: npm start, then the curl lines that it prints.');
} finally {
  web.close();
  web.closeAllConnections();
  await stack.stop();
}

async function call(path, { headers, body }) {
  const startMs = performance.now();
  const response = await fetch(stack.url + path, { method: 'POST', headers: { ...headers, authorization: `Bearer ${stack.key}` }, body });
  const json = await response.json();
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${JSON.stringify(json)}`);
  return { body: json, durationMs: performance.now() - startMs };
}

function printTable(runs, estimate) {
  const rows = runs.map(([name, { body, durationMs }], index) => {
    const [image] = body.images;
    return {
      request: name,
      source: `${image.width}x${image.height}, ${kilobytes(image.bytes)}`,
      sent: `${image.sent.width}x${image.sent.height}, ${kilobytes(image.sent.bytes)}`,
      'image tokens': image.sent.image_tokens,
      'predicted US$': index === 0 ? `${dollars(estimate.cost_usd.min)} to ${dollars(estimate.cost_usd.max)}` : '',
      'billed US$': dollars(body.usage.cost_usd),
      cache: body.cache.status,
      ms: Math.round(durationMs),
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
  return `${Math.round(bytes / 1000)} kB`;
}

function dollars(usd) {
  return usd === null ? 'unknown' : usd.toFixed(6);
}
