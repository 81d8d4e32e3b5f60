/** An answer of `/v1/describe` on the page: the words, the drawing, the figures, the warnings, the JSON. */
import { copyButton, element } from '../element.js';
import { age, count, dollars, fileSize, integer, pixels } from '../format.js';
import { boxFigure } from './boxes.js';
import { scaleDrawing } from './scale.js';
import { wordBlocks } from './words.js';

const TRANSFORMS = { none: 'untouched', resized: 'resized here', reencoded: 're-encoded' };
const CACHE_STATUSES = {
  hit: 'answered from the cache',
  miss: 'asked Claude, remembered',
  refresh: 'asked Claude again, remembered',
  bypass: 'asked Claude, not remembered',
  joined: 'shared the answer of a request under way',
};

/**
 * The nodes for an answer about one picture. `estimate` is the prediction made before it, if there was one; `isFolded` keeps the
 * drawing and the figures closed, where the answer is one of several.
 */
export function resultNodes(answer, { picture: { preview }, estimate, durationMs, isFolded }) {
  const [image] = answer.images;
  const facts = [scaleDrawing(image, preview), figures(answer, image, estimate, durationMs)];
  return [
    element('h2', { class: 'result-title' }, cacheBadge(answer.cache), element('span', {}, answer.model)),
    ...wordBlocks(answer),
    boxFigure(answer, 0, preview),
    ...(isFolded ? [element('details', { class: 'more facts' }, element('summary', {}, `Sizes and cost: ${billed(answer)}`), facts)] : facts),
    warnings(answer.warnings),
    jsonDetails(answer),
  ].filter((node) => node !== undefined);
}

function cacheBadge({ status }) {
  return element('span', { class: `badge cache-status badge-${status === 'hit' ? 'hit' : 'asked'}` }, `cache ${status}`);
}

function figures(answer, image, estimate, durationMs) {
  const { sent } = image;
  const isSizeKnown = image.width !== null && sent.width !== null;
  const rows = [
    isSizeKnown && ['Source', `${pixels(image)}, ${fileSize(image.bytes)}, ${image.media_type}`],
    isSizeKnown && ['Sent', `${fileSize(sent.bytes)}, ${sent.media_type}, ${TRANSFORMS[sent.transform] ?? sent.transform}`],
    isSizeKnown && ['Claude sees', `${pixels(sent)}, ${count(sent.image_tokens, 'image token')}`],
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
  if (cache.status === 'hit' || cache.status === 'joined') {
    return cache.saved_usd === undefined ? 'nothing' : `nothing; the call behind it had cost ${dollars(cache.saved_usd)}`;
  }
  return `${dollars(usage.cost_usd)} for ${count(usage.input_tokens, 'token')} in, ${count(usage.output_tokens, 'token')} out`;
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

function jsonDetails(answer) {
  const json = JSON.stringify(answer, null, 2);
  return element(
    'details',
    { class: 'more' },
    element('summary', {}, 'The whole answer as JSON'),
    element(
      'div',
      { class: 'code' },
      element('pre', { tabindex: 0, 'aria-label': 'JSON answer' }, json),
      copyButton(() => json),
    ),
  );
}
