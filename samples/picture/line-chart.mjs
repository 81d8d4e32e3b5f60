// A published line chart: two series over a year, labelled where the lines end, with a note at a turning point.
import sharp from 'sharp';
import { label } from '../drawing/interface.mjs';
import { write } from '../save.mjs';

const SIZE = { width: 1600, height: 1000 };
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
// Thousands of trips a day.
const BICYCLES = [4.1, 4.6, 6.2, 8.4, 10.9, 12.7, 13.4, 12.9, 11.6, 8.8, 5.9, 4.3];
const SCOOTERS = [2.2, 2.5, 3.6, 5.1, 6.8, 8.6, 9.7, 9.9, 7.4, 5.2, 3.1, 2.4];
const TOP = 16;
const FRAME = { left: 110, right: 1360, top: 250, bottom: 850 };
const INK = { strong: '#16202c', soft: '#5b6672', grid: '#dfe3e8', blue: '#1f5fa8', orange: '#d9661f' };

/** Renders `line-chart.png`, 1600 × 1000. */
export async function render() {
  const { left, right, bottom } = FRAME;
  const grid = [0, 2, 4, 6, 8, 10, 12, 14, 16].map((value) => {
    const [, y] = place(0, value);
    return `<path d="M${left} ${y}H${right}" stroke="${value === 0 ? '#7d8894' : INK.grid}" stroke-width="${value === 0 ? 2 : 1.5}"/>${label(String(value), left - 22, y + 8, { size: 24, fill: INK.soft, anchor: 'end' })}`;
  });
  const months = MONTHS.map(
    (name, index) =>
      `<path d="M${place(index, 0)[0]} ${bottom}v9" stroke="#7d8894" stroke-width="2"/>${label(name, place(index, 0)[0], bottom + 42, { size: 24, fill: INK.soft, anchor: 'middle' })}`,
  );
  const peak = place(6, BICYCLES[6]),
    crossing = place(8, SCOOTERS[8]);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${SIZE.width}" height="${SIZE.height}"><rect width="100%" height="100%" fill="#fff"/>
    <rect x="${left - 60}" y="52" width="64" height="10" fill="${INK.orange}"/>
    ${label('Shared bicycles outpace scooters all year round', left - 60, 118, { size: 44, weight: 700, fill: INK.strong, spacing: -0.6 })}
    ${label('Trips per day, 2025, in thousands', left - 60, 168, { size: 28, fill: INK.soft })}
    ${grid.join('')}${months.join('')}${series(SCOOTERS, INK.orange)}${series(BICYCLES, INK.blue)}
    ${label('Bicycles', right + 24, place(11, BICYCLES[11])[1] - 14, { size: 27, weight: 600, fill: INK.blue })}${label('4.3', right + 24, place(11, BICYCLES[11])[1] + 18, { size: 25, fill: INK.blue })}
    ${label('Scooters', right + 24, place(11, SCOOTERS[11])[1] + 8, { size: 27, weight: 600, fill: INK.orange })}${label('2.4', right + 24, place(11, SCOOTERS[11])[1] + 40, { size: 25, fill: INK.orange })}
    ${label('Peak in July: 13.4', peak[0], peak[1] - 28, { size: 25, weight: 600, fill: INK.blue, anchor: 'middle' })}
    <path d="M${crossing[0] - 44} ${crossing[1] + 76}Q${crossing[0] - 12} ${crossing[1] + 64} ${crossing[0] - 3} ${crossing[1] + 16}" fill="none" stroke="${INK.soft}" stroke-width="2"/>
    ${label('Helmet rule for scooters', crossing[0] - 56, crossing[1] + 82, { size: 23, fill: INK.soft, anchor: 'end' })}${label('from 1 September', crossing[0] - 56, crossing[1] + 111, { size: 23, fill: INK.soft, anchor: 'end' })}
    ${label('Source: City mobility counts (illustrative data)', left - 60, 956, { size: 22, fill: '#87919c' })}</svg>`;
  write('line-chart.png', await sharp(Buffer.from(svg)).removeAlpha().png({ compressionLevel: 9, effort: 10 }).toBuffer(), `${SIZE.width} × ${SIZE.height}`);
}

function place(month, value) {
  return [FRAME.left + 40 + (month / 11) * (FRAME.right - FRAME.left - 60), FRAME.bottom - (value / TOP) * (FRAME.bottom - FRAME.top)];
}

function series(values, ink) {
  const points = values.map((value, index) => place(index, value));
  const dots = points.map(([x, y]) => `<circle cx="${x}" cy="${y}" r="7.5" fill="#fff" stroke="${ink}" stroke-width="4"/>`);
  return `<path d="M${points.map((point) => point.join(' ')).join('L')}" fill="none" stroke="${ink}" stroke-width="5" stroke-linejoin="round"/>${dots.join('')}`;
}
