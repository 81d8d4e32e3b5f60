/** Pictures as Chromium shows them: sRGB pixels of a canvas, every profile and chunk of colour applied. */
import { findChromium, launchChromium } from '../../test/browser/support/chromium.mjs';

/** `undefined` where no Chromium is. `pixels(file, type)`: RGB on white, row-major, with its size; `close` when done. */
export async function openChromium() {
  const path = findChromium();
  if (path === undefined) return undefined;
  const browser = await launchChromium(path);
  const page = await browser.newPage();
  return {
    close: () => browser.close(),
    pixels: async (file, type) => {
      const base64 = await page.evaluate(show, `data:${type};base64,${Buffer.from(file).toString('base64')}`);
      const { data, width, height } = { ...base64, data: Buffer.from(base64.data, 'base64') };
      return { data, width, height };
    },
  };
}

/** Runs in the page. */
async function show(address) {
  const image = new Image();
  image.src = address;
  await image.decode();
  const { naturalWidth: width, naturalHeight: height } = image;
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { colorSpace: 'srgb' });
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  let text = '';
  for (let at = 0; at < data.length; at += 4) text += String.fromCharCode(data[at], data[at + 1], data[at + 2]);
  return { data: btoa(text), width, height };
}
