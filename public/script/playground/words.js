/** The fields of an answer as people read them: text as text, lists as lists, anything else as JSON. */
import { copyButton, element } from '../element.js';
import { fieldName, languageName } from '../format.js';

/** Members of a description that say something about it and are no field that was asked for. */
const FACTS = new Set(['language', 'image', 'decorative', 'reason', 'role', 'decision', 'provenance', 'lint', 'derived_from']);

/** Every field of every language, then the answer to the caller's own question and the data of the caller's own schema. */
export function wordBlocks({ descriptions, answer, data }) {
  const blocks = descriptions.flatMap((description) =>
    Object.entries(description)
      .filter(([name]) => !FACTS.has(name))
      .map(([name, value]) => block(labelOf(name, description.language, descriptions.length), value, description)),
  );
  const own = [answer !== undefined && block('Answer', answer, {}), data !== undefined && block('Data', data, {})];
  return [...blocks, ...own.filter(Boolean)];
}

function labelOf(name, language, languages) {
  return languages > 1 ? `${fieldName(name)}, ${languageName(language)}` : fieldName(name);
}

function block(label, value, { language, decorative }) {
  // A field of text with more than its words, such as lines with boxes.
  const words = typeof value?.content === 'string' ? value.content : value;
  const text = typeof words === 'string' ? words : JSON.stringify(words, null, 2);
  return element(
    'section',
    { class: 'answer' },
    element(
      'div',
      { class: 'answer-head' },
      element('h3', { class: 'label' }, label),
      copyButton(() => text),
    ),
    bodyOf(words, text, language, decorative),
  );
}

function bodyOf(words, text, language, isDecorative) {
  if (words === '') return element('p', { class: 'hint' }, isDecorative ? 'Empty: the image is decorative.' : 'Empty.');
  if (typeof words === 'string') return element('p', { class: 'words', lang: language, dir: 'auto' }, text);
  if (Array.isArray(words) && words.length > 0 && words.every((item) => typeof item === 'string')) {
    return element(
      'ul',
      { class: 'tags', lang: language },
      words.map((item) => element('li', {}, item)),
    );
  }
  return element('div', { class: 'code' }, element('pre', { tabindex: 0, 'aria-label': 'Value' }, text));
}
