/** The playground: the form's state, one estimate after each change, one answer for each image after each press. */
import { copyButton } from '../element.js';
import { listModels } from './api.js';
import { curlLine } from './curl.js';
import { connectEstimate } from './estimate-line.js';
import { connectKey, currentKey, markKey } from './key.js';
import { release } from './picture.js';
import { connectPictureInput } from './picture-input.js';
import { describeAll } from './run.js';
import { applyFragment, loadFields, readSettings, shareFragment, showModels } from './settings.js';
import { showTray } from './tray.js';

const form = document.getElementById('form');
const button = document.getElementById('describe');
const cancel = document.getElementById('cancel');
const result = document.getElementById('result');
const curl = document.getElementById('curl');

/** `run`: what is under way, with the pictures whose answers stand on the page. */
const state = { pictures: [], run: undefined, shown: [] };

const estimate = connectEstimate({
  pictures: () => state.pictures,
  loadModels: async (key, signal) => showModels(await listModels(key, signal)),
  onUnauthorized: markKey,
});
const { takeTypedAddress } = connectPictureInput(choose, estimate.say);

connectKey(changed);
curl.after(copyButton(() => curl.textContent));
document.getElementById('share').append(copyButton(() => `${location.origin}/#${shareFragment()}`, 'Copy a link to these settings'));
form.addEventListener('input', (event) => {
  // Neither a file nor an address counts before it is taken.
  if (event.target.id !== 'picture' && event.target.id !== 'url') changed();
});
form.addEventListener('submit', (event) => {
  event.preventDefault();
  describe();
});
cancel.addEventListener('click', () => {
  state.run?.abort(new DOMException('stop', 'AbortError'));
  button.focus();
});
showSimulated();
await loadFields();
applyFragment();
changed();

function choose(pictures) {
  // An answer that is still to come is about images that nobody looks at any more.
  state.run?.abort(new DOMException('others', 'AbortError'));
  const before = state.pictures;
  state.pictures = pictures;
  releaseUnused(before);
  showTray(pictures, remove);
  changed();
}

function remove(removed) {
  choose(state.pictures.filter((picture) => picture !== removed));
  // The button that was pressed is gone; the next one, or the way to choose others, takes the focus over.
  (document.querySelector('.tray-row button') ?? document.getElementById('picture')).focus();
}

/** After every change: the curl line at once, the estimate when it is quiet. */
function changed() {
  curl.textContent = curlLine(location.origin, { pictures: state.pictures, settings: readSettings() });
  estimate.refresh();
}

async function describe() {
  if (state.run !== undefined) return;
  if (!takeTypedAddress()) return missing('The address is not whole. It begins with https:// or http://.', document.getElementById('url'));
  if (state.pictures.length === 0) return missing('Choose an image first.', document.getElementById('picture'));
  const key = currentKey();
  if (key === '') return missing('Enter an API key first.', document.getElementById('key'));
  const run = new AbortController();
  const before = state.shown;
  state.run = run;
  state.shown = state.pictures;
  setBusy(true);
  const { sentence, problems } = await describeAll(state.pictures, {
    settings: readSettings(),
    key,
    signal: run.signal,
    region: result,
    estimateOf: estimate.of,
  });
  releaseUnused(before);
  state.run = undefined;
  setBusy(false);
  if (problems.some(({ code }) => code === 'unauthorized')) markKey();
  document.getElementById('announce').textContent = problems.length === 1 ? problems[0].title : sentence;
  showResult();
}

function setBusy(isBusy) {
  button.setAttribute('aria-disabled', String(isBusy));
  button.textContent = isBusy ? 'Describing …' : 'Describe';
  cancel.hidden = !isBusy;
  result.setAttribute('aria-busy', String(isBusy));
}

/** Leads to the result, unless the reader is busy with something else by now. */
function showResult() {
  if (document.activeElement === button || document.activeElement === document.body) result.focus({ preventScroll: true });
  const isOutOfSight = result.getBoundingClientRect().top > innerHeight - 120;
  if (isOutOfSight) result.scrollIntoView({ behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth', block: 'start' });
}

function missing(text, control) {
  estimate.say(text);
  control.focus();
}

/** Frees pictures that are neither chosen nor shown with an answer. */
function releaseUnused(pictures) {
  for (const picture of pictures) {
    if (!state.pictures.includes(picture) && !state.shown.includes(picture)) release(picture);
  }
}

/** A simulator in place of Claude is said where everyone sees it. */
async function showSimulated() {
  const health = await fetch('/healthz')
    .then((response) => response.json())
    .catch(() => undefined);
  document.getElementById('simulated').hidden = health?.simulated !== true;
}
