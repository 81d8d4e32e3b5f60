/** Everything that chooses a picture: file, drop, paste, sample, address. The last choice counts. */
import { element } from '../element.js';
import { fileSize, pixels } from '../format.js';
import { SAMPLES } from './sample.js';

/**
 * Connects the controls; `onChange` gets `{kind: 'file', file, name, path, preview}`, `{kind: 'url', url}` or
 * `undefined`. `path` is how the file is named in a shell; `preview` an object URL that lives until the next choice.
 */
export function connectPictureInput(onChange) {
  const input = document.getElementById('picture');
  const drop = document.getElementById('drop');
  const url = document.getElementById('url');
  let objectUrl;

  const choose = (picture, from) => {
    if (objectUrl !== undefined) URL.revokeObjectURL(objectUrl);
    objectUrl = picture?.kind === 'file' ? URL.createObjectURL(picture.file) : undefined;
    if (from !== url) url.value = '';
    if (from !== input) input.value = '';
    for (const button of document.querySelectorAll('.sample')) button.setAttribute('aria-pressed', String(button === from));
    showPreview(picture, objectUrl);
    onChange(picture === undefined ? undefined : { ...picture, preview: objectUrl });
  };
  const chooseFile = (file, from) => choose({ kind: 'file', file, name: file.name, path: file.name }, from);

  input.addEventListener('change', () => input.files[0] && chooseFile(input.files[0], input));
  url.addEventListener('input', () => choose(url.value.trim() === '' ? undefined : { kind: 'url', url: url.value.trim() }, url));
  for (const type of ['dragenter', 'dragover']) {
    drop.addEventListener(type, (event) => {
      event.preventDefault();
      drop.classList.add('is-over');
    });
  }
  for (const type of ['dragleave', 'drop']) drop.addEventListener(type, () => drop.classList.remove('is-over'));
  drop.addEventListener('drop', (event) => {
    event.preventDefault();
    const [file] = event.dataTransfer.files;
    if (file !== undefined) chooseFile(file, drop);
  });
  document.addEventListener('paste', (event) => {
    const [file] = event.clipboardData.files;
    if (file !== undefined) chooseFile(file, document);
  });
  document.getElementById('samples').append(...SAMPLES.map((sample) => sampleButton(sample, choose)));
}

function sampleButton({ file: name, title }, choose) {
  const button = element(
    'button',
    { type: 'button', class: 'sample', 'aria-pressed': 'false', title, onclick: load },
    element('img', { src: `/samples/${name}`, alt: title, loading: 'lazy', decoding: 'async', width: 64, height: 64 }),
  );
  async function load() {
    const blob = await (await fetch(`/samples/${name}`)).blob();
    choose({ kind: 'file', file: new File([blob], name, { type: blob.type }), name, path: `public/samples/${name}` }, button);
  }
  return button;
}

function showPreview(picture, objectUrl) {
  const preview = document.getElementById('preview');
  const name = document.getElementById('picture-name');
  const hint = document.getElementById('picture-hint');
  preview.hidden = true;
  if (objectUrl === undefined) {
    preview.removeAttribute('src');
    name.textContent = picture === undefined ? 'Choose a picture' : 'A picture on the web';
    hint.textContent = picture === undefined ? 'or drop or paste one here: JPEG, PNG, GIF, WebP, BMP' : 'Fetched by the Worker, never by your browser.';
    return;
  }
  name.textContent = picture.name;
  hint.textContent = fileSize(picture.file.size);
  const showSize = () => {
    preview.hidden = false;
    hint.textContent = `${pixels({ width: preview.naturalWidth, height: preview.naturalHeight })}, ${fileSize(picture.file.size)}`;
  };
  preview.addEventListener('load', showSize, { once: true });
  preview.src = objectUrl;
}
