/** The walk of `npm run demo`: a photograph uploaded twice, another by URL twice, and the table of what was sent and billed. */
import { readFile } from 'node:fs/promises';
import { UsageError } from './setting.mjs';

const PHOTO = new URL('../../public/samples/phone-photo.jpg', import.meta.url);

/**
 * Walks through a running service.
 * @param {{ url: string, key: string, samples: string }} service `samples`: where it fetches the samples by URL
 * @returns {Promise<{ table: string, descriptions: string }>} for the console
 * @throws {UsageError} when an answer is an error, or the cache did not answer the second of each two
 */
export async function walk({ url, key, samples }) {
  const call = (path, headers, body) => post(url + path, { ...headers, authorization: `Bearer ${key}` }, body);
  const photo = await readFile(PHOTO);
  const upload = () => call('/v1/describe?fields=alt_text,caption', { 'content-type': 'image/jpeg' }, photo);
  const byUrl = () => call('/v1/describe', { 'content-type': 'application/json' }, JSON.stringify({ image: { url: `${samples}/receipt.jpg` } }));
  const predicted = await call('/v1/estimate?fields=alt_text,caption', { 'content-type': 'image/jpeg' }, photo);
  const runs = [
    ['upload', await upload()],
    ['the same again', await upload()],
    ['by URL', await byUrl()],
    ['the same URL again', await byUrl()],
  ];
  const statuses = runs.map(([, { body }]) => body.cache.status).join(' ');
  if (statuses !== 'miss hit miss hit') throw new UsageError(`The cache answered "${statuses}" instead of "miss hit miss hit".`);
  return { table: tableOf(runs, predicted.body.estimates[0]), descriptions: [runs[0], runs[2]].map(descriptionOf).join('\n') };
}

async function post(address, headers, body) {
  const startMs = performance.now();
  const response = await fetch(address, { method: 'POST', headers, body });
  const json = await response.json();
  if (!response.ok) throw new UsageError(`${new URL(address).pathname} answered ${response.status} ${json.code}: ${json.detail}`);
  return { body: json, durationMs: performance.now() - startMs };
}

function descriptionOf([name, { body }]) {
  const [{ alt_text: altText, caption }] = body.descriptions;
  return `${name}: ${altText}${caption === undefined ? '' : `\n  caption: ${caption}`}`;
}

function tableOf(runs, estimate) {
  const rows = runs.map(([name, { body, durationMs }], index) => {
    const [image] = body.images;
    return {
      request: name,
      source: `${image.width} × ${image.height}, ${sizeOf(image.bytes)}`,
      sent: `${image.sent.width} × ${image.sent.height}, ${sizeOf(image.sent.bytes)}`,
      'image tokens': count(image.sent.image_tokens),
      'predicted US$': index === 0 ? `${dollars(estimate.cost_usd.min)} to ${dollars(estimate.cost_usd.max)}` : '',
      'billed US$': dollars(body.usage.cost_usd),
      cache: body.cache.status,
      ms: count(Math.round(durationMs)),
    };
  });
  const columns = Object.keys(rows[0]);
  const widths = columns.map((column) => Math.max(column.length, ...rows.map((row) => row[column].length)));
  const line = (cells) =>
    cells
      .map((cell, index) => cell.padEnd(widths[index]))
      .join('  ')
      .trimEnd();
  return [line(columns), line(widths.map((width) => '─'.repeat(width))), ...rows.map((row) => line(columns.map((column) => row[column])))].join('\n');
}

function sizeOf(bytes) {
  return bytes < 1_000 ? `${bytes} bytes` : `${count(Math.round(bytes / 1_000))} kB`;
}

function count(number) {
  return number.toLocaleString('en-US');
}

function dollars(usd) {
  return usd === null ? 'unknown' : usd.toFixed(6);
}
