import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from './support/chromium.mjs';
import { startBrowser } from './support/page.mjs';

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
    expect(await page.locator('#routes > li').count()).toBe(ids.length + 1);
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

  it('finds routes and members by words, and leads to them', async () => {
    const { page, errors } = await browser.open('/docs');
    await page.locator('#problems').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('max_age');
    const links = await page.locator('#routes > li > a').allInnerTexts();
    expect(links).toEqual(['POST /v1/describe', 'POST /v1/estimate']);
    expect(await page.locator('#found').innerText()).toMatch(/^2 routes, [2-9]\d* members$/);
    await page
      .locator('#routes .members a', { hasText: /^max_age_seconds$/ })
      .first()
      .click();
    expect(new URL(page.url()).hash).toBe('#describe.body.max_age_seconds');
    expect(await inView(page, '[id="describe.body.max_age_seconds"]')).toBe(true);
    await page.locator('#search').fill('xyzzy');
    expect(await page.locator('#found').innerText()).toBe('Nothing is called that.');
    await page.locator('#search').press('Escape');
    expect(await page.locator('#routes > li').count()).toBe(await page.locator('main > section').count());
    expect(errors).toEqual([]);
    await page.close();
  });

  it.each(['storeImage', 'describe.body.fields', 'describe.200.usage.cost_usd', 'problems'])('opens at #%s, also where that is folded away', async (id) => {
    const { page } = await browser.open(`/docs#${id}`);
    await page.locator('.is-target').waitFor();
    expect(await inView(page, `[id="${id}"]`)).toBe(true);
    await page.close();
  });

  it('gives every member and every route an address of its own', async () => {
    const { page } = await browser.open('/docs');
    await page.locator('#problems').waitFor();
    const ids = await page.locator('[id]').evaluateAll((nodes) => nodes.map((node) => node.id));
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    const dead = await page
      .locator('a[href^="#"]')
      .evaluateAll((links) => links.filter((link) => document.getElementById(link.hash.slice(1)) === null).map((link) => link.hash));
    expect(dead).toEqual([]);
    await page.close();
  });

  it('prints everything that is folded away, and neither buttons nor the list of routes', async () => {
    const { page } = await browser.open('/docs');
    await page.locator('#problems').waitFor();
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    expect(await page.locator('[id="describe.200.usage.cost_usd"]').isVisible()).toBe(true);
    expect(await page.locator('main details:not([open])').count()).toBe(0);
    for (const hidden of ['.routes', '.copy', '.masthead nav']) expect(await page.locator(hidden).first().isVisible(), hidden).toBe(false);
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(255, 255, 255)');
    await page.evaluate(() => dispatchEvent(new Event('afterprint')));
    expect(await page.locator('main details[open]').count()).toBe(0);
    await page.close();
  });

  it('shows what the document says of a member, before its own note, and the examples of the document', async () => {
    const { page } = await browser.open('/docs');
    await page.route('**/openapi.json', async (route) => {
      const specification = await (await route.fetch()).json();
      const { post } = specification.paths['/v1/estimate'];
      const content = post.requestBody.content['application/json'];
      delete post.requestBody.content['multipart/form-data'];
      delete post.requestBody.content['image/*'];
      post.description = 'Words of the document.';
      content.schema.properties.prompt = { ...content.schema.properties.prompt, description: 'What the document says.', examples: ['How many?'] };
      content.example = { image: { url: "https://shop.example/it's.jpg" } };
      post.responses[200].content['application/json'].example = { type: 'estimate' };
      await route.fulfill({ json: specification });
    });
    await page.reload();
    await page.locator('#problems').waitFor();
    const text = (await page.locator('#estimate').textContent()).replaceAll(/\s+/g, ' ');
    expect(text).toContain('Words of the document.');
    expect(await page.locator('[id="estimate.body.prompt"]').textContent()).toMatch(/What the document says\..*Such as How many\?/);
    expect(text).toContain(String.raw`-d '{"image":{"url":"https://shop.example/it'\''s.jpg"}}'`);
    expect(text).toContain('{ "type": "estimate" }');
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

function inView(page, selector) {
  return page.locator(selector).evaluate((node) => {
    const { top, bottom } = node.getBoundingClientRect();
    return node.checkVisibility() && bottom > 0 && top < innerHeight;
  });
}
