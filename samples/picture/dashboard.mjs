// A screenshot of a web shop's back office, at two pixels a point.
import sharp from 'sharp';
import { INK, badge, card, fernMark, icon, label, labelWidth, smoothLine } from '../drawing/interface.mjs';
import { write } from '../save.mjs';

const VIEW = { width: 1360, height: 860 };
const PIXELS_PER_POINT = 2;
const SIDE = 232;
// Revenue of each day, €; the first card shows their sum.
const DAYS = [
  1180, 1322, 1240, 1475, 1612, 1890, 1533, 1268, 1391, 1455, 1520, 1784, 2012, 1702, 1344, 1488, 1561, 1493, 1866, 2140, 1811, 1402, 1515, 1673, 1620, 1958,
  2263, 1934, 1477, 1590,
];
const BEFORE = DAYS.map((value, index) => Math.round(value * (0.89 + 0.06 * Math.sin(index * 1.7))));
const ORDERS = [
  ['#10482', 'Aoife Brennan', 'Monstera deliciosa, 2 more', '20 Oct, 16:41', 'Paid', 128.5],
  ['#10481', 'Jonas Weber', 'Olive tree, 120 cm', '20 Oct, 15:58', 'Packing', 89],
  ['#10480', 'Priya Natarajan', 'Terracotta pot set', '20 Oct, 14:20', 'Shipped', 46.9],
  ['#10479', 'Mateo García', 'Boston fern', '20 Oct, 12:07', 'Refunded', 24],
  ['#10478', 'Saoirse Kelly', 'Herb garden kit', '20 Oct, 11:35', 'Shipped', 39.5],
];
const STATUS = {
  Paid: { fill: '#e3f0eb', ink: '#23604f' },
  Packing: { fill: '#fdf1de', ink: '#96590f' },
  Shipped: { fill: '#e6eefb', ink: '#2a559c' },
  Refunded: { fill: '#fbe9e7', ink: '#a3362c' },
};
const CHANNELS = [
  ['Organic search', 38],
  ['Direct', 27],
  ['Instagram', 19],
  ['Newsletter', 11],
  ['Other', 5],
];

