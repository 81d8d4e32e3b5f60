/** Pages of the local stack in Chromium, which write down every console error and failed request. */
import { findChromium, launchChromium } from './chromium.mjs';
import { lendService } from '../../black-box/support/lent.ts';

/** Starts the stack and the browser; `undefined` without Chromium. */
export async function startBrowser() {
  const executablePath = findChromium();
  if (executablePath === undefined) return undefined;
  const stack = await lendService();
  const browser = await launchChromium(executablePath);
  return {
    stack,
    async open(path, options = {}) {
      const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce', ...options });
      const errors = [];
      page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
      page.on('pageerror', (error) => errors.push(error.message));
      await page.goto(path.startsWith('/') ? stack.url + path : path);
      return { page, errors };
    },
    stop: () => browser.close(),
  };
}

/** Enters a key and chooses a sample; waits until the estimate or its problem stands there. */
export async function prepare(page, { key, sample }) {
  await page.locator('#key').fill(key);
  await page.getByRole('button', { name: sample, exact: true }).click();
  await page.locator('#preview').waitFor();
  await page.locator('#estimate', { hasText: /US\$|costs nothing|API key/ }).waitFor();
}

/** Presses "Describe" and waits for what came out. */
export async function describePicture(page) {
  await page.locator('#describe').click();
  await page.locator('#result[aria-busy="false"] :is(.figures, .problem)').waitFor();
}

/** Calls of the API by this page, as they are made: method, path, and the JSON body where there is one. */
export function watchCalls(page) {
  const calls = [];
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (!pathname.startsWith('/v1/')) return;
    const isJson = request.headers()['content-type'] === 'application/json';
    calls.push({ method: request.method(), path: pathname, json: isJson ? request.postDataJSON() : undefined });
  });
  return calls;
}

/** The text of a row of figures, e.g. `billed`. */
export function figure(page, name) {
  return page.locator(`[data-figure="${name}"]`).innerText();
}

/** Pixels by which the page is wider than its window. */
export function overflowPx(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
