import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from './support/chromium.mjs';
import { startBrowser } from './support/page.mjs';
import { junkOf, sentencesOf } from './support/text.mjs';

describe.skipIf(findChromium() === undefined)('the words of the pages', () => {
  let browser;
  let specification;
  beforeAll(async () => {
    browser = await startBrowser();
    specification = await (await fetch(`${browser.stack.url}/openapi.json`)).json();
  });
  afterAll(() => browser?.stop());

  it('/docs shows text where text belongs', async () => {
    const { page } = await browser.open('/docs');
    await page.locator('#problems').waitFor();
    expect(await junkOf(page, sentencesOf(specification))).toEqual([]);
    await page.close();
  });

  it('finds junk where there is some', async () => {
    const { page } = await browser.open('/docs');
    await page.locator('#problems').waitFor();
    await page.evaluate(() => {
      const section = document.querySelector('#problems');
      for (const text of [String([section]), `costs ${null}`]) section.appendChild(document.createElement('p')).append(text);
    });
    expect(await junkOf(page, sentencesOf(specification))).toEqual([expect.stringContaining('[object HTML'), expect.stringContaining('costs null')]);
    await page.close();
  });

  it('each operation says its address, summary, parameters, content types, members and statuses', async () => {
    const { page } = await browser.open('/docs');
    await page.locator('#problems').waitFor();
    const shown = await page
      .locator('main > section[id]')
      .evaluateAll((sections) => Object.fromEntries(sections.map((section) => [section.id, section.textContent.replaceAll(/\s+/g, ' ')])));
    const missing = operationsOf(specification).flatMap(({ id, words }) => words.filter((word) => !shown[id]?.includes(word)).map((word) => `${id}: ${word}`));
    expect(missing).toEqual([]);
    await page.close();
  });
});

/** By operation, what its section must say, read from the document alone. */
function operationsOf({ paths, components }) {
  const resolved = (schema) => (schema?.$ref === undefined ? schema : components.schemas[schema.$ref.split('/').at(-1)]);
  const bodyWords = (content = {}) => [...Object.keys(content), ...Object.keys(resolved(content['application/json']?.schema)?.properties ?? {})];
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([, operation]) => operation.operationId !== undefined)
      .map(([method, { operationId, summary, parameters = [], requestBody, responses }]) => ({
        id: operationId,
        words: [
          `${method.toUpperCase()} ${path}`,
          summary,
          ...[...(item.parameters ?? []), ...parameters].map(({ name }) => name),
          ...bodyWords(requestBody?.content),
          ...Object.entries(responses).flatMap(([status, { description, content }]) => [status, description, ...bodyWords(content)]),
        ],
      })),
  );
}
