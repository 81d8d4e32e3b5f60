/**
 * `node scripts/screenshot.mjs [folder]`: the playground and the reference in light, dark and narrow, against the
 * local stack, to look at after a change. Default folder: dist/screenshot. The picture in the README is
 * `playground-light.png`, copied to docs/image/playground.png.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { findChromium, launchChromium } from '../test/browser/support/chromium.mjs';
import { startStack } from './local/stack.mjs';

const WIDE = { width: 1280, height: 900 };
const NARROW = { width: 390, height: 844 };

const folder = process.argv[2] ?? 'dist/screenshot';
const chromium = findChromium();
if (chromium === undefined) throw new Error('No Chromium was found. Install one, or set CHROMIUM to its path.');
mkdirSync(folder, { recursive: true });
const stack = await startStack({ isTemporary: true });
const browser = await launchChromium(chromium);
try {
  await shoot('playground-empty', WIDE, 'light', '/');
  await shoot('playground-light', WIDE, 'light', '/', (page) => describe(page, 'Phone photo, 12 megapixels'));
  await shoot('playground-dark', WIDE, 'dark', '/', (page) => describe(page, 'Logo'));
  await shoot('playground-narrow', NARROW, 'light', '/', (page) => describe(page, 'Ceramic vase'));
  await shoot('playground-problem', WIDE, 'light', '/', (page) => describe(page, 'Logo', 'not-a-key'));
  await shoot('reference-light', WIDE, 'light', '/docs', (page) => page.getByRole('heading', { name: 'Problems' }).waitFor());
  await shoot('reference-narrow', NARROW, 'dark', '/docs', (page) => page.getByRole('heading', { name: 'Problems' }).waitFor());
} finally {
  await browser.close();
  await stack.stop();
}

async function shoot(name, viewport, colorScheme, path, prepare = () => undefined) {
  const page = await browser.newPage({ viewport, colorScheme, reducedMotion: 'reduce' });
  await page.goto(stack.url + path);
  await page.waitForLoadState('networkidle');
  await prepare(page);
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: !path.startsWith('/docs') });
  await page.close();
  console.log(join(folder, `${name}.png`));
}

async function describe(page, sample, key = stack.key) {
  await page.locator('#key').fill(key);
  await page.getByRole('button', { name: sample }).click();
  await page.locator('#preview').waitFor();
  await page.getByText('Caption', { exact: true }).click();
  await page.getByText(/US\$|No valid|costs nothing/).waitFor();
  await page.locator('#describe').click();
  await page.locator('.figures, .problem').waitFor();
}
