/** A press of "Describe": a card for each image, a few calls at once, all of it stopped by one signal. */
import { element } from '../element.js';
import { count, dollars } from '../format.js';
import { problemOf } from './api.js';
import { problemNodes } from './problem.js';
import { resultNodes } from './result.js';
import { askAbout } from './upload.js';

/** Calls under way at once. */
const AT_ONCE = 3;

/**
 * Describes `pictures` and fills the cards that it puts into `region`, each under the picture that it is about. Never throws;
 * what fails stands in its card. `estimateOf` gives the prediction for a picture, where there is one.
 * @returns what happened, in numbers and in a sentence, and the problems
 */
export async function describeAll(pictures, { settings, key, signal, region, estimateOf }) {
  const cards = pictures.map((picture) => card(picture, pictures.length > 1));
  region.replaceChildren(...cards.map(({ node }) => node));
  const outcomes = Array.from({ length: pictures.length });
  let next = 0;
  const work = async () => {
    while (next < pictures.length) {
      const index = next;
      next += 1;
      outcomes[index] = await describeOne(pictures[index], cards[index], {
        settings,
        key,
        signal,
        estimate: estimateOf(pictures[index]),
        isFolded: pictures.length > 1,
      });
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, pictures.length) }, work));
  const sentence = summary(outcomes);
  if (pictures.length > 1) region.prepend(element('p', { class: 'summary' }, sentence));
  return { sentence, problems: outcomes.flatMap(({ problem }) => problem ?? []) };
}

async function describeOne(picture, { body }, { settings, key, signal, estimate, isFolded }) {
  const startMs = performance.now();
  try {
    if (signal.aborted) throw signal.reason;
    body.replaceChildren(element('p', { class: 'hint is-asking' }, 'Asking …'));
    const answer = await askAbout('/v1/describe', picture, settings, key, signal);
    body.replaceChildren(...resultNodes(answer, { picture, estimate, durationMs: performance.now() - startMs, isFolded }));
    return { answer };
  } catch (error) {
    if (signal.aborted) {
      body.replaceChildren(element('p', { class: 'hint' }, stopText(signal.reason)));
      return { isStopped: true };
    }
    const problem = problemOf(error);
    body.replaceChildren(...problemNodes(problem));
    return { problem };
  }
}

function card(picture, isNamed) {
  const body = element('div', { class: 'card-body' }, element('p', { class: 'hint' }, 'Waiting …'));
  const thumbnail = picture.preview !== undefined && element('img', { src: picture.preview, alt: '', class: 'card-picture', decoding: 'async' });
  const head = element('header', { class: 'card-head' }, isNamed && thumbnail, element('p', { class: 'card-name' }, picture.name));
  return { node: element('article', { class: 'card', 'aria-label': picture.name, 'data-picture': picture.id }, head, body), body };
}

/** Where nobody waits any more, the service still finishes and remembers what it has begun. */
function stopText(reason) {
  const why = reason?.message === 'others' ? 'Stopped, because other images were chosen.' : 'Stopped.';
  return `${why} A call that had begun may be billed; its answer is then in the cache.`;
}

function summary(outcomes) {
  const answers = outcomes.flatMap(({ answer }) => answer ?? []);
  const failed = outcomes.filter(({ problem }) => problem !== undefined).length;
  const stopped = outcomes.filter(({ isStopped }) => isStopped).length;
  const hits = answers.filter(({ cache }) => cache.status === 'hit').length;
  const spent = answers.reduce((total, { usage }) => total + (usage.cost_usd ?? 0), 0);
  const parts = [
    answers.length > 0 && `${count(answers.length, 'image')} described for ${dollars(spent)}`,
    hits > 0 && `${hits} from the cache`,
    failed > 0 && `${failed} failed`,
    stopped > 0 && `${stopped} stopped`,
  ];
  return `${parts.filter(Boolean).join(', ')}.`;
}
