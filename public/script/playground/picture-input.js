/** Everything that chooses images: files, a drop anywhere on the page, paste, samples, an address. The last choice counts. */
import { element } from '../element.js';
import { pictureOfFile, pictureOfUrl } from './picture.js';
import { loadSample, SAMPLES, thumbnailOf } from './sample.js';

/** Images of one choice; a folder of thousands belongs to a script. */
const PICTURES_MAX = 20;

/**
 * Connects the controls; `onChoose` gets the list of pictures that replaces the one before. `onFault` gets a sentence.
 * @returns `takeTypedAddress()`: chooses what stands in the address field and was not taken yet; `false` where it is no address
 */
export function connectPictureInput(onChoose, onFault) {
  const input = document.getElementById('picture');
  const url = document.getElementById('url');
  // A sample that arrives late must not replace what was chosen after it.
  let choice = 0;

  const choose = (pictures, from) => {
    choice += 1;
    if (from !== url) url.value = '';
    url.removeAttribute('aria-invalid');
    if (from !== input) input.value = '';
    press(from);
    onChoose(pictures);
  };
  const chooseFiles = (files, from) => {
    if (files.length === 0) return;
    choose(
      [...files].slice(0, PICTURES_MAX).map((file) => pictureOfFile(file)),
      from,
    );
    if (files.length > PICTURES_MAX) onFault(`${files.length} files were given; the first ${PICTURES_MAX} are taken here.`);
  };
  const chooseSample = async (sample, button) => {
    choice += 1;
    const mine = choice;
    try {
      const file = await loadSample(sample);
      if (mine === choice) choose([pictureOfFile(file, `public/samples/${sample.file}`)], button);
    } catch (error) {
      if (mine === choice) onFault(`The sample could not be loaded: ${error.message}.`);
    }
  };
  const takeTypedAddress = () => {
    const text = url.value.trim();
    if (text === '' || url.dataset.taken === text) return true;
    if (!isAddress(text)) {
      url.setAttribute('aria-invalid', 'true');
      return false;
    }
    url.dataset.taken = text;
    choose([pictureOfUrl(text)], url);
    return true;
  };

  input.addEventListener('change', () => chooseFiles(input.files, input));
  connectAddress(url, takeTypedAddress, onFault);
  connectDrop((files) => chooseFiles(files, document));
  document.addEventListener('paste', (event) => chooseFiles(event.clipboardData?.files ?? [], document));
  document.getElementById('samples').append(...SAMPLES.map((sample) => sampleButton(sample, chooseSample)));
  return { takeTypedAddress };
}

/** An address is taken when it is whole: with Enter, with its button, or when the field is left. Nothing is fetched while it is typed. */
function connectAddress(url, take, onFault) {
  const takeOrSay = () => take() || onFault('That is not a whole address yet. It begins with https:// or http://.');
  url.addEventListener('input', () => {
    url.removeAttribute('aria-invalid');
    delete url.dataset.taken;
  });
  url.addEventListener('change', () => isAddress(url.value.trim()) && take());
  url.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    takeOrSay();
  });
  document.getElementById('use-url').addEventListener('click', takeOrSay);
}

function isAddress(text) {
  return /^https?:\/\/[^/]*[^/.]/i.test(text) && URL.canParse(text);
}

/** Files may be dropped anywhere; elsewhere a browser would open them in place of the page. */
function connectDrop(onFiles) {
  const hasFiles = (event) => event.dataTransfer?.types.includes('Files') ?? false;
  let depth = 0;
  const show = (isOver) => document.body.classList.toggle('is-over', isOver);
  addEventListener('dragenter', (event) => {
    if (!hasFiles(event)) return;
    depth += 1;
    show(true);
  });
  addEventListener('dragleave', (event) => {
    if (!hasFiles(event)) return;
    depth = Math.max(0, depth - 1);
    show(depth > 0);
  });
  addEventListener('dragover', (event) => hasFiles(event) && event.preventDefault());
  addEventListener('drop', (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    depth = 0;
    show(false);
    onFiles(event.dataTransfer.files);
  });
}

function sampleButton(sample, onChoose) {
  const { title } = sample;
  const thumbnail = element('img', { src: thumbnailOf(sample), alt: title, decoding: 'async', width: 80, height: 80 });
  const button = element('button', { type: 'button', class: 'sample', 'aria-pressed': 'false', title, onclick: () => onChoose(sample, button) }, thumbnail);
  return button;
}

function press(from) {
  for (const button of document.querySelectorAll('.sample')) button.setAttribute('aria-pressed', String(button === from));
}
