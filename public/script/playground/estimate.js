/** What a call would cost, asked a moment after each change; a late answer never speaks for a picture or setting that is gone. */
import { element } from '../element.js';
import { count, dollars, integer, pixels } from '../format.js';
import { problemOf } from './api.js';
import { askAbout, sendsBytes } from './upload.js';

/** Estimates under way at once. */
const AT_ONCE = 4;

/**
 * Estimates for all pictures: a list of `{picture, estimate}` or `{picture, problem}` in their order. `onEach` gets each as soon
 * as it is there. @throws AbortError when `signal` says so
 */
export async function estimateAll(pictures, settings, key, signal, onEach) {
  const outcomes = Array.from({ length: pictures.length });
  let next = 0;
  const work = async () => {
    while (next < pictures.length) {
      const index = next;
      next += 1;
      outcomes[index] = await outcomeOf(pictures[index], settings, key, signal);
      onEach(outcomes[index]);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, pictures.length) }, work));
  return outcomes;
}

async function outcomeOf(picture, settings, key, signal) {
  try {
    const estimate = await estimateOne(picture, settings, key, signal);
    signal.throwIfAborted();
    return { picture, estimate };
  } catch (error) {
    signal.throwIfAborted();
    return { picture, problem: problemOf(error) };
  }
}

/** Estimates of one picture for every model that the key may use. @throws as `estimateAll` */
export async function estimateModels(picture, settings, key, signal) {
  return (await askAbout('/v1/estimate', picture, { ...settings, model: '*' }, key, signal)).estimates;
}

/** A key that keeps no images would send them with every keystroke: for it, what an image's size decides is asked once. */
async function estimateOne(picture, settings, key, signal) {
  const basis = JSON.stringify([key, settings.model, settings.detail]);
  if (sendsBytes(key) && picture.estimated?.basis === basis) return picture.estimated.estimate;
  const { estimates } = await askAbout('/v1/estimate', picture, settings, key, signal);
  picture.estimated = { basis, estimate: estimates[0] };
  return estimates[0];
}

/** `Claude sees 952 × 1,270: 1,564 image tokens` */
export function sizeText({ images: [image], image_tokens: tokens }) {
  return image === undefined ? 'Size not known' : `Claude sees ${pixels(image)}: ${count(tokens, 'image token')}`;
}

/** What all of it would cost, or why it cannot be had, in a sentence or two. */
export function costText(outcomes) {
  const [first] = outcomes;
  const estimates = outcomes.flatMap(({ estimate }) => estimate ?? []);
  // What all have in common, such as a wrong key, is said once and for all of them.
  if (estimates.length === 0) return `${first.problem.title}. ${first.problem.detail}`;
  if (outcomes.length === 1) return `${sizeText(first.estimate)}. ${sumText(estimates)}`;
  const failed = outcomes.length - estimates.length;
  const tokens = sum(estimates, (each) => each.image_tokens);
  const rest = failed === 0 ? '' : ` ${count(failed, 'image')} cannot be described; the list says why.`;
  return `${count(estimates.length, 'image')}, ${count(tokens, 'image token')}. ${sumText(estimates)}${rest}`;
}

function sumText(estimates) {
  const fresh = estimates.filter(({ cache }) => cache.status !== 'hit');
  if (fresh.length === 0) return 'In the cache: costs nothing.';
  if (fresh.some(({ cost_usd: cost }) => cost === null)) return 'No price is known for this model.';
  const cached = fresh.length < estimates.length ? `${estimates.length - fresh.length} in the cache, the rest ` : '';
  const range = [sum(fresh, ({ cost_usd: cost }) => cost.min), sum(fresh, ({ cost_usd: cost }) => cost.max)];
  return `${cached}${dollars(range[0])} to ${dollars(range[1])}, by the length of the answer.`;
}

/** All models side by side. */
export function modelTable(estimates) {
  const head = ['Model', 'Claude sees', 'Tokens', 'Least', 'Most'].map((name) => element('th', { scope: 'col' }, name));
  const rows = estimates.map(({ model, images: [image], image_tokens: tokens, cost_usd: cost, error }) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, model),
      error === undefined
        ? [
            image === undefined ? 'not known' : pixels(image),
            integer(tokens),
            ...(cost === null ? ['no price known', ''] : [dollars(cost.min), dollars(cost.max)]),
          ].map((text) => element('td', {}, text))
        : element('td', { colspan: 4 }, error.detail),
    ),
  );
  return element('table', {}, element('thead', {}, element('tr', {}, head)), element('tbody', {}, rows));
}

function sum(items, valueOf) {
  return items.reduce((total, item) => total + valueOf(item), 0);
}
