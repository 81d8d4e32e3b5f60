/** An answer of `/v1/describe` on the page: the words, the drawing, the figures, the warnings, the JSON. */
import { copyButton, element } from '../element.js';
import { age, dollars, fieldName, fileSize, integer, languageName, pixels } from '../format.js';
import { scaleDrawing } from './scale.js';

const TRANSFORMS = { none: 'untouched', resized: 'resized here', reencoded: 'encoded anew' };
const CACHE_STATUSES = {
  hit: 'answered from the cache',
  miss: 'asked Claude, remembered',
  refresh: 'asked Claude again, remembered',
  bypass: 'asked Claude, not remembered',
  joined: 'shared the answer of a request under way',
};

/** The nodes for an answer. `estimate` is the prediction made before it, if there was one. */
export function resultNodes(answer, { preview, estimate, durationMs }) {
  const [image] = answer.images;
  return [
    element('h2', { class: 'result-title' }, cacheBadge(answer.cache), element('span', {}, answer.model)),
    ...words(answer),
    scaleDrawing(image, preview),
    figures(answer, image, estimate, durationMs),
    warnings(answer.warnings),
    element(
      'details',
      { class: 'more' },
      element('summary', {}, 'The whole answer as JSON'),
      element('div', { class: 'code' }, element('pre', { tabindex: 0, 'aria-label': 'JSON answer' }, JSON.stringify(answer, null, 2))),
    ),
  ].filter((node) => node !== undefined);
}

function cacheBadge({ status }) {
  return element('span', { class: `badge badge-${status === 'hit' ? 'hit' : 'asked'}`, id: 'cache-status' }, `cache ${status}`);
}

/** Every text field of every language, then the answer to the caller's own question. */
function words({ descriptions, answer }) {
  const blocks = descriptions.flatMap(({ language, ...fields }) =>
    Object.entries(fields).map(([name, value]) => {
      const label = descriptions.length > 1 ? `${fieldName(name)}, ${languageName(language)}` : fieldName(name);
      return block(label, value, language);
    }),
  );
  return answer === undefined ? blocks : [...blocks, block('Answer', answer)];
}

function block(label, value, language) {
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  const body = typeof value === 'string' ? element('p', { class: 'words', lang: language, dir: 'auto' }, text) : element('pre', { tabindex: 0 }, text);
  return element(
    'section',
    { class: 'answer' },
    element(
      'div',
      { class: 'answer-head' },
      element('h3', { class: 'label' }, label),
      copyButton(() => text),
    ),
    body,
  );
}

function figures(answer, image, estimate, durationMs) {
  const { sent } = image;
  const isSizeKnown = image.width !== null && sent.width !== null;
  const rows = [
    isSizeKnown && ['Source', `${pixels(image)}, ${fileSize(image.bytes)}, ${image.media_type}`],
    isSizeKnown && ['Sent', `${fileSize(sent.bytes)}, ${sent.media_type}, ${TRANSFORMS[sent.transform] ?? sent.transform}`],
    isSizeKnown && ['Claude sees', `${pixels(sent)}, ${integer(sent.image_tokens)} image tokens`],
    estimate?.cost_usd && ['Predicted', `${dollars(estimate.cost_usd.min)} to ${dollars(estimate.cost_usd.max)}`],
    ['Billed', billed(answer)],
    ['Cache', CACHE_STATUSES[answer.cache.status] + (answer.cache.status === 'hit' ? `, ${age(answer.cache.age_seconds)} old` : '')],
    ['Round trip', `${integer(Math.round(durationMs))} ms`],
    ['Request', answer.id],
  ];
  return element(
    'dl',
    { class: 'figures' },
    rows.filter(Boolean).flatMap(([term, text]) => [element('dt', {}, term), element('dd', { 'data-figure': term.toLowerCase().replaceAll(' ', '-') }, text)]),
  );
}

function billed({ usage, cache }) {
  if (cache.status === 'hit') return cache.saved_usd === undefined ? 'nothing' : `nothing; the call behind it had cost ${dollars(cache.saved_usd)}`;
  return `${dollars(usage.cost_usd)} for ${integer(usage.input_tokens)} tokens in, ${integer(usage.output_tokens)} out`;
}

function warnings(list) {
  if (list.length === 0) return undefined;
  return element(
    'section',
    { class: 'warnings', 'aria-label': 'Warnings' },
    element(
      'ul',
      {},
      list.map(({ code, message }) => element('li', {}, element('code', {}, code), ` ${message}`)),
    ),
  );
}
