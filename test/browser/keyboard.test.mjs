import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from './support/chromium.mjs';
import { startBrowser } from './support/page.mjs';

describe.skipIf(findChromium() === undefined)('the playground with the keyboard alone', () => {
  let browser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.stop());

  /** Presses Tab until this element has the focus, as somebody without a mouse does. */
  async function tabTo(page, selector) {
    for (let step = 0; step < 60; step += 1) {
      if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`Tab does not reach ${selector}`);
  }

  it('enters a key, chooses a sample, describes it, and lands on the answer', async () => {
    const { page, errors } = await browser.open('/');
    await page.locator('input[name=field]').first().waitFor();
    await tabTo(page, '.skip');
    await page.keyboard.press('Enter');
    await tabTo(page, '.sample[title=Logo]');
    await page.keyboard.press('Enter');
    await page.locator('#tray', { hasText: 'logo.png' }).waitFor();
    await tabTo(page, 'input[value=caption]');
    await page.keyboard.press('Space');
    await tabTo(page, '#key');
    await page.keyboard.type(browser.stack.key);
    await page.locator('#estimate', { hasText: /US\$|costs nothing/ }).waitFor();
    await tabTo(page, '#describe');
    await page.keyboard.press('Enter');
    await page.locator('#result[aria-busy="false"] .figures').waitFor();
    expect(await page.evaluate(() => document.activeElement.id)).toBe('result');
    expect(await page.locator('#announce').innerText()).toMatch(/^1 image described/);
    expect(errors).toEqual([]);
    await page.close();
  });

  it('takes an address, compares models, removes the image and cancels', async () => {
    const { page } = await browser.open(`/#key=${browser.stack.key}`);
    await page.locator('#estimate', { hasText: 'The key is good' }).waitFor();
    await tabTo(page, '#url');
    await page.keyboard.type(`${browser.stack.origin}/logo.png`);
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement.id)).toBe('use-url');
    await page.keyboard.press('Enter');
    await page.locator('#estimate', { hasText: /US\$|costs nothing/ }).waitFor();
    await tabTo(page, '#comparison summary');
    await page.keyboard.press('Enter');
    await page.locator('#comparison td').first().waitFor();
    await page.route('**/v1/describe', () => undefined);
    await tabTo(page, '#describe');
    await page.keyboard.press('Enter');
    await tabTo(page, '#cancel');
    await page.keyboard.press('Enter');
    await page.locator('#result', { hasText: 'Stopped' }).waitFor();
    await page.locator('.tray-row button').focus();
    await page.keyboard.press('Enter');
    expect(await page.locator('.tray-row').count()).toBe(0);
    // Else the focus would fall out of the form with the button that had it.
    expect(await page.evaluate(() => document.activeElement.id)).toBe('picture');
    await page.close();
  });

  it('shows where the focus is, on every stop', async () => {
    const { page } = await browser.open('/');
    await page.locator('input[name=field]').first().waitFor();
    const unseen = [];
    for (let step = 0; step < 40; step += 1) {
      await page.keyboard.press('Tab');
      const stop = await page.evaluate(() => {
        const node = document.activeElement;
        const shown = node.id === 'picture' ? node.nextElementSibling : node;
        return { name: node.id || node.className || node.textContent, outline: getComputedStyle(shown).outlineStyle, isBody: node === document.body };
      });
      if (stop.isBody) break;
      if (stop.outline === 'none') unseen.push(stop.name);
    }
    expect(unseen).toEqual([]);
    await page.close();
  });
});
