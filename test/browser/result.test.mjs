import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { violationsOf } from './support/axe.mjs';
import { findChromium } from './support/chromium.mjs';
import { describePicture, figure, prepare, startBrowser } from './support/page.mjs';
import { junkOf } from './support/text.mjs';

describe.skipIf(findChromium() === undefined)('what the playground shows of an answer', () => {
  let browser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.stop());

  /** Describes a sample, with the answer of the service changed by `edit`. */
  async function describeWith(edit, { sample = 'Phone photo, 12 megapixels', key = browser.stack.key } = {}) {
    const { page, errors } = await browser.open('/');
    await prepare(page, { key, sample });
    await page.route('**/v1/describe', async (route) => {
      const answer = await (await route.fetch()).json();
      await route.fulfill({ json: edit(answer) ?? answer });
    });
    await describePicture(page);
    return { page, errors };
  }

  it('draws boxes where they are in the upright file, and lists them', async () => {
    const { page, errors } = await describeWith((answer) => {
      answer.descriptions[0].objects = [
        { label: 'Mug', image: 0, box: { x: 1512, y: 1008, width: 756, height: 403 } },
        { label: '<b>Pencil</b>', image: 0, box: { x: 0, y: 4031, width: 1, height: 1 } },
        { label: 'No box', image: 0 },
        { label: 'Elsewhere', image: 1, box: { x: 0, y: 0, width: 9, height: 9 } },
      ];
      answer.descriptions[0].text = { content: 'Saturday', lines: [{ text: 'Saturday', box: { x: 10, y: 20, width: 30, height: 40 } }] };
    });
    const frame = await page.locator('.boxes').boundingBox();
    const box = await page.locator('.box').first().boundingBox();
    // The file is 3,024 × 4,032 upright: the box begins at a half and a quarter, and is a quarter wide and a tenth high.
    expect((box.x - frame.x) / frame.width).toBeCloseTo(0.5, 2);
    expect((box.y - frame.y) / frame.height).toBeCloseTo(0.25, 2);
    expect(box.width / frame.width).toBeCloseTo(0.25, 2);
    expect(box.height / frame.height).toBeCloseTo(0.1, 2);
    expect(await page.locator('.boxes-figure li').allInnerTexts()).toEqual([
      'Mug x 1,512, y 1,008, 756 × 403',
      '<b>Pencil</b> x 0, y 4,031, 1 × 1',
      'Saturday x 10, y 20, 30 × 40',
    ]);
    // Text with lines is shown as its words alone; the alt text of this sample names Saturday too, and is another block.
    const text = page.locator('.answer', { has: page.getByRole('heading', { name: 'Text', exact: true }) });
    expect(await text.locator('.words').allInnerTexts()).toEqual(['Saturday']);
    // An object without a box is in no drawing, so the field stands among the others.
    expect(await page.locator('.answer h3').allInnerTexts()).toContain('Objects');
    expect(await violationsOf(page)).toEqual([]);
    expect(errors).toEqual([]);
    await page.close();
  });

  it('shows lists as lists, empty text as empty, data as JSON, and facts about an answer not as its words', async () => {
    const { page } = await describeWith((answer) => {
      answer.descriptions = [
        { language: 'en', alt_text: '', decorative: true, tags: ['desk', 'fruit'], provenance: { origin: 'model' }, lint: { passed: true } },
      ];
      answer.data = { total: null };
    });
    expect(await page.locator('.answer h3').allInnerTexts()).toEqual(['Alt text', 'Tags', 'Data']);
    expect(await page.locator('.answer', { hasText: 'Alt text' }).innerText()).toContain('Empty: the image is decorative.');
    expect(await page.locator('.tags li').allInnerTexts()).toEqual(['desk', 'fruit']);
    expect(await junkOf(page)).toEqual([]);
    await page.close();
  });

  it('says what a joined answer and a call without a price have cost, with ones in the singular', async () => {
    const joined = await describeWith((answer) => {
      answer.cache = { status: 'joined', age_seconds: 0, saved_usd: 0.000123 };
      answer.images[0].bytes = 69;
      answer.images[0].sent.image_tokens = 1;
    });
    expect(await figure(joined.page, 'billed')).toBe('nothing; the call behind it had cost US$\u00a00.000123');
    expect(await figure(joined.page, 'source')).toContain('69 bytes');
    expect(await figure(joined.page, 'claude-sees')).toMatch(/ 1 image token$/);
    await joined.page.close();
    const unpriced = await describeWith((answer) => {
      answer.cache = { status: 'miss', age_seconds: 0 };
      answer.usage = { ...answer.usage, input_tokens: 1, output_tokens: 2, cost_usd: null };
    });
    expect(await figure(unpriced.page, 'billed')).toBe('no price is known; 1 token in, 2 tokens out');
    await unpriced.page.close();
  });

  it('shows the numbers of a budget and leads to the page of its code', async () => {
    const { page } = await browser.open('/');
    await prepare(page, { key: browser.stack.key, sample: 'Logo' });
    const budget = { scope: 'key', period: 'day', unit: 'usd', needed: 0.002, limit: 0.05, spent: 0.049, reserved: 0, resets_at: '2026-11-29T00:00:00.000Z' };
    const problem = {
      title: 'The budget does not cover this call',
      status: 402,
      detail: 'Too much.',
      code: 'budget_exceeded',
      param: null,
      billed: false,
      budget,
    };
    await page.route('**/v1/describe', (route) => route.fulfill({ status: 402, contentType: 'application/problem+json', body: JSON.stringify(problem) }));
    await describePicture(page);
    const text = (await page.locator('.problem').innerText()).replaceAll('\u00a0', ' ');
    expect(text).toContain("Needed: US$ 0.002000; limit of the key's day: US$ 0.050000; spent: US$ 0.049000");
    expect(text).toContain('nothing was billed');
    expect(await junkOf(page)).toEqual([]);
    await page.locator('.problem a').click();
    await page.getByRole('heading', { name: 'budget_exceeded' }).waitFor();
    await page.close();
  });

  it('compares all models by what the API says of each', async () => {
    const { page } = await browser.open('/');
    await prepare(page, { key: browser.stack.key, sample: 'Logo' });
    await page.getByText('Compare models').click();
    await page.locator('#comparison td').first().waitFor();
    const headers = { 'x-api-key': browser.stack.key };
    const { data } = await (await fetch(`${browser.stack.url}/v1/models`, { headers })).json();
    const shown = await page.locator('#comparison tbody tr').evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent)));
    expect(shown.map(([model]) => model)).toEqual(data.map(({ id }) => id));
    expect(shown.every(([, size, tokens]) => size === '1,200 × 400' && tokens === '645')).toBe(true);
    await page.close();
  });
});
