/** The pictures whose fidelity is measured: the samples, and drawings of what resizing is hard on. */
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { textElement } from '../../samples/font.mjs';

const sample = (name) => sharp(fileURLToPath(new URL(`../../public/samples/${name}`, import.meta.url)));
const drawing = (width, height, content) =>
  sharp(
    Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="#fff"/>${content}</svg>`),
  );

const SENTENCES = [
  'The quick brown fox jumps over the lazy dog; 0123456789.',
  'Image tokens: one for each started patch of 28 by 28 px.',
  'Sizes, prices and names stay readable at every tier.',
];

/** Lines of text from 14 to 40 px: what is lost first when a page is made smaller. */
function textPage() {
  let lines = '';
  for (let size = 14, y = 40, index = 0; y < 1560; y += size * 1.5, index++) {
    size = 14 + (index % 14) * 2;
    lines += textElement(index % 3 === 1 ? 'cousine' : 'inter', 400, SENTENCES[index % 3], { size, x: 50, y, fill: index % 4 === 3 ? '#1d4ed8' : '#111' });
  }
  return drawing(1200, 1600, lines);
}

/** Smooth in two directions and three colours, with a disc's edge. */
function gradients() {
  return drawing(
    1600,
    1200,
    `<defs><linearGradient id="a" x2="1" y2="0.6"><stop stop-color="#102a6b"/><stop offset="0.5" stop-color="#e8894a"/><stop offset="1" stop-color="#f7f3d0"/></linearGradient>
    <radialGradient id="b"><stop stop-color="#fff"/><stop offset="1" stop-color="#2f7d5b"/></radialGradient></defs>
    <rect width="1600" height="1200" fill="url(#a)"/><circle cx="1000" cy="500" r="380" fill="url(#b)"/>`,
  );
}

/** Name, whether it is text, and a pipeline of opaque pixels. */
export const PICTURES = [
  { name: 'photograph: phone-photo', image: () => sample('phone-photo.jpg') },
  { name: 'photograph: harbour-at-dusk', image: () => sample('harbour-at-dusk.jpg') },
  { name: 'photograph: ceramic-vase', image: () => sample('ceramic-vase.jpg') },
  { name: 'photograph: street-sign', image: () => sample('street-sign.jpg') },
  { name: 'photograph: receipt', image: () => sample('receipt.jpg') },
  { name: 'screenshot: dashboard', image: () => sample('dashboard.png') },
  { name: 'line chart', image: () => sample('line-chart.png') },
  { name: 'text page', image: textPage },
  { name: 'gradients', image: gradients },
  { name: 'alpha edges on white: logo', image: () => sample('logo.png').flatten({ background: '#fff' }) },
];

/** The file that is transcoded: JPEG at a camera's quality, or PNG. */
export async function encodeSource(image, format) {
  const opaque = image.flatten({ background: '#fff' }).toColourspace('srgb');
  const chromaSubsampling = format === 'jpeg 4:4:4' ? '4:4:4' : '4:2:0';
  return Uint8Array.from(await (format === 'png' ? opaque.png({ compressionLevel: 1 }) : opaque.jpeg({ quality: 92, chromaSubsampling })).toBuffer());
}
