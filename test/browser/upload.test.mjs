import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from './support/chromium.mjs';
import { describePicture, prepare, startBrowser, watchCalls } from './support/page.mjs';

/** A gate for the answer of one call: the test says when it arrives. */
function gate() {
  const { promise, resolve } = Promise.withResolvers();
  return { opened: promise, open: resolve };
}

describe.skipIf(findChromium() === undefined)('images in the playground', () => {
  let browser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.stop());

  it('go up once and are named by their hash afterwards', async () => {
    const { page } = await browser.open('/');
    const calls = watchCalls(page);
    await prepare(page, { key: browser.stack.key, sample: 'Logo' });
    await page.locator('#languages').fill('de');
    await page.locator('#estimate', { hasText: 'Estimating' }).waitFor({ state: 'hidden' });
    await page.waitForFunction(() => /US\$|costs nothing/.test(document.getElementById('estimate').textContent));
    await describePicture(page);
    await page.getByRole('button', { name: 'Receipt', exact: true }).click();
    await page.locator('#tray', { hasText: 'receipt.jpg' }).waitFor();
    await page.getByRole('button', { name: 'Logo', exact: true }).click();
    await page.locator('#tray', { hasText: 'logo.png' }).waitFor();
    await page.waitForFunction(() => /US\$|costs nothing/.test(document.getElementById('estimate').textContent));
    await describePicture(page);
    const uploads = calls.filter(({ method, path }) => method === 'POST' && path === '/v1/images');
    expect(uploads.length).toBeLessThanOrEqual(2);
    const described = calls.filter(({ path }) => path === '/v1/describe');
    expect(described.map(({ json }) => json.image)).toEqual([{ image_id: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) }, described[0].json.image]);
    expect(calls.filter(({ path }) => path === '/v1/estimate').every(({ json }) => json?.image.image_id.startsWith('sha256:'))).toBe(true);
    await page.close();
  });

  it('are described by their bytes for a key that keeps none', async () => {
    const { page } = await browser.open('/');
    const problem = { title: 'Not allowed', detail: 'Images are not stored for this key.', code: 'forbidden', status: 403 };
    await page.route('**/v1/images', (route) => route.fulfill({ status: 403, json: problem }));
    const calls = watchCalls(page);
    await prepare(page, { key: browser.stack.key, sample: 'Logo' });
    await page.locator('#prompt').fill('What is its colour?');
    await describePicture(page);
    expect(await page.locator('.words').count()).toBeGreaterThan(0);
    expect(calls.filter(({ path }) => path === '/v1/estimate').length).toBe(1);
    await page.close();
  });

  it('that were deleted meanwhile are stored again', async () => {
    const { page } = await browser.open('/');
    await prepare(page, { key: browser.stack.key, sample: 'Line chart' });
    const calls = watchCalls(page);
    await page.evaluate(async (key) => {
      const file = await (await fetch('/samples/line-chart.png')).arrayBuffer();
      const digest = [...new Uint8Array(await crypto.subtle.digest('SHA-256', file))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
      await fetch(`/v1/images/sha256:${digest}`, { method: 'DELETE', headers: { 'x-api-key': key } });
    }, browser.stack.key);
    await describePicture(page);
    expect(await page.locator('.figures').count()).toBe(1);
    expect(calls.map(({ method, path }) => `${method} ${path}`).slice(1)).toEqual(['POST /v1/describe', 'POST /v1/images', 'POST /v1/describe']);
    await page.close();
  });

  it('have the answer that was asked for them: a late one is not shown under the next', async () => {
    const { page } = await browser.open('/');
    const late = gate();
    let asked = 0;
    await page.route('**/v1/describe', async (route) => {
      asked += 1;
      const isFirst = asked === 1;
      const answer = await (await route.fetch()).json();
      answer.descriptions[0].alt_text = isFirst ? 'The words for the logo' : 'The words for the receipt';
      if (isFirst) await late.opened;
      await route.fulfill({ json: answer }).catch(() => undefined);
    });
    await prepare(page, { key: browser.stack.key, sample: 'Logo' });
    await page.locator('#describe').click();
    await page.locator('.is-asking').waitFor();
    await page.getByRole('button', { name: 'Receipt', exact: true }).click();
    await page.locator('#tray', { hasText: 'receipt.jpg' }).waitFor();
    await page.locator('#describe[aria-disabled="false"]').waitFor();
    await describePicture(page);
    late.open();
    await page.unrouteAll({ behavior: 'wait' });
    expect(await page.locator('#result').innerText()).toContain('The words for the receipt');
    expect(await page.locator('#result').innerText()).not.toContain('The words for the logo');
    await page.close();
  });

  it('have the estimate that was asked for them', async () => {
    const { page } = await browser.open('/');
    const late = gate();
    let asked = 0;
    await page.route('**/v1/estimate', async (route) => {
      asked += 1;
      const response = await route.fetch();
      if (asked === 1) await late.opened;
      await route.fulfill({ response }).catch(() => undefined);
    });
    await page.locator('#key').fill(browser.stack.key);
    await page.getByRole('button', { name: 'Phone photo, 12 megapixels', exact: true }).click();
    await page.locator('#estimate', { hasText: 'Estimating' }).waitFor();
    await page.getByRole('button', { name: 'Logo', exact: true }).click();
    await page.locator('#estimate', { hasText: '645 image tokens' }).waitFor();
    late.open();
    await page.unrouteAll({ behavior: 'wait' });
    expect(await page.locator('#estimate').innerText()).toContain('1,200 × 400: 645 image tokens');
    await page.close();
  });

  it('of which the sample arrives late do not replace what was chosen after it', async () => {
    const { page } = await browser.open('/');
    const late = gate();
    await page.route('**/samples/phone-photo.jpg', async (route) => {
      await late.opened;
      await route.continue();
    });
    await page.getByRole('button', { name: 'Phone photo, 12 megapixels', exact: true }).click();
    await page.getByRole('button', { name: 'Logo', exact: true }).click();
    await page.locator('#tray', { hasText: 'logo.png' }).waitFor();
    late.open();
    await page.unrouteAll({ behavior: 'wait' });
    expect(await page.locator('.tray-name').allInnerTexts()).toEqual(['logo.png']);
    await page.close();
  });

  it('are no longer waited for after "Cancel", and can be asked about again', async () => {
    const { page } = await browser.open('/');
    const late = gate();
    await page.route('**/v1/describe', async (route) => {
      await late.opened;
      await route.continue().catch(() => undefined);
    });
    await prepare(page, { key: browser.stack.key, sample: 'Logo' });
    expect(await page.locator('#cancel').isHidden()).toBe(true);
    await page.locator('#describe').click();
    await page.locator('.is-asking').waitFor();
    await page.locator('#cancel').click();
    await page.locator('#result', { hasText: 'Stopped' }).waitFor();
    expect(await page.evaluate(() => document.activeElement.id)).toMatch(/^(describe|result)$/);
    late.open();
    await page.unrouteAll({ behavior: 'wait' });
    await describePicture(page);
    expect(await page.locator('.figures').count()).toBe(1);
    await page.close();
  });
});
