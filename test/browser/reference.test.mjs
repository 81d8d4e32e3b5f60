import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from './support/chromium.mjs';
import { overflowPx, startBrowser } from './support/page.mjs';

describe.skipIf(findChromium() === undefined)('the reference at /docs', () => {
  let browser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.stop());

  it('has a section and a link for every operation of the OpenAPI document', async () => {
    const specification = await (await fetch(`${browser.stack.url}/openapi.json`)).json();
    const ids = Object.values(specification.paths).flatMap((item) => Object.values(item).flatMap((operation) => operation.operationId ?? []));
    const { page, errors } = await browser.open('/docs');
    await page.locator('#problems').waitFor();
    expect(await page.locator('main > section:not(#problems)').evaluateAll((sections) => sections.map((section) => section.id))).toEqual(ids);
    expect(await page.locator('#routes a').count()).toBe(ids.length + 1);
    expect(errors).toEqual([]);
    await page.close();
  });

  it('says what each field of a description request is for', async () => {
    const { page } = await browser.open('/docs');
    await page.locator('#problems').waitFor();
    const silent = await page
      .locator('#describe > .table tbody tr')
      .evaluateAll((rows) => rows.filter((row) => row.querySelectorAll('td p').length < 2).map((row) => row.querySelector('code').textContent));
    expect(silent).toEqual([]);
    await page.close();
  });

  it('shows the members of an answer that may be null, such as the cost of an estimate', async () => {
    const { page } = await browser.open('/docs');
    await page.locator('#problems').waitFor();
    expect(await page.locator('#estimate').textContent()).toMatch(/estimates\[\]\.cost_usd\.reserved/);
    await page.close();
  });

  it('leads from each error code to its page', async () => {
    const { page } = await browser.open('/docs#problems');
    await page.locator('#problems').waitFor();
    const addresses = await page.locator('.codes a').evaluateAll((links) => links.map((link) => link.href));
    expect(addresses.length).toBeGreaterThan(10);
    const statuses = await Promise.all(addresses.map(async (address) => (await fetch(address)).status));
    expect(new Set(statuses)).toEqual(new Set([200]));
    await page.close();
  });

  it('does not scroll sideways at 360 px', async () => {
    const { page } = await browser.open('/docs', { viewport: { width: 360, height: 740 } });
    await page.locator('#problems').waitFor();
    expect(await overflowPx(page)).toBe(0);
    await page.close();
  });

  it('lets pages load nothing from elsewhere', async () => {
    for (const path of ['/', '/docs', '/script/element.js', '/samples/logo.png']) {
      const response = await fetch(browser.stack.url + path);
      expect(response.headers.get('content-security-policy'), path).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/);
      expect(response.headers.get('x-content-type-options'), path).toBe('nosniff');
    }
  });

  it('leaves unknown addresses to the API', async () => {
    const response = await fetch(`${browser.stack.url}/nothing-here`);
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
  });
});
