import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from './support/chromium.mjs';
import { describePicture, figure, prepare, startBrowser } from './support/page.mjs';

const hasChromium = findChromium() !== undefined;
if (!hasChromium) console.warn('No Chromium here: the browser tests are skipped. Install one, or set CHROMIUM to its path.');

describe.skipIf(!hasChromium)('the playground', () => {
  let browser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.stop());

  it('describes a sample and shows words, sizes, tokens and cost', async () => {
    const { page, errors } = await browser.open('/');
    await prepare(page, { key: browser.stack.key, sample: 'Phone photo, 12 megapixels' });
    expect(await page.locator('#estimate').innerText()).toContain('1,564 image tokens');
    await describePicture(page);
    expect(await page.locator('.words').first().innerText()).toMatch(/^Simulated/);
    expect(await figure(page, 'source')).toContain('3,024 × 4,032');
    expect(await figure(page, 'claude-sees')).toContain('952 × 1,270');
    expect(await figure(page, 'billed')).toMatch(/US\$\s0\.000\d+/);
    expect(await page.locator('.cache-status').innerText()).toBe('cache miss');
    expect(errors).toEqual([]);
    await page.close();
  });

  it('draws the sent size to scale inside the size of the file', async () => {
    const { page } = await browser.open('/');
    await prepare(page, { key: browser.stack.key, sample: 'Phone photo, 12 megapixels' });
    await describePicture(page);
    const outer = await page.locator('.scale').boundingBox();
    const inner = await page.locator('.scale-sent').boundingBox();
    expect(inner.width / outer.width).toBeCloseTo(952 / 3024, 2);
    expect(inner.height / outer.height).toBeCloseTo(1270 / 4032, 2);
    await page.close();
  });

  it('answers the same picture from the cache the second time, for nothing', async () => {
    const { page, errors } = await browser.open('/');
    await prepare(page, { key: browser.stack.key, sample: 'Logo' });
    await describePicture(page);
    expect(await page.locator('.cache-status').innerText()).toBe('cache miss');
    await page.locator('#describe').click();
    await page.locator('.cache-status', { hasText: 'cache hit' }).waitFor();
    expect(await figure(page, 'billed')).toMatch(/^nothing; the call behind it had cost US\$/);
    expect(errors).toEqual([]);
    await page.close();
  });

  it('says what to do about a wrong key', async () => {
    const { page } = await browser.open('/');
    await prepare(page, { key: 'wrong', sample: 'Logo' });
    await describePicture(page);
    expect(await page.locator('.problem-detail').innerText()).toContain('x-api-key: KEY');
    expect(await page.locator('.problem a').getAttribute('href')).toBe('/docs/error/unauthorized');
    expect(await page.locator('#key').getAttribute('aria-invalid')).toBe('true');
    await page.close();
  });

  it('says what to do about a file that is no image', async () => {
    const { page } = await browser.open('/');
    await page.locator('#key').fill(browser.stack.key);
    await page.locator('#picture').setInputFiles({ name: 'report.pdf', mimeType: 'image/jpeg', buffer: Buffer.from('%PDF-1.7\n') });
    await page.locator('#estimate', { hasText: 'Render the page' }).waitFor();
    await describePicture(page);
    expect(await page.locator('.problem').innerText()).toMatch(/PDF[\s\S]*Render the page to PNG or JPEG/);
    await page.close();
  });

  it('shows text from outside as text, never as markup', async () => {
    const { page, errors } = await browser.open('/');
    await prepare(page, { key: browser.stack.key, sample: 'Logo' });
    await page.route('**/v1/describe', async (route) => {
      const answer = await (await route.fetch()).json();
      answer.descriptions[0].alt_text = '<img src=x onerror=alert(1)>';
      await route.fulfill({ json: answer });
    });
    await describePicture(page);
    expect(await page.locator('.words').first().innerText()).toBe('<img src=x onerror=alert(1)>');
    expect(await page.locator('.words img').count()).toBe(0);
    expect(errors).toEqual([]);
    await page.close();
  });

  it('gives a curl line that asks for the same', async () => {
    const { page } = await browser.open('/');
    await prepare(page, { key: browser.stack.key, sample: 'Receipt' });
    await page.locator('#prompt').fill("What's the total?");
    expect(await page.locator('#curl').innerText()).toBe(
      [
        `curl -s ${browser.stack.url}/v1/describe`,
        '-H "x-api-key: $VIGNETTE_KEY"',
        '-F image=@public/samples/receipt.jpg',
        '-F fields=alt_text',
        `--form-string 'prompt=What'\\''s the total?'`,
      ].join(' \\\n  '),
    );
    await page.close();
  });
});
