// Parts of a web interface, drawn in SVG with outlined text.
import { loadFont, measureText, textElement } from '../font.mjs';

/** Greys and accents of the pictured product. */
export const INK = {
  strong: '#101828',
  normal: '#344054',
  soft: '#667085',
  faint: '#98a2b3',
  line: '#eaecf0',
  ground: '#f6f7f9',
  accent: '#2f6f5e',
  tint: '#e3f0eb',
  amber: '#d98a2b',
  red: '#c4453a',
};

/** A line of interface text; `weight` 400 to 700, `anchor` as in SVG. */
export function label(text, x, y, { size = 14, weight = 400, fill = INK.normal, anchor = 'start', spacing = 0 } = {}) {
  return textElement('inter', weight, text, { x, y, size, fill, anchor, spacing });
}

/** The width in px that {@link label} takes for the text. */
export function labelWidth(text, size = 14, weight = 400) {
  return measureText(loadFont('inter', weight), text, size);
}

/** A white card with a hairline border and a soft shadow. */
export function card(x, y, width, height, radius = 12) {
  return `<rect x="${x}" y="${y + 1}" width="${width}" height="${height}" rx="${radius}" fill="#101828" opacity=".05"/>
    <rect x="${x + 0.5}" y="${y + 0.5}" width="${width - 1}" height="${height - 1}" rx="${radius}" fill="#fff" stroke="${INK.line}"/>`;
}

/** A rounded badge with text. */
export function badge(text, x, y, { fill, ink }) {
  const width = labelWidth(text, 12, 500) + 18;
  return `<rect x="${x}" y="${y - 15}" width="${width}" height="21" rx="10.5" fill="${fill}"/>${label(text, x + 9, y, { size: 12, weight: 500, fill: ink })}`;
}

/** A smooth line through points, as path data (monotone in x, so it never overshoots the values). */
export function smoothLine(points) {
  const slope = points.map((_, index) => {
    const before = points[index - 1],
      here = points[index],
      after = points[index + 1];
    if (!before || !after) return 0;
    const a = (here[1] - before[1]) / (here[0] - before[0]),
      b = (after[1] - here[1]) / (after[0] - here[0]);
    return a * b <= 0 ? 0 : (2 * a * b) / (a + b);
  });
  return points.reduce((path, [x, y], index) => {
    if (index === 0) return `M${x} ${y}`;
    const [px, py] = points[index - 1],
      third = (x - px) / 3;
    return `${path}C${px + third} ${(py + slope[index - 1] * third).toFixed(2)} ${x - third} ${(y - slope[index] * third).toFixed(2)} ${x} ${y}`;
  }, '');
}

/** Line icons on a 20 × 20 grid, stroked in `ink`. */
export function icon(name, x, y, ink = INK.soft) {
  return `<path transform="translate(${x} ${y})" d="${ICONS[name]}" fill="none" stroke="${ink}" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round"/>`;
}

const ICONS = {
  home: 'M3 9.2L10 3.2L17 9.2V16.5H12.3V11.8H7.7V16.5H3Z',
  chart: 'M3 17H17M5.5 17V10.5M10 17V4.5M14.5 17V8',
  box: 'M3 6.4L10 3L17 6.4V13.6L10 17L3 13.6ZM3 6.4L10 9.8L17 6.4M10 9.8V17',
  people:
    'M7.5 9.6A3 3 0 1 0 7.5 3.6A3 3 0 0 0 7.5 9.6ZM2.2 16.8C2.4 13.8 4.5 12.2 7.5 12.2S12.6 13.8 12.8 16.8M13.4 4A2.8 2.8 0 0 1 13.4 9.3M15 12.5C16.8 13 17.8 14.5 18 16.8',
  tag: 'M3 3.6H9.6L17 11L11 17L3.6 9.6V3.6ZM6.7 6.7V6.8',
  card: 'M2.8 5H17.2V15.2H2.8ZM2.8 8.4H17.2M5.5 12.3H8.5',
  gear: 'M10 12.6A2.6 2.6 0 1 0 10 7.4A2.6 2.6 0 0 0 10 12.6ZM10 2.6V4.6M10 15.4V17.4M2.6 10H4.6M15.4 10H17.4M4.8 4.8L6.2 6.2M13.8 13.8L15.2 15.2M4.8 15.2L6.2 13.8M13.8 6.2L15.2 4.8',
  search: 'M9 14.4A5.4 5.4 0 1 0 9 3.6A5.4 5.4 0 0 0 9 14.4ZM13 13L17 17',
  bell: 'M5 13.6C6 12.5 6 11 6 9A4 4 0 0 1 14 9C14 11 14 12.5 15 13.6ZM8.4 16.4H11.6',
  calendar: 'M3.4 5H16.6V16.6H3.4ZM3.4 8.6H16.6M7 3V6M13 3V6',
  down: 'M5.5 8L10 12.5L14.5 8',
  download: 'M10 3.5V12.5M6.2 9L10 12.8L13.8 9M3.8 16.3H16.2',
  file: 'M5 2.8H11.5L15.2 6.5V17.2H5ZM11.5 2.8V6.5H15.2',
};

/** The pictured company's mark, a fern leaf in a round square, `size` px wide. */
export function fernMark(x, y, size, { ground = INK.accent, ink = '#fff' } = {}) {
  const leaves = [0, 1, 2, 3].map((index) => {
    const at = 23.5 - index * 4.3,
      long = 8.6 - index * 1.75;
    return (
      `M16 ${at}C${16 + long * 0.4} ${at - 0.6} ${16 + long} ${at - 2.6} ${16 + long} ${at - 6}C${16 + long * 0.55} ${at - 5.6} 16 ${at - 3.6} 16 ${at}Z` +
      `M16 ${at}C${16 - long * 0.4} ${at - 0.6} ${16 - long} ${at - 2.6} ${16 - long} ${at - 6}C${16 - long * 0.55} ${at - 5.6} 16 ${at - 3.6} 16 ${at}Z`
    );
  });
  const backdrop = ground ? `<rect width="32" height="32" rx="8" fill="${ground}"/>` : '';
  return `<g transform="translate(${x} ${y}) scale(${size / 32})">${backdrop}
    <path d="M16 27V5" stroke="${ink}" stroke-width="1.5" stroke-linecap="round"/><path d="${leaves.join('')}" fill="${ink}"/></g>`;
}
