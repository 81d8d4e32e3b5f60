/** The chosen images as a list: thumbnail, name, size, and what the estimate says about each. */
import { element } from '../element.js';
import { fileSize, pixels } from '../format.js';

/** Shows `pictures` in place of those before. `onRemove` gets the one that is taken out. */
export function showTray(pictures, onRemove) {
  const tray = document.getElementById('tray');
  tray.replaceChildren(...pictures.map((picture, index) => row(picture, index === 0, onRemove)));
  tray.hidden = pictures.length === 0;
  document.getElementById('picture-name').textContent = pictures.length === 0 ? 'Choose images' : 'Choose others';
}

/** Says in its row what is known about a picture by now. */
export function noteOn(picture, text) {
  const line = document.querySelector(`#${picture.id} .tray-note`);
  if (line !== null) line.textContent = text;
}

/** Shows a preview that came after the row, from the copy that the Worker fetched. */
export function showPreview(picture) {
  const place = document.querySelector(`#${picture.id} .tray-picture`);
  place?.replaceChildren(previewImage(picture, place.dataset.first === 'true'));
}

function row(picture, isFirst, onRemove) {
  const place = element('span', { class: 'tray-picture', 'data-first': String(isFirst) });
  if (picture.preview !== undefined) place.append(previewImage(picture, isFirst));
  return element(
    'li',
    { class: 'tray-row', id: picture.id },
    place,
    element(
      'span',
      { class: 'tray-text' },
      element('strong', { class: 'tray-name' }, picture.name),
      element('span', { class: 'hint tray-facts' }, factsOf(picture)),
      element('span', { class: 'hint tray-note' }),
    ),
    element('button', { type: 'button', class: 'copy', 'aria-label': `Remove ${picture.name}`, onclick: () => onRemove(picture) }, 'Remove'),
  );
}

/** The browser turns it upright by its EXIF orientation, as the Worker does. */
function previewImage(picture, isFirst) {
  const image = element('img', { src: picture.preview, alt: '', class: 'preview', id: isFirst ? 'preview' : undefined, decoding: 'async' });
  image.addEventListener('load', () => {
    const facts = image.closest('.tray-row')?.querySelector('.tray-facts');
    const size = pixels({ width: image.naturalWidth, height: image.naturalHeight });
    if (facts) facts.textContent = picture.bytes === undefined ? size : `${size}, ${fileSize(picture.bytes)}`;
  });
  // A format that only other programs read; the API says what it thinks of it.
  image.addEventListener('error', () => image.remove());
  return image;
}

function factsOf(picture) {
  return picture.bytes === undefined ? 'Fetched by the Worker, never by your browser.' : fileSize(picture.bytes);
}
