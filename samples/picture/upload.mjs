// An animated GIF: a short screen recording of three files being uploaded.
import sharp from 'sharp';
import { INK, card, icon, label } from '../drawing/interface.mjs';
import { write } from '../save.mjs';

const SIZE = { width: 640, height: 440 };
const FRAMES = 36;
const FRAME_DELAY_MS = 80;
const LAST_FRAME_DELAY_MS = 1600;
// When each upload starts and ends, as parts of the whole animation.
const FILES = [
  { name: 'kitchen-window.jpg', megabytes: 3.1, from: 0, to: 0.5 },
  { name: 'front-door.jpg', megabytes: 2.4, from: 0.08, to: 0.7 },
  { name: 'floor-plan.pdf', megabytes: 5.8, from: 0.2, to: 0.92 },
];

/** Renders `upload.gif`, 640 × 440, 36 frames, looping. */
export async function render() {
  const frames = [];
  for (let frame = 0; frame < FRAMES; frame++) {
    frames.push(
      await sharp(Buffer.from(drawing(frame / (FRAMES - 1))))
        .removeAlpha()
        .raw()
        .toBuffer(),
    );
  }
  const delay = frames.map((_, index) => (index === FRAMES - 1 ? LAST_FRAME_DELAY_MS : FRAME_DELAY_MS));
  const raw = { width: SIZE.width, height: SIZE.height * FRAMES, channels: 3, pageHeight: SIZE.height };
  const bytes = await sharp(Buffer.concat(frames), { raw, limitInputPixels: false })
    .gif({ delay, loop: 0, colours: 128, dither: 0, effort: 10, interPaletteMaxError: 0, keepDuplicateFrames: true })
    .toBuffer();
  write('upload.gif', bytes, `${SIZE.width} × ${SIZE.height}, ${FRAMES} frames`);
}

function drawing(time) {
  const done = FILES.filter(({ to }) => time >= to).length;
  const isComplete = done === FILES.length;
  const rows = FILES.map((file, index) => row(file, 150 + index * 78, time));
  const title = isComplete ? 'Upload complete' : 'Uploading 3 files…';
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${SIZE.width}" height="${SIZE.height}"><rect width="100%" height="100%" fill="#e9edf1"/>
    ${card(40, 32, 560, 376, 16)}${label(title, 72, 84, { size: 24, weight: 700, fill: INK.strong })}
    ${label(isComplete ? 'All files are stored in “Listing 204”.' : `${done} of ${FILES.length} done`, 72, 112, { size: 16, fill: INK.soft })}
    ${rows.join('')}</svg>`;
}

function row({ name, megabytes, from, to }, y, time) {
  const linear = Math.min(1, Math.max(0, (time - from) / (to - from)));
  // Networks do not run evenly: a slow start, a stall, a quick end.
  const part = Math.min(1, Math.max(0, linear + 0.09 * Math.sin(linear * Math.PI * 3) * (1 - linear)));
  const isDone = part >= 1,
    full = 440;
  const state = isDone
    ? `<circle cx="556" cy="${y + 15}" r="12" fill="${INK.accent}"/><path d="M550.5 ${y + 15.5}l4 4l7 -8" fill="none" stroke="#fff" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round"/>`
    : label(`${Math.round(part * 100)}%`, 568, y + 20, { size: 16, weight: 600, anchor: 'end' });
  return `<rect x="72" y="${y - 6}" width="40" height="44" rx="8" fill="#eef1f4"/><g transform="translate(${79} ${y + 3}) scale(1.3)">${icon('file', 0, 0, INK.soft)}</g>
    ${label(name, 128, y + 8, { size: 17, weight: 600, fill: INK.strong })}${label(isDone ? `${megabytes} MB` : `${(megabytes * part).toFixed(1)} of ${megabytes} MB`, 128, y + 30, { size: 14, fill: INK.soft })}${state}
    <rect x="128" y="${y + 44}" width="${full}" height="6" rx="3" fill="#e6e9ee"/>${part > 0.01 ? `<rect x="128" y="${y + 44}" width="${Math.max(6, full * part).toFixed(1)}" height="6" rx="3" fill="${INK.accent}"/>` : ''}`;
}
