import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from './support/chromium.mjs';
import { startBrowser } from './support/page.mjs';

/** What a first visit may load, in bytes as Cloudflare sends them, which compresses text. */
const PAGE_BYTES_MAX = 150_000;
const REFERENCE_BYTES_MAX = 60_000;

describe.skipIf(findChromium() === undefined)('what the pages load', () => {
  let browser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.stop());

  it.each([
    ['/', '#samples img', PAGE_BYTES_MAX],
    ['/docs', '#problems', REFERENCE_BYTES_MAX],
    ['/docs/error', 'h1', 20_000],
  ])('%s is small, and comes from this origin alone', async (path, sign, bytesMax) => {
    const { page } = await browser.open('about:blank');
    const sizes = new Map();
    const pending = [];
    page.on('response', (response) => pending.push(response.body().then((body) => sizes.set(response.url(), sizeOf(response, body)))));
    await page.goto(browser.stack.url + path);
    await page.locator(sign).first().waitFor();
    await page.waitForLoadState('networkidle');
    await Promise.all(pending);
    expect([...sizes.keys()].filter((url) => !url.startsWith(`${browser.stack.url}/`))).toEqual([]);
    const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
    expect(total).toBeGreaterThan(1_000);
    expect(total, JSON.stringify([...sizes], null, 1)).toBeLessThan(bytesMax);
    await page.close();
  });

  it('a sample is loaded when it is chosen, and not before', async () => {
    const { page } = await browser.open('about:blank');
    const loaded = [];
    page.on('request', (request) => request.url().includes('/samples/') && loaded.push(new URL(request.url()).pathname));
    await page.goto(browser.stack.url);
    await page.locator('#samples img').first().waitFor();
    await page.waitForLoadState('networkidle');
    expect(loaded).toEqual([]);
    await page.getByRole('button', { name: 'Logo', exact: true }).click();
    await page.locator('#preview').waitFor();
    expect(loaded).toEqual(['/samples/logo.png']);
    await page.close();
  });

  it('every sample has a thumbnail that shows it, and every thumbnail a sample', async () => {
    const root = new URL('../../public/', import.meta.url);
    const samples = readdirSync(new URL('samples/', root));
    expect(readdirSync(new URL('thumbnail/', root))).toEqual(samples.map((name) => name.replace(/\.\w+$/, '.webp')).toSorted());
    for (const name of samples) {
      const fit = name === 'logo.png' ? 'contain' : 'cover';
      const square = (image, sidePx) => image.resize(sidePx, sidePx, { fit, background: '#fff' }).flatten({ background: '#fff' });
      const sample = await square(sharp(readFileSync(new URL(`samples/${name}`, root))).autoOrient(), 160)
        .png()
        .toBuffer();
      const thumbnail = readFileSync(new URL(`thumbnail/${name.replace(/\.\w+$/, '.webp')}`, root));
      const [one, other] = await Promise.all([sample, thumbnail].map((bytes) => square(sharp(bytes), 16).removeAlpha().raw().toBuffer()));
      const difference = one.reduce((sum, value, index) => sum + Math.abs(value - other[index]), 0) / one.length;
      // Of 255. Different samples are 11 and more apart.
      expect(difference, name).toBeLessThan(6);
    }
  });

  it('/favicon.ico leads to the mark', async () => {
    const response = await fetch(`${browser.stack.url}/favicon.ico`);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/svg+xml']);
  });
});

function sizeOf(response, body) {
  return /text|json|javascript|svg/.test(response.headers()['content-type'] ?? '') ? gzipSync(body).length : body.length;
}
