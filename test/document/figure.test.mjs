/**
 * The figures of the README come from a run: sizes, tokens and prices are compared with what the service answers now. After a change of them:
 * UPDATE_FIGURES=1 npx vitest run test/document/figure.test.mjs
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { walk } from '../../scripts/local/walk.mjs';
import { lendService } from '../black-box/support/lent.ts';

const README = 'README.md';
const count = (number) => number.toLocaleString('en-US');
const read = () => readFileSync(README, 'utf8');

/** Part by which encoded bytes may differ: another version of the codec writes a few more or fewer. */
const BYTES_TOLERANCE = 0.02;

/** A table without its last column, the milliseconds, and without its rule and padding, which change with them. */
function cellsOf(table) {
  return table
    .split('\n')
    .filter((line) => !line.startsWith('──'))
    .map((line) => line.split(/ {2,}/).slice(0, -1));
}

/** Encoded sizes apart from everything else: `sent` of the table's rows, `sent.bytes` of the answer. */
function apart(cells) {
  const sizes = cells.slice(1).map((row) => Number(/, ([\d,]+) kB$/.exec(row[2] ?? '')?.[1].replaceAll(',', '')));
  return { sizes, rest: cells.map((row) => row.map((cell, index) => (index === 2 ? cell.replace(/, [\d,]+ kB$/, '') : cell))) };
}

function answerApart(answer) {
  const [{ sent, ...image }] = answer.images;
  return { sizes: [sent.bytes], rest: { ...answer, id: 'req_', images: [{ ...image, sent: { ...sent, bytes: 0, sha256: '' } }] } };
}

/** The block of the README that `pattern` finds is like `text`, as `parts` reads both; written anew where that is asked for. */
function compare(pattern, text, parts) {
  if (process.env.UPDATE_FIGURES !== undefined)
    writeFileSync(
      README,
      read().replace(pattern, (whole, block) => whole.replace(block, () => text)),
    );
  const block = pattern.exec(read())?.[1];
  expect(block).toBeDefined();
  const [written, now] = [parts(block), parts(text)];
  expect(written.rest).toEqual(now.rest);
  for (const [index, size] of now.sizes.entries()) expect(Math.abs(written.sizes[index] / size - 1)).toBeLessThanOrEqual(BYTES_TOLERANCE);
}

describe('the figures of the README', () => {
  let stack;
  let table;
  let answer;
  beforeAll(async () => {
    stack = await lendService();
    ({ table } = await walk({ ...stack, samples: stack.origin }));
    const form = new FormData();
    form.set('image', new File([readFileSync('public/samples/phone-photo.jpg')], 'phone-photo.jpg'));
    // The first request asked for two fields; this one, as the README shows it, for one.
    const response = await fetch(`${stack.url}/v1/describe`, { method: 'POST', headers: { 'x-api-key': stack.key }, body: form });
    answer = await response.json();
  });

  it('in the table of the demo are those of a run', () => {
    compare(/```\n(request {2}[\s\S]*?)\n```/, table, (text) => apart(cellsOf(text)));
  });

  it('in the answer that is shown are those of an answer', () => {
    compare(/### The answer\n\n```json\n([\s\S]*?)\n```/, JSON.stringify(answer, undefined, 2), (text) => answerApart(JSON.parse(text)));
  });

  it('in its sentences are those of the answer', () => {
    const [{ width, height, sent }] = answer.images;
    const text = read();
    expect(text).toContain(`sent as ${sent.width} × ${sent.height} pixels`);
    expect(text).toContain(`${count(sent.image_tokens)} image tokens, known before the call`);
    expect(text).toContain(`${Math.round((width * height) / 1e6)}-megapixel photo`);
  });
});
