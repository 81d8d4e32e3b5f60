/** Boxes of an answer, drawn on the picture: objects, regions and lines of text, where a field has them. */
import { copyButton, element } from '../element.js';
import { integer } from '../format.js';

/** Members of a description that may have boxes, and what each of their items is called. */
const FIELDS = { objects: ({ label }) => label, regions: ({ caption }) => caption };

/** A figure with the boxes of the image at `index`, numbered as in the list beside it; `undefined` where there are none. */
export function boxFigure({ descriptions, images }, index, preview) {
  const image = images[index];
  const items = boxesOf(descriptions[0], index);
  if (items.length === 0 || image.width === null) return undefined;
  const frame = element('div', { class: 'boxes', 'aria-hidden': 'true' }, preview && element('img', { src: preview, alt: '' }));
  frame.style.setProperty('--ratio', image.width / image.height);
  frame.append(...items.map(({ box }, number) => mark(box, image, number + 1)));
  const list = items.map(({ name, box }) =>
    element(
      'li',
      {},
      element('strong', {}, name),
      ' ',
      element('span', { class: 'hint' }, `x ${integer(box.x)}, y ${integer(box.y)}, ${integer(box.width)} × ${integer(box.height)}`),
    ),
  );
  return element(
    'figure',
    { class: 'boxes-figure' },
    frame,
    element(
      'figcaption',
      {},
      element(
        'div',
        { class: 'answer-head' },
        element('h3', { class: 'label' }, 'Boxes, in pixels of the upright file'),
        copyButton(() => JSON.stringify(items, null, 2)),
      ),
      element('ol', {}, list),
    ),
  );
}

/** `{name, box}` of every item that has a box, as far as it belongs to this image. */
function boxesOf(description = {}, index) {
  const ofFields = Object.entries(FIELDS).flatMap(([field, nameOf]) =>
    listOf(description[field]).map((item) => ({ name: nameOf(item), box: item.box, image: item.image })),
  );
  const ofText = listOf(description.text?.lines).map(({ text, box, image }) => ({ name: text, box, image }));
  return [...ofFields, ...ofText]
    .filter(({ box, image = 0 }) => image === index && isBox(box))
    .map(({ name, box: { x, y, width, height } }) => ({ name: String(name ?? ''), box: { x, y, width, height } }));
}

function mark({ x, y, width, height }, image, number) {
  const node = element('span', { class: 'box' }, element('span', { class: 'box-number' }, number));
  const share = (value, whole) => `${(value / whole) * 100}%`;
  node.style.left = share(x, image.width);
  node.style.top = share(y, image.height);
  node.style.width = share(width, image.width);
  node.style.height = share(height, image.height);
  return node;
}

function listOf(value) {
  return Array.isArray(value) ? value : [];
}

function isBox(box) {
  return typeof box === 'object' && box !== null && ['x', 'y', 'width', 'height'].every((name) => Number.isFinite(box[name]));
}
