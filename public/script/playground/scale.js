/** The drawing of what Claude sees: the file's size and the sent size, one inside the other, to scale. */
import { element } from '../element.js';
import { integer, pixels } from '../format.js';

/** A figure for one picture of an answer; `preview` is an object URL of the file, where the browser has it. */
export function scaleDrawing(image, preview) {
  const { sent } = image;
  if (image.width === null || sent.width === null) return undefined;
  const isSame = image.width === sent.width && image.height === sent.height;
  const frame = element('div', { class: 'scale', 'aria-hidden': 'true' }, picture(preview, 'scale-source'));
  frame.style.setProperty('--ratio', image.width / image.height);
  if (!isSame) {
    const inner = element('div', { class: 'scale-sent' }, picture(preview, 'scale-crisp'));
    inner.style.width = `${(sent.width / image.width) * 100}%`;
    inner.style.height = `${(sent.height / image.height) * 100}%`;
    frame.append(inner);
  } else frame.classList.add('is-same');
  return element('figure', { class: 'scale-figure' }, frame, element('figcaption', {}, caption(image, isSame)));
}

function picture(preview, className) {
  return preview === undefined ? undefined : element('img', { src: preview, alt: '', class: className });
}

function caption({ width, height, sent }, isSame) {
  const tokens = `${integer(sent.image_tokens)} image tokens`;
  if (isSame) return `Claude sees the whole ${pixels(sent)} pixels: ${tokens}.`;
  const share = ((sent.width * sent.height) / (width * height)) * 100;
  return `Outer frame: the file, ${pixels({ width, height })}. Inner: what Claude sees, ${pixels(sent)}, ${share < 10 ? share.toFixed(1) : Math.round(share)} % of the pixels, ${tokens}.`;
}
