/** Accessibility rules of axe-core, run inside a page. */
import axe from 'axe-core';

/** What breaks a rule: rule, element and why, a line each. Its script goes in over the debugging protocol, past the page's own policy. */
export async function violationsOf(page) {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} ${target.join(' ')} ${failureSummary.replaceAll(/\s+/g, ' ')}`),
  );
}
