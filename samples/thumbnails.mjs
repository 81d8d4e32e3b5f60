// Makes the thumbnails of the sample pictures, public/thumbnail/NAME.webp, from the pictures themselves; a second.
// The playground shows these and loads a picture when it is chosen.
import { mkdirSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

const PICTURES = new URL('../public/samples/', import.meta.url);
const THUMBNAILS = new URL('../public/thumbnail/', import.meta.url);
/** Twice the largest size at which the page shows them, for dense screens. */
const SIDE_PX = 160;
const QUALITY = 62;
/** Wide marks would lose their ends in a square that is filled. */
const WHOLE = ['logo.png'];

mkdirSync(THUMBNAILS, { recursive: true });
for (const file of readdirSync(PICTURES)) {
  const output = fileURLToPath(new URL(file.replace(/\.\w+$/, '.webp'), THUMBNAILS));
  const { size } = await sharp(fileURLToPath(new URL(file, PICTURES)))
    .autoOrient()
    .resize(SIDE_PX, SIDE_PX, { fit: WHOLE.includes(file) ? 'contain' : 'cover', background: '#ffffff' })
    .flatten({ background: '#ffffff' })
    .webp({ quality: QUALITY, effort: 6 })
    .toFile(output);
  console.log(`${output}: ${size} bytes`);
}