/** Renders `dashboard.png`, 2720 × 1720. */
export async function render() {
  const { width, height } = VIEW;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width * PIXELS_PER_POINT}" height="${height * PIXELS_PER_POINT}" viewBox="0 0 ${width} ${height}">
    <rect width="100%" height="100%" fill="${INK.ground}"/>${sidebar()}${header()}${figures()}${revenue(262, 268, 714, 292)}${channels(992, 268, 340, 292)}${orders(262, 576, 1070, 268)}</svg>`;
  write('dashboard.png', await sharp(Buffer.from(svg)).removeAlpha().png({ compressionLevel: 9, effort: 10 }).toBuffer(), `${width * 2} × ${height * 2}`);
}

function sidebar() {
  const entries = [
    ['home', 'Overview'],
    ['box', 'Orders', '12'],
    ['tag', 'Products'],
    ['people', 'Customers'],
    ['chart', 'Analytics'],
    ['card', 'Payouts'],
  ];
  const rows = entries.map(([name, text, count], index) => {
    const y = 104 + index * 42,
      isHere = index === 0;
    return (
      (isHere ? `<rect x="14" y="${y - 10}" width="${SIDE - 28}" height="38" rx="8" fill="${INK.tint}"/>` : '') +
      icon(name, 28, y - 1, isHere ? INK.accent : INK.soft) +
      label(text, 60, y + 14, { weight: isHere ? 600 : 500, fill: isHere ? '#1f5546' : INK.normal }) +
      (count
        ? `<rect x="${SIDE - 54}" y="${y - 2}" width="28" height="20" rx="10" fill="${INK.accent}"/>${label(count, SIDE - 40, y + 12.5, { size: 12, weight: 600, fill: '#fff', anchor: 'middle' })}`
        : '')
    );
  });
  return `<rect width="${SIDE}" height="${VIEW.height}" fill="#fff"/><path d="M${SIDE - 0.5} 0V${VIEW.height}" stroke="${INK.line}"/>
    ${fernMark(24, 24, 34)}${label('fernway', 70, 48, { size: 21, weight: 700, fill: INK.strong, spacing: -0.3 })}${rows.join('')}
    ${icon('gear', 28, 758)}${label('Settings', 60, 773, { weight: 500 })}<path d="M14 796H${SIDE - 14}" stroke="${INK.line}"/>
    <circle cx="38" cy="828" r="16" fill="#d9c3a5"/>${label('NO', 38, 832.5, { size: 12, weight: 600, fill: '#5b4423', anchor: 'middle' })}
    ${label('Niamh O’Dowd', 64, 825, { size: 13, weight: 600, fill: INK.strong })}${label('Shop owner', 64, 841, { size: 12, fill: INK.soft })}`;
}

function header() {
  return `${label('Overview', 262, 58, { size: 26, weight: 700, fill: INK.strong, spacing: -0.4 })}${label('Tuesday, 20 October 2026', 262, 82, { size: 14, fill: INK.soft })}
    <rect x="690.5" y="34.5" width="262" height="38" rx="9" fill="#fff" stroke="#d8dce3"/>${icon('search', 702, 44, INK.faint)}${label('Search orders, products…', 730, 58, { fill: INK.faint })}
    <rect x="966.5" y="34.5" width="168" height="38" rx="9" fill="#fff" stroke="#d8dce3"/>${icon('calendar', 978, 43)}${label('Last 30 days', 1006, 58, { weight: 500 })}${icon('down', 1108, 44)}
    <rect x="1147" y="34" width="124" height="39" rx="9" fill="${INK.accent}"/>${icon('download', 1159, 43, '#fff')}${label('Export', 1187, 58, { weight: 600, fill: '#fff' })}<path d="M1244 46V61" stroke="#fff" opacity=".35"/>${icon('down', 1247, 44, '#fff')}
    ${icon('bell', 1300, 43, INK.normal)}<circle cx="1315" cy="45" r="4.5" fill="${INK.red}" stroke="${INK.ground}" stroke-width="1.5"/>`;
}

function figures() {
  const sum = DAYS.reduce((total, value) => total + value, 0),
    earlier = BEFORE.reduce((total, value) => total + value, 0);
  const orders = 962,
    ordersChange = 8.4;
  const revenueChange = (sum / earlier - 1) * 100;
  const cards = [
    ['Revenue', `€${sum.toLocaleString('en-IE')}`, revenueChange, DAYS],
    ['Orders', String(orders), ordersChange, DAYS.map((value, index) => value * (0.9 + 0.1 * Math.sin(index)))],
    [
      'Average order',
      `€${(sum / orders).toFixed(2)}`,
      ((100 + revenueChange) / (100 + ordersChange) - 1) * 100,
      DAYS.map((value, index) => 50 + 4 * Math.sin(index * 0.9) + index * 0.2),
    ],
    ['Conversion', '2.87%', -0.6, DAYS.map((value, index) => 3 + 0.3 * Math.cos(index * 0.7) - index * 0.012)],
  ];
  return cards
    .map(([name, value, change, series], index) => {
      const x = 262 + index * 272,
        y = 112,
        width = 254;
      const least = Math.min(...series),
        most = Math.max(...series);
      const points = series
        .filter((_, at) => at % 2 === 0)
        .map((item, at, all) => [x + 146 + (at / (all.length - 1)) * 90, y + 94 - ((item - least) / (most - least)) * 34]);
      const isUp = change > 0,
        ink = isUp ? '#23705a' : INK.red;
      const arrow = isUp ? 'M0 7L4 1L8 7Z' : 'M0 1L4 7L8 1Z';
      return `${card(x, y, width, 138)}${label(name, x + 20, y + 34, { weight: 500, fill: INK.soft })}${label(value, x + 20, y + 72, { size: 28, weight: 700, fill: INK.strong, spacing: -0.6 })}
      <path transform="translate(${x + 20} ${y + 100})" d="${arrow}" fill="${ink}"/>${label(`${Math.abs(change).toFixed(1)}%`, x + 33, y + 108.5, { size: 13, weight: 600, fill: ink })}${label('vs. previous', x + 40 + labelWidth(`${Math.abs(change).toFixed(1)}%`, 13, 600), y + 108.5, { size: 13, fill: INK.soft })}
      <path d="${smoothLine(points)}" transform="translate(0 ${-28})" fill="none" stroke="${isUp ? INK.accent : INK.red}" stroke-width="1.8"/>`;
    })
    .join('');
}

function revenue(x, y, width, height) {
  const left = x + 62,
    right = x + width - 24,
    top = y + 78,
    bottom = y + height - 42,
    most = 2500;
  const place = (value, index) => [left + (index / (DAYS.length - 1)) * (right - left), bottom - (value / most) * (bottom - top)];
  const now = DAYS.map(place),
    past = BEFORE.map(place);
  const grid = [0, 500, 1000, 1500, 2000, 2500].map((value) => {
    const [, gy] = place(value, 0);
    return `<path d="M${left} ${gy}H${right}" stroke="${INK.line}"/>${label(value === 0 ? '€0' : `€${value / 1000}k`, left - 12, gy + 4, { size: 12, fill: INK.soft, anchor: 'end' })}`;
  });
  const dates = ['21 Sep', '26 Sep', '1 Oct', '6 Oct', '11 Oct', '16 Oct'].map((text, index) =>
    label(text, place(0, index * 5)[0], bottom + 22, { size: 12, fill: INK.soft, anchor: index === 0 ? 'start' : 'middle' }),
  );
  const [hx, hy] = now[26];
  const tip = `<path d="M${hx} ${top}V${bottom}" stroke="${INK.faint}" stroke-dasharray="3 3"/><circle cx="${hx}" cy="${hy}" r="5" fill="#fff" stroke="${INK.accent}" stroke-width="2.4"/>
    <rect x="${hx - 136}" y="${hy - 4}" width="122" height="48" rx="8" fill="#1d2939"/>${label('17 Oct', hx - 124, hy + 15, { size: 12, fill: '#c4cbd6' })}${label('€2,263', hx - 124, hy + 34, { size: 14, weight: 600, fill: '#fff' })}`;
  return `${card(x, y, width, height)}${label('Revenue', x + 22, y + 38, { size: 17, weight: 600, fill: INK.strong })}
    <circle cx="${right - 218}" cy="${y + 33}" r="4" fill="${INK.accent}"/>${label('Last 30 days', right - 208, y + 38, { size: 13 })}<circle cx="${right - 110}" cy="${y + 33}" r="4" fill="#c9ced8"/>${label('Previous period', right, y + 38, { size: 13, anchor: 'end' })}
    ${grid.join('')}${dates.join('')}<defs><linearGradient id="area" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${INK.accent}" stop-opacity=".2"/><stop offset="1" stop-color="${INK.accent}" stop-opacity="0"/></linearGradient></defs>
    <path d="${smoothLine(past)}" fill="none" stroke="#c9ced8" stroke-width="2" stroke-dasharray="5 4"/>
    <path d="${smoothLine(now)}L${right} ${bottom}L${left} ${bottom}Z" fill="url(#area)"/><path d="${smoothLine(now)}" fill="none" stroke="${INK.accent}" stroke-width="2.4"/>${tip}`;
}

function channels(x, y, width, height) {
  const rows = CHANNELS.map(([name, share], index) => {
    const at = y + 86 + index * 40,
      full = width - 44;
    return `${label(name, x + 22, at, { weight: 500 })}${label(`${share}%`, x + width - 22, at, { weight: 600, fill: INK.strong, anchor: 'end' })}
      <rect x="${x + 22}" y="${at + 8}" width="${full}" height="7" rx="3.5" fill="#eef0f3"/><rect x="${x + 22}" y="${at + 8}" width="${(full * share) / 100}" height="7" rx="3.5" fill="${INK.accent}" opacity="${1 - index * 0.15}"/>`;
  });
  return `${card(x, y, width, height)}${label('Visits by channel', x + 22, y + 38, { size: 17, weight: 600, fill: INK.strong })}${label('33,514 visits', x + width - 22, y + 38, { size: 13, fill: INK.soft, anchor: 'end' })}${rows.join('')}`;
}

function orders(x, y, width, height) {
  const columns = [22, 118, 316, 560, 716, 852];
  const heads = ['Order', 'Customer', 'Items', 'Date', 'Status'].map((text, index) =>
    label(text, x + columns[index], y + 76, { size: 12.5, weight: 500, fill: INK.soft }),
  );
  const colours = ['#c9dccd', '#d8d1ea', '#f1d3c4', '#cfe0ee', '#eadfbf'];
  const rows = ORDERS.map(([number, who, what, when, status, amount], index) => {
    const at = y + 114 + index * 35;
    const initials = who
      .split(' ')
      .map((part) => part[0])
      .join('');
    return `<path d="M${x} ${at - 22.5}H${x + width}" stroke="${INK.line}"/>${label(number, x + columns[0], at, { weight: 600, fill: INK.strong })}
      <circle cx="${x + columns[1] + 11}" cy="${at - 5}" r="11.5" fill="${colours[index]}"/>${label(initials, x + columns[1] + 11, at - 1.5, { size: 9.5, weight: 600, fill: '#475467', anchor: 'middle' })}
      ${label(who, x + columns[1] + 32, at)}${label(what, x + columns[2], at)}${label(when, x + columns[3], at, { fill: INK.soft })}${badge(status, x + columns[4], at, STATUS[status])}
      ${label(`€${amount.toFixed(2)}`, x + width - 24, at, { weight: 600, fill: INK.strong, anchor: 'end' })}`;
  });
  return `${card(x, y, width, height)}${label('Latest orders', x + 22, y + 38, { size: 17, weight: 600, fill: INK.strong })}${label('View all', x + width - 24, y + 38, { weight: 600, fill: INK.accent, anchor: 'end' })}
    ${heads.join('')}${label('Amount', x + width - 24, y + 76, { size: 12.5, weight: 500, fill: INK.soft, anchor: 'end' })}${rows.join('')}`;
}
