/** The rows of the codec bench: each a picture, how it is encoded, and the tier that it is brought to. */
import { cjpeg } from './picture.mjs';

const jpeg =
  (quality, progressive = false) =>
  (image) =>
    image.jpeg({ quality, progressive, chromaSubsampling: '4:2:0' });
const SIZES = { 2: [1600, 1200], 12: [4032, 3024], 24: [6000, 4000], 48: [8000, 6000], 64: [8000, 8000] };
const photographs = Object.entries(SIZES).flatMap(([megapixels, [width, height]]) =>
  [
    ['baseline', 85],
    ['baseline', 95],
    ['progressive', 85],
    ['progressive', 95],
  ].flatMap(([coding, quality]) =>
    ['standard', 'high'].map((tier) => ({
      name: `jpeg ${megapixels} MP ${coding} q${quality}`,
      width,
      height,
      content: 'photograph',
      tier,
      encode: jpeg(quality, coding === 'progressive'),
      type: 'jpg',
    })),
  ),
);

/** What photographs of cameras, phones and editors have beside 4:2:0: their chroma, restart markers, and qualities from 60 to 98. */
const PROPERTIES = [
  ['4:2:2 q90', cjpeg('-quality', '90', '-sample', '2x1')],
  ['4:2:2 q98', cjpeg('-quality', '98', '-sample', '2x1')],
  ['4:2:0 q60', jpeg(60)],
  ['4:2:0 q98', jpeg(98)],
  ['4:4:4 q92', (image) => image.jpeg({ quality: 92, chromaSubsampling: '4:4:4' })],
  ['4:4:4 q98', (image) => image.jpeg({ quality: 98, chromaSubsampling: '4:4:4' })],
  ['4:2:0 q90 restarts', cjpeg('-quality', '90', '-restart', '4B')],
  ['4:2:2 q95 restarts', cjpeg('-quality', '95', '-sample', '2x1', '-restart', '1')],
  ['progressive 4:4:4 q90', (image) => image.jpeg({ quality: 90, progressive: true, chromaSubsampling: '4:4:4' })],
  ['arithmetic q90', cjpeg('-quality', '90', '-arithmetic')],
];
const cameras = PROPERTIES.flatMap(([property, encode]) =>
  ['standard', 'high'].map((tier) => ({ name: `jpeg camera 12 MP ${property}`, width: 4032, height: 3024, content: 'photograph', tier, encode, type: 'jpg' })),
);
export const CASES = [
  ...photographs,
  ...cameras,
  {
    name: 'jpeg camera 2 MP progressive 4:4:4 q90',
    width: 1600,
    height: 1200,
    content: 'photograph',
    tier: 'standard',
    encode: (image) => image.jpeg({ quality: 90, progressive: true, chromaSubsampling: '4:4:4' }),
    type: 'jpg',
  },
  { name: 'png 1080p screenshot', width: 1920, height: 1080, content: 'screenshot', tier: 'standard', encode: (image) => image.png(), type: 'png' },
  {
    name: 'png 4K screenshot',
    width: 3840,
    height: 2160,
    content: 'screenshot',
    tier: 'standard',
    encode: (image) => image.ensureAlpha().png({ adaptiveFiltering: true }),
    type: 'png',
  },
  {
    name: 'png 4K screenshot',
    width: 3840,
    height: 2160,
    content: 'screenshot',
    tier: 'high',
    encode: (image) => image.ensureAlpha().png({ adaptiveFiltering: true }),
    type: 'png',
  },
  {
    name: 'png 4K photograph',
    width: 3840,
    height: 2160,
    content: 'photograph',
    tier: 'standard',
    encode: (image) => image.png({ adaptiveFiltering: true }),
    type: 'png',
  },
  {
    name: 'png 8000x8000 RGB',
    width: 8000,
    height: 8000,
    content: 'photograph',
    tier: 'standard',
    encode: (image) => image.png({ adaptiveFiltering: true, compressionLevel: 4 }),
    type: 'png',
  },
  {
    name: 'png 8000x8000 RGBA',
    width: 8000,
    height: 8000,
    content: 'photograph',
    tier: 'standard',
    encode: (image) => image.ensureAlpha().png({ adaptiveFiltering: true, compressionLevel: 4 }),
    type: 'png',
  },
  {
    name: 'png 8000x8000 RGBA interlaced',
    width: 8000,
    height: 8000,
    content: 'photograph',
    tier: 'standard',
    encode: (image) => image.ensureAlpha().png({ progressive: true, compressionLevel: 4 }),
    type: 'png',
  },
  { name: 'gif 4K screenshot', width: 3840, height: 2160, content: 'screenshot', tier: 'standard', encode: (image) => image.gif({ effort: 1 }), type: 'gif' },
  {
    name: 'webp 12 MP lossy',
    width: 4032,
    height: 3024,
    content: 'photograph',
    tier: 'standard',
    encode: (image) => image.webp({ quality: 80, effort: 1 }),
    type: 'webp',
  },
  {
    name: 'webp 4K lossless',
    width: 3840,
    height: 2160,
    content: 'screenshot',
    tier: 'standard',
    encode: (image) => image.webp({ lossless: true, effort: 1 }),
    type: 'webp',
  },
];
