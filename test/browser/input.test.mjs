import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from './support/chromium.mjs';
import { describePicture, startBrowser, watchCalls } from './support/page.mjs';

const SAMPLES = new URL('../../public/samples/', import.meta.url);

describe.skipIf(findChromium() === undefined)('choosing images in the playground', () => {
  let browser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.stop());

  /** Gives files to the page as a drop or a paste does. */
  function give(page, type, target, names) {
    const files = names.map((name) => ({ name, base64: readFileSync(new URL(name, SAMPLES)).toString('base64') }));
    return page.evaluate(
      ({ type, target, files }) => {
        const transfer = new DataTransfer();
        for (const { name, base64 } of files) transfer.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], name));
        const node = document.querySelector(target);
        if (type === 'paste') return node.dispatchEvent(new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true }));
        for (const step of ['dragenter', 'dragover', 'drop']) {
          const event = new DragEvent(step, { dataTransfer: transfer, bubbles: true, cancelable: true });
          node.dispatchEvent(event);
          // Else the browser would leave the page and show the file.
          if (step !== 'dragenter' && !event.defaultPrevented) throw new Error(`${step} was left to the browser`);
        }
        return true;
      },
      { type, target, files },
    );
  }

  it.each(['#drop', '.masthead', '#result'])('takes files that are dropped on %s', async (target) => {
    const { page } = await browser.open('/');
    await page.locator('input[name=field]').first().waitFor();
    await give(page, 'drop', target, ['logo.png']);
    expect(await page.locator('.tray-name').allInnerTexts()).toEqual(['logo.png']);
    expect(await page.locator('.overlay').isHidden()).toBe(true);
    await page.close();
  });

  it('takes pasted files, and pasted text as text', async () => {
    const { page } = await browser.open('/');
    await page.locator('input[name=field]').first().waitFor();
    await give(page, 'paste', '#prompt', ['logo.png']);
    expect(await page.locator('.tray-name').allInnerTexts()).toEqual(['logo.png']);
    await give(page, 'paste', '#prompt', []);
    expect(await page.locator('.tray-name').allInnerTexts()).toEqual(['logo.png']);
    await page.close();
  });

  it('describes several files, each under its own name, with a loop for the terminal', async () => {
    const { page, errors } = await browser.open('/');
    await page.locator('#key').fill(browser.stack.key);
    await page.locator('#picture').setInputFiles(['logo.png', 'receipt.jpg', 'coffee-cup.webp'].map((name) => new URL(name, SAMPLES).pathname));
    await page.locator('#estimate', { hasText: '3 images' }).waitFor();
    expect(await page.locator('#curl').innerText()).toMatch(/^for image in logo\.png receipt\.jpg coffee-cup\.webp; do\n/);
    await page.locator('#describe').click();
    await page.locator('#result[aria-busy="false"] .summary').waitFor();
    const cards = await page
      .locator('.card')
      .evaluateAll((nodes) => nodes.map((node) => [node.getAttribute('aria-label'), node.querySelector('[data-figure=source]').textContent]));
    expect(cards).toEqual([
      ['logo.png', '1,200 × 400, 16 kB, image/png'],
      ['receipt.jpg', expect.stringMatching(/image\/jpeg$/)],
      ['coffee-cup.webp', expect.stringMatching(/image\/webp$/)],
    ]);
    await page.getByRole('button', { name: 'Remove receipt.jpg' }).click();
    expect(await page.locator('.tray-name').allInnerTexts()).toEqual(['logo.png', 'coffee-cup.webp']);
    expect(errors).toEqual([]);
    await page.close();
  });

  it('describes the others where one of several is no image', async () => {
    const { page } = await browser.open('/');
    await page.locator('#key').fill(browser.stack.key);
    await page.locator('#picture').setInputFiles([
      { name: 'report.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7\n') },
      { name: 'logo.png', mimeType: 'image/png', buffer: readFileSync(new URL('logo.png', SAMPLES)) },
    ]);
    await page.locator('#estimate', { hasText: '1 image cannot be described' }).waitFor();
    await page.locator('#describe').click();
    await page.locator('#result[aria-busy="false"] .summary', { hasText: '1 failed' }).waitFor();
    expect(await page.locator('.card', { hasText: 'report.pdf' }).innerText()).toContain('Render the page');
    expect(await page.locator('.card', { hasText: 'logo.png' }).locator('.words').count()).toBe(1);
    await page.close();
  });

  it('asks nobody for an address that is still being typed', async () => {
    const { page } = await browser.open('/');
    await page.locator('#key').fill(browser.stack.key);
    await page.locator('#estimate', { hasText: 'The key is good' }).waitFor();
    const calls = watchCalls(page);
    const address = `${browser.stack.origin}/logo.png`;
    // The form asks 350 ms after a change: a key a second is longer than that on any clock.
    await page.clock.install();
    for (const letter of address) {
      await page.locator('#url').press(letter === '/' ? 'Slash' : letter);
      await page.clock.runFor(1000);
    }
    expect(calls).toEqual([]);
    await page.locator('#url').press('Enter');
    await page.clock.resume();
    await page.locator('#estimate', { hasText: '645 image tokens' }).waitFor();
    expect(calls.filter(({ path }) => path === '/v1/images').map(({ json }) => json)).toEqual([{ url: address }]);
    await page.locator('#preview').waitFor();
    await describePicture(page);
    expect(await page.locator('#curl').innerText()).toContain(`-d '{"image":{"url":"${address}"}}'`);
    await page.close();
  });

  it.each(['https', 'https://', 'shop.example/a.jpg', 'ftp://shop.example/a.jpg'])('says that "%s" is no whole address, and asks nobody', async (text) => {
    const { page } = await browser.open('/');
    await page.locator('#key').fill(browser.stack.key);
    await page.locator('#estimate', { hasText: 'The key is good' }).waitFor();
    const calls = watchCalls(page);
    await page.locator('#url').fill(text);
    await page.locator('#describe').click();
    expect(await page.locator('#url').getAttribute('aria-invalid')).toBe('true');
    expect(await page.locator('#estimate').innerText()).toContain('https://');
    expect(await page.evaluate(() => document.activeElement.id)).toBe('url');
    expect(calls).toEqual([]);
    await page.close();
  });
});
