import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from './support/chromium.mjs';
import { startBrowser } from './support/page.mjs';

describe.skipIf(findChromium() === undefined)('the key in the playground', () => {
  let browser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.stop());

  it('stays for the tab and gets into no address', async () => {
    const { page } = await browser.open('/');
    await page.locator('#key').fill(browser.stack.key);
    await page.reload();
    expect(await page.locator('#key').inputValue()).toBe(browser.stack.key);
    expect(page.url()).not.toContain(browser.stack.key);
    expect(await page.evaluate(() => localStorage.length)).toBe(0);
    expect(await page.context().cookies()).toEqual([]);
    await page.close();
  });

  it('is taken from the fragment and removed from the address and the history', async () => {
    const { page, errors } = await browser.open(`/#key=${browser.stack.key}`);
    await page.locator('#estimate', { hasText: 'The key is good' }).waitFor();
    expect(await page.locator('#key').inputValue()).toBe(browser.stack.key);
    expect(page.url()).toBe(`${browser.stack.url}/`);
    await page.goto(`${browser.stack.url}/docs`);
    await page.goBack();
    expect(page.url()).toBe(`${browser.stack.url}/`);
    expect(errors).toEqual([]);
    await page.close();
  });

  it('is taken from a fragment that comes later, and the rest of the fragment stays', async () => {
    const { page } = await browser.open('/');
    await page.locator('input[name=field]').first().waitFor();
    await page.evaluate((key) => (location.hash = `languages=de&key=${key}`), browser.stack.key);
    await page.locator('#estimate', { hasText: 'The key is good' }).waitFor();
    expect(page.url()).toBe(`${browser.stack.url}/#languages=de`);
    await page.close();
  });

  it('never stands in a link to the settings, which another page takes up', async () => {
    const { page } = await browser.open(`/#key=${browser.stack.key}`);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByText('Caption', { exact: true }).click();
    await page.locator('#languages').fill('de, pt-BR');
    await page.locator('#prompt').fill('What & who?');
    await page.getByRole('button', { name: 'Copy a link to these settings' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    expect(link).not.toContain(browser.stack.key);
    await page.close();
    const { page: other } = await browser.open(link.slice(browser.stack.url.length));
    await other.locator('input[value=caption]:checked').waitFor();
    expect(await other.locator('#languages').inputValue()).toBe('de, pt-BR');
    expect(await other.locator('#prompt').inputValue()).toBe('What & who?');
    await other.close();
  });

  it('is beside a badge that says that Claude is simulated, where it is', async () => {
    const { page } = await browser.open('/');
    await page.locator('#simulated').waitFor();
    expect(await page.locator('#simulated').innerText()).toBe('Claude is simulated');
    await page.route('**/healthz', (route) => route.fulfill({ json: { status: 'ok', service: 'vignette', environment: 'production' } }));
    await page.reload();
    await page.locator('input[name=field]').first().waitFor();
    expect(await page.locator('#simulated').isHidden()).toBe(true);
    await page.close();
  });
});
