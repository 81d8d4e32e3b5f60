import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { violationsOf } from './support/axe.mjs';
import { findChromium } from './support/chromium.mjs';
import { describePicture, overflowPx, prepare, startBrowser } from './support/page.mjs';
import { junkOf } from './support/text.mjs';

/** Every page, with what shows that it is whole. */
const PAGES = [
  ['/', 'input[name=field]'],
  ['/docs', '#problems'],
  ['/docs/error', 'h1'],
  ['/docs/error/budget_exceeded', 'h1'],
];
const SCHEMES = ['light', 'dark'];
/** A phone, the narrowest window that WCAG 1.4.10 asks for, and a desktop window of 1,280 px at 200 %. */
const WIDTHS = [390, 320, 640];

describe.skipIf(findChromium() === undefined)('accessibility of the pages', () => {
  let browser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.stop());

  /** Rules, widths and words of a page as it stands. */
  async function check(page, words = true) {
    expect(await violationsOf(page)).toEqual([]);
    if (words) expect(await junkOf(page)).toEqual([]);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 800 });
      expect(await overflowPx(page), `${page.url()} at ${width} px`).toBe(0);
    }
    await page.setViewportSize({ width: 1280, height: 900 });
  }

  for (const colorScheme of SCHEMES) {
    it.each(PAGES)(`%s breaks no rule and fits every width, in the ${colorScheme} scheme`, async (path, sign) => {
      const { page } = await browser.open(path, { colorScheme });
      await page.locator(sign).first().waitFor();
      // Words of the reference have a test of their own.
      await check(page, path !== '/docs');
      await page.close();
    });

    it(`the playground with an answer and with a problem, in the ${colorScheme} scheme`, async () => {
      const { page } = await browser.open('/', { colorScheme });
      await prepare(page, { key: browser.stack.key, sample: 'Dashboard' });
      await page.getByText('Compare models').click();
      await page.locator('#comparison td').first().waitFor();
      await describePicture(page);
      await page.getByText('The whole answer as JSON').click();
      await check(page);
      await page.locator('#key').fill('wrong');
      await describePicture(page);
      await page.getByText('The problem document').click();
      await check(page);
      await page.close();
    });
  }

  it('an address where nothing is leads back, in the same look', async () => {
    const { page } = await browser.open('/nothing-here');
    expect(await page.locator('h1').innerText()).toBe('Nothing is here');
    await check(page);
    await page.locator('main').getByRole('link', { name: 'reference' }).click();
    await page.locator('#problems').waitFor();
    expect(new URL(page.url()).pathname).toBe('/docs');
    await page.close();
  });

  it('pages of errors have styles, a policy as strict as the others, and lead on', async () => {
    const { page, errors } = await browser.open('/docs/error/unauthorized');
    expect(await page.evaluate(() => getComputedStyle(document.querySelector('.masthead')).display)).toBe('flex');
    const links = await page.locator('a[href^="/"], link[href]').evaluateAll((nodes) => nodes.map((node) => node.href));
    for (const link of links) expect((await fetch(link)).status, link).toBe(200);
    const policy = (await fetch(page.url())).headers.get('content-security-policy');
    expect(policy).toMatch(/^default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/);
    expect(errors).toEqual([]);
    await page.close();
  });

  it('with forced colours every control keeps its outline, and a chosen sample differs', async () => {
    const { page } = await browser.open('/', { forcedColors: 'active' });
    await page.getByRole('button', { name: 'Logo', exact: true }).click();
    await page.locator('.sample[aria-pressed=true]').waitFor();
    const borders = await page
      .locator('.ask :is(button, input:not(.hidden, [type=checkbox]), select, textarea)')
      .evaluateAll((nodes) =>
        nodes
          .filter((node) => node.checkVisibility() && Number.parseFloat(getComputedStyle(node).borderTopWidth) === 0)
          .map((node) => node.id || node.className),
      );
    expect(borders).toEqual([]);
    const [pressed, other] = await Promise.all(
      ['true', 'false'].map((value) =>
        page
          .locator(`.sample[aria-pressed=${value}]`)
          .first()
          .evaluate((node) => getComputedStyle(node).borderTopWidth),
      ),
    );
    expect(pressed).not.toBe(other);
    await page.close();
  });

  it('nothing moves for those who ask for less motion', async () => {
    const { page } = await browser.open('/');
    await page.evaluate(() => document.getElementById('result').replaceChildren(Object.assign(document.createElement('p'), { className: 'is-asking' })));
    const name = () => page.evaluate(() => getComputedStyle(document.querySelector('.is-asking'), '::before').animationName);
    expect(await name()).toBe('none');
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    expect(await name()).toBe('turn');
    await page.close();
  });
});
