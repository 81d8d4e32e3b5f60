/** The words that a page shows, and what no reader should find among them. */

/** What a program writes by mistake: an object or an absent value in place of its text. */
const JUNK = /.{0,40}(\[object |\bundefined\b|\bNaN\b|\bInfinity\b|Invalid Date|\bnull\b).{0,40}/g;

/**
 * Places with junk, in the page's text (parts that are folded away too) and in the attributes that are read out. JSON in
 * `pre` is left out: `null` is a value there. `quoted`: sentences that the page repeats from elsewhere, which are not its own.
 */
export async function junkOf(page, quoted = []) {
  const texts = await page.evaluate(() => {
    const body = document.body.cloneNode(true);
    for (const node of body.querySelectorAll('pre, script, style, noscript')) node.remove();
    // A line for each block, so that words of neighbours do not run together.
    for (const node of body.querySelectorAll('*')) node.append('\n');
    const names = ['alt', 'aria-label', 'title', 'placeholder', 'href', 'src', 'id', 'for', 'aria-labelledby', 'aria-describedby'];
    const attributes = [...body.querySelectorAll('*')].flatMap((node) => names.flatMap((name) => node.getAttribute(name) ?? []));
    return [document.title, body.textContent, ...attributes];
  });
  const own = quoted.toSorted((one, other) => other.length - one.length).reduce((text, sentence) => text.replaceAll(sentence, ''), texts.join('\n'));
  return [...own.replaceAll(' or null', '').matchAll(JUNK)].map(([place]) => place.trim());
}

/** Every sentence in a JSON document, at any depth: text of three words or more. */
export function sentencesOf(value) {
  if (typeof value === 'string') return /\S\s+\S+\s+\S/.test(value) ? [value] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap((member) => sentencesOf(member)) : [];
}
