/** The line above the button: what the call would cost, asked when the form has been quiet for a moment. */
import { problemOf, storedFile } from './api.js';
import { costText, estimateAll, estimateModels, modelTable, sizeText } from './estimate.js';
import { currentKey } from './key.js';
import { readSettings } from './settings.js';
import { noteOn, showPreview } from './tray.js';
import { storedId } from './upload.js';

/** Typing pauses this long before an estimate is asked for. */
const QUIET_MS = 350;

/**
 * @returns `refresh()`: forgets what was said and asks anew; `of(picture)`: the estimate that stands for it now; `say(text)`
 */
export function connectEstimate({ pictures, loadModels, onUnauthorized }) {
  const line = document.getElementById('estimate');
  const comparison = document.getElementById('comparison');
  let estimates = new Map();
  let pending = new AbortController();
  let quiet;
  let keyOfModels;

  const say = (text) => (line.textContent = text);
  comparison.addEventListener('toggle', () => comparison.open && compare(pending.signal));

  function refresh() {
    estimates = new Map();
    pending.abort();
    clearTimeout(quiet);
    quiet = setTimeout(ask, QUIET_MS);
  }

  async function ask() {
    const key = currentKey();
    const chosen = pictures();
    comparison.hidden = key === '' || chosen.length === 0;
    if (key === '') return say('Enter a key to see what it would cost.');
    pending = new AbortController();
    const { signal } = pending;
    try {
      if (keyOfModels !== key) {
        await loadModels(key, signal);
        keyOfModels = key;
      }
      if (chosen.length === 0) return say('The key is good. Choose an image.');
      say('Estimating …');
      const outcomes = await estimateAll(chosen, readSettings(), key, signal, (outcome) => note(outcome, key));
      say(costText(outcomes));
      if (outcomes.some(({ problem }) => problem?.code === 'unauthorized')) onUnauthorized();
      return compare(signal);
    } catch (error) {
      return signal.aborted ? undefined : fail(problemOf(error));
    }
  }

  function note({ picture, estimate, problem }, key) {
    if (estimate === undefined) return noteOn(picture, problem.detail);
    estimates.set(picture, estimate);
    noteOn(picture, estimate.cache.status === 'hit' ? `${sizeText(estimate)}; in the cache` : sizeText(estimate));
    return fetchPreview(picture, key);
  }

  function fail(problem) {
    say(`${problem.title}. ${problem.detail}`);
    if (problem.code === 'unauthorized') onUnauthorized();
  }

  /** All models side by side, for the first image, while that part is open. */
  async function compare(signal) {
    const [picture] = pictures();
    if (!comparison.open || picture === undefined) return;
    try {
      const table = modelTable(await estimateModels(picture, readSettings(), currentKey(), signal));
      if (!signal.aborted) comparison.querySelector('.table').replaceChildren(table);
    } catch (error) {
      if (!signal.aborted) fail(problemOf(error));
    }
  }

  return { refresh, say, of: (picture) => estimates.get(picture) };
}

/** An image of an address is shown from the Worker's copy, since the page itself loads nothing from elsewhere. */
async function fetchPreview(picture, key) {
  if (picture.source.url === undefined || picture.preview !== undefined) return;
  try {
    const id = await storedId(picture, key);
    if (id === undefined || picture.preview !== undefined) return;
    const blob = await storedFile(id, key, picture.removed.signal);
    picture.preview = URL.createObjectURL(blob);
    picture.bytes = blob.size;
    showPreview(picture);
  } catch {
    // The image can be described without being shown.
  }
}
