/** The playground: the form's state, one estimate after each change, one answer after each press. */
import { copyButton } from '../element.js';
import { dollars, integer, pixels } from '../format.js';
import { ask, listModels, ProblemError } from './api.js';
import { curlLine } from './curl.js';
import { connectPictureInput } from './picture-input.js';
import { problemNodes } from './problem.js';
import { resultNodes } from './result.js';
import { loadFields, readSettings, showModels } from './settings.js';

/** Keys stay in the tab: gone when it is closed, never in a cookie or an address. */
const KEY_ITEM = 'vignette-key';
/** Typing pauses this long before an estimate is asked for. */
const QUIET_MS = 350;

const form = document.getElementById('form');
const keyInput = document.getElementById('key');
const button = document.getElementById('describe');
const estimateLine = document.getElementById('estimate');
const result = document.getElementById('result');
const curl = document.getElementById('curl');

const state = { picture: undefined, estimate: undefined };
let quiet;
let pending = new AbortController();

keyInput.value = sessionStorage.getItem(KEY_ITEM) ?? '';
keyInput.addEventListener('input', () => {
  sessionStorage.setItem(KEY_ITEM, keyInput.value.trim());
  keyInput.removeAttribute('aria-invalid');
});
curl.after(copyButton(() => curl.textContent));
connectPictureInput((picture) => {
  state.picture = picture;
  changed();
});
form.addEventListener('input', (event) => event.target.type !== 'file' && changed());
form.addEventListener('submit', (event) => {
  event.preventDefault();
  describe();
});
await loadFields();
changed();

/** After every change: the curl line at once, the estimate when it is quiet. */
function changed() {
  state.estimate = undefined;
  curl.textContent = curlLine(location.origin, { picture: state.picture, settings: readSettings() });
  pending.abort();
  clearTimeout(quiet);
  quiet = setTimeout(refreshEstimate, QUIET_MS);
}

async function refreshEstimate() {
  const key = keyInput.value.trim();
  if (key === '') return say('Enter a key to see what it would cost.');
  pending = new AbortController();
  const { signal } = pending;
  try {
    if (document.getElementById('model').length === 1) showModels(await listModels(key, signal));
    if (state.picture === undefined) return say('The key is good. Choose a picture.');
    say('Estimating …');
    const answer = await ask('/v1/estimate', { picture: state.picture, settings: readSettings() }, key, signal);
    state.estimate = answer.estimates[0];
    say(estimateText(state.estimate));
  } catch (error) {
    if (signal.aborted) return;
    say(`${problemOf(error).title}. ${problemOf(error).detail}`);
    markKey(problemOf(error));
  }
}

function estimateText({ images: [image], image_tokens: tokens, cost_usd: cost, cache }) {
  const size = image === undefined ? '' : `Claude sees ${pixels(image)}: ${integer(tokens)} image tokens. `;
  if (cache.status === 'hit') return `${size}In the cache: costs nothing.`;
  return `${size}${cost === null ? 'No price is known for this model.' : `${dollars(cost.min)} to ${dollars(cost.max)}, by the length of the answer.`}`;
}

async function describe() {
  const key = keyInput.value.trim();
  if (button.getAttribute('aria-disabled') === 'true') return;
  if (state.picture === undefined) return missing('Choose a picture first.', document.getElementById('picture'));
  if (key === '') return missing('Enter an API key first.', keyInput);
  const { picture, estimate } = state;
  const startMs = performance.now();
  setBusy(true);
  try {
    const answer = await ask('/v1/describe', { picture, settings: readSettings() }, key);
    show(resultNodes(answer, { preview: picture.preview, estimate, durationMs: performance.now() - startMs }), 'Described.');
  } catch (error) {
    const problem = problemOf(error);
    show(problemNodes(problem), problem.title);
    markKey(problem);
  } finally {
    setBusy(false);
  }
}

function setBusy(isBusy) {
  button.setAttribute('aria-disabled', String(isBusy));
  button.textContent = isBusy ? 'Describing …' : 'Describe';
  result.setAttribute('aria-busy', String(isBusy));
}

function show(nodes, announcement) {
  result.replaceChildren(...nodes);
  document.getElementById('announce').textContent = announcement;
  result.focus({ preventScroll: true });
  const isOutOfSight = result.getBoundingClientRect().top > innerHeight - 120;
  if (isOutOfSight) result.scrollIntoView({ behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth', block: 'start' });
}

function missing(text, control) {
  say(text);
  control.focus();
}

function say(text) {
  estimateLine.textContent = text;
}

function markKey({ code }) {
  if (code === 'unauthorized') keyInput.setAttribute('aria-invalid', 'true');
}

/** A fault of this page is a problem too: better said than lost. */
function problemOf(error) {
  if (error instanceof ProblemError) return error.problem;
  return { title: 'The page failed', detail: error.message, code: null };
}
