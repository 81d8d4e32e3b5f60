/**
 * `npm run bench:fidelity`: how near our pictures and sharp's come to a full decode resized by Lanczos3 in floating
 * point. PSNR over RGB in dB; SSIM over luma, 11x11 Gaussian windows. `--only TEXT` keeps pictures whose name has it.
 * Exit status 1 when ours lies more than 0.5 dB below sharp's (and below 45 dB), or under SSIM 0.99 where sharp's is not.
 */
import { parseArgs } from 'node:util';
import { compareFidelity, isFaithful, LOSS_DB, ROUNDING_DB, TEXT_SSIM } from '../test/codec/fidelity.ts';
import { encodeSource, PICTURES } from './fidelity/picture.mjs';

const RATIOS = [1.1, 1.5, 2, 2.83, 4, 8];

const { values } = parseArgs({ options: { only: { type: 'string', default: '' } } });
const chosen = PICTURES.filter(({ name }) => name.includes(values.only));
let total = 0;
let missed = 0;
for (const format of ['jpeg', 'jpeg 4:4:4', 'png']) {
  const rows = [];
  for (const { name, image } of chosen) {
    const file = await encodeSource(image(), format);
    for (const ratio of RATIOS) rows.push(row(name, ratio, await compareFidelity(file, ratio)));
  }
  console.log(format === 'png' ? 'PNG to PNG, lossless' : `${format} to the same, quality 85`);
  console.table(rows);
}
console.log(`${missed} of ${total} miss: more than ${LOSS_DB} dB below sharp and ${ROUNDING_DB} dB, or SSIM below ${TEXT_SSIM} where sharp's is not`);
process.exitCode = missed > 0 ? 1 : 0;

function row(picture, ratio, fidelity) {
  const { width, height, ours, theirs } = fidelity;
  total++;
  const isMissed = !isFaithful(fidelity);
  if (isMissed) missed++;
  return {
    picture,
    ratio,
    size: `${width}x${height}`,
    'PSNR ours': Number(ours.psnr.toFixed(2)),
    'PSNR sharp': Number(theirs.psnr.toFixed(2)),
    difference: Number((ours.psnr - theirs.psnr).toFixed(2)),
    'SSIM ours': Number(ours.ssim.toFixed(4)),
    'SSIM sharp': Number(theirs.ssim.toFixed(4)),
    verdict: isMissed ? 'MISSED' : '',
  };
}
