// A company's logo on a transparent ground: the mark, the name and a line below it.
import sharp from 'sharp';
import { fernMark, label } from '../drawing/interface.mjs';
import { write } from '../save.mjs';

/** Renders `logo.png`, 1200 × 400 with an alpha channel. */
export async function render() {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="400">${fernMark(60, 72, 256, { ground: '#2f6f5e' })}
    ${label('fernway', 368, 212, { size: 184, weight: 700, fill: '#16362d', spacing: -4 })}${label('HOUSE PLANTS, DELIVERED', 378, 314, { size: 44, weight: 500, fill: '#2f6f5e', spacing: 5.4 })}</svg>`;
  write('logo.png', await sharp(Buffer.from(svg)).png({ compressionLevel: 9, effort: 10 }).toBuffer(), '1200 × 400, alpha');
}
