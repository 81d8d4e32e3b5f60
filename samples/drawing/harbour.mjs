// Silhouettes for the harbour at dusk, drawn in SVG; reds above 235 count as lamps.
import { createRandom } from '../noise.mjs';

/** A sloop at its mooring, 11 m long, 16 m high, at 40 px a metre. */
export function boatDrawing({ seed, hull, light }) {
  const random = createRandom(seed);
  const scale = 40,
    width = 12 * scale,
    height = 17 * scale;
  const lean = (random() - 0.5) * 1.2,
    mast = 13 + random() * 2.2;
  const y = (metres) => 16.6 - metres;
  const deck = 1.15,
    foot = 5.1;
  const line = (x1, y1, x2, y2, thick) => `<path d="M${x1} ${y(y1)}L${x2} ${y(y2)}" stroke="#1c2028" stroke-width="${thick}"/>`;
  const window = light ? `fill="${light}"` : 'fill="#0c0f16"';
  const top = foot + lean * 0.1,
    spreader = deck + mast * 0.55;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 12 17">
    <defs><linearGradient id="side" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${hull}"/><stop offset=".75" stop-color="${hull}" stop-opacity="1"/><stop offset="1" stop-color="#10141c"/></linearGradient></defs>
    <g transform="rotate(${lean} 6 16.6)" fill="none" stroke-linecap="round">
    ${line(foot, deck, top, mast + deck, 0.13)}${line(0.7, deck + 0.15, top, mast + deck - 0.4, 0.03)}${line(11.1, deck, top, mast + deck, 0.03)}
    ${line(top - 0.75, spreader, top + 0.75, spreader, 0.05)}${line(top - 0.75, spreader, top, mast + deck, 0.025)}${line(top + 0.75, spreader, top, mast + deck, 0.025)}
    ${line(top - 0.75, spreader, foot - 0.3, deck, 0.025)}${line(top + 0.75, spreader, foot + 0.4, deck, 0.025)}
    ${line(foot, deck + 1.25, 9.4, deck + 1.15, 0.1)}${line(top, mast + deck, top, mast + deck + 0.7, 0.03)}
    <path d="M${foot + 0.1} ${y(deck + 1.62)}Q7 ${y(deck + 1.55)} 9.3 ${y(deck + 1.3)}L9.3 ${y(deck + 1.18)}L${foot + 0.1} ${y(deck + 1.27)}Z" fill="#2a3346"/>
    <path d="M3.5 ${y(deck - 0.02)}Q3.9 ${y(deck + 0.5)} 4.6 ${y(deck + 0.52)}L7.8 ${y(deck + 0.46)}Q8.2 ${y(deck + 0.4)} 8.3 ${y(deck - 0.05)}Z" fill="#59636f"/>
    <g ${window}><rect x="4.6" y="${y(deck + 0.37)}" width=".62" height=".19" rx=".08"/><rect x="5.6" y="${y(deck + 0.36)}" width=".62" height=".19" rx=".08"/><rect x="6.6" y="${y(deck + 0.34)}" width=".62" height=".19" rx=".08"/></g>
    <path d="M0.45 ${y(deck + 0.28)}Q5 ${y(deck - 0.12)} 11.2 ${y(deck + 0.02)}L10.9 ${y(0.32)}Q10.7 ${y(0.0)} 9.6 ${y(-0.2)}L2.5 ${y(-0.2)}Q1.3 ${y(0.1)} 0.45 ${y(deck + 0.28)}Z" fill="url(#side)"/>
    <path d="M1.35 ${y(0.22)}Q6 ${y(0.08)} 10.75 ${y(0.2)}" stroke="#151a24" stroke-width=".12"/>
    <path d="M0.7 ${y(deck + 0.14)}Q5 ${y(deck - 0.26)} 11.1 ${y(deck - 0.12)}" stroke="#20283a" stroke-width=".06"/>
    ${[1.2, 2.6, 8.9, 10.2, 11].map((x) => line(x, deck, x, deck + 0.75, 0.03)).join('')}${line(1.2, deck + 0.73, 2.6, deck + 0.7, 0.02)}${line(8.9, deck + 0.7, 11, deck + 0.73, 0.02)}
    ${light ? `<circle cx="${top}" cy="${y(mast + deck + 0.75)}" r=".1" fill="#fff4dd"/>` : ''}
    </g></svg>`;
  return { svg, width, height, pixelsPerMetre: scale };
}

/** A rocky point with a lighthouse, 120 m wide, at 12 px a metre. */
export function lighthouseDrawing() {
  const scale = 12,
    width = 120 * scale,
    height = 36 * scale;
  const random = createRandom(8);
  let rock = 'M0 35.7';
  for (let x = 0; x <= 118; x += 1.3) {
    const rise = 5.2 * Math.exp(-(((x - 62) / 27) ** 2)) + 1.1 * random() * (1 - x / 130) + (x < 60 ? 2.2 * Math.exp(-x / 40) : 0);
    rock += `L${x} ${(35.7 - rise).toFixed(2)}`;
  }
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 120 36">
    <defs><linearGradient id="tower"><stop offset="0" stop-color="#5d6478"/><stop offset=".55" stop-color="#9c8f96"/><stop offset="1" stop-color="#c99d86"/></linearGradient></defs>
    <path d="M60.2 31L61.2 10.5H64.8L65.8 31Z" fill="url(#tower)"/><path d="M60.62 22.5L60.9 17H65.1L65.38 22.5Z" fill="#5a2c30"/>
    <path d="M60.6 10.6H65.4V9.9H60.6Z" fill="#23252e"/><rect x="61.6" y="7.4" width="2.8" height="2.6" fill="#3a3d49"/>
    <rect x="62.1" y="7.8" width="1.8" height="1.9" fill="#fff6d8"/><path d="M61.3 7.4Q63 4.4 64.7 7.4Z" fill="#23252e"/><path d="M62.95 5.8V4.2" stroke="#23252e" stroke-width=".15"/>
    <path d="M67.5 31V26.4L70.6 24.2L73.8 26.4V31Z" fill="#4a4e5e"/><path d="M67 26.7L70.6 24L74.3 26.7" fill="none" stroke="#23252e" stroke-width=".5"/><rect x="69.2" y="27.4" width="1" height="1.2" fill="#ffc883"/>
    <path d="${rock}L118 35.7L120 36L0 36Z" fill="#171a22"/></svg>`;
  return { svg, width, height, pixelsPerMetre: scale };
}

/** A quarter of houses along the quay with lit windows and street lamps, 900 m wide, at 5 px a metre. */
export function townDrawing() {
  const scale = 5,
    width = 900 * scale,
    height = 46 * scale;
  const random = createRandom(15);
  let houses = '',
    lamps = '';
  for (let row = 3; row >= 0; row--) {
    for (let x = 226 + row * 26; x < 898;) {
      const wide = 6 + random() * 13,
        hill = 13 * Math.exp(-(((x - 640) / 150) ** 2)) + 5 * Math.exp(-(((x - 800) / 60) ** 2));
      const base = 45 - hill * row * 0.42,
        high = 4.5 + random() * 5 + (random() < 0.12 ? 4 : 0);
      const tone = 30 + Math.floor(random() * 16) + row * 6,
        top = base - high;
      const eaves = random() < 0.45 ? 0 : 1.6 + random() * 1.6,
        inset = random() < 0.5 ? wide / 2 : 1.8;
      houses += `<path d="M${x} 46V${top}L${x + inset} ${top - eaves}H${x + wide - inset}L${x + wide} ${top}V46Z" fill="rgb(${tone},${tone},${tone + 11})"/>`;
      if (random() < 0.5)
        houses += `<rect x="${(x + wide * (0.2 + 0.5 * random())).toFixed(1)}" y="${(top - eaves - 1.1).toFixed(1)}" width="1" height="2.6" fill="rgb(${tone},${tone},${tone + 9})"/>`;
      for (let floor = 1; floor < high - 1.2; floor += 2.7) {
        for (let side = 1; side < wide - 1.4; side += 2) {
          if (random() < 0.17)
            houses += `<rect x="${(x + side).toFixed(1)}" y="${(top + floor).toFixed(1)}" width=".8" height="1.2" fill="rgb(255,${185 + Math.floor(random() * 50)},${100 + Math.floor(random() * 90)})"/>`;
        }
      }
      x += wide + (random() < 0.2 ? random() * 6 : 0);
    }
  }
  for (let x = 250; x < 890; x += 24 + random() * 14) {
    lamps += `<path d="M${x} 45.5V40.6" stroke="#14161d" stroke-width=".3"/><circle cx="${x}" cy="40.3" r=".75" fill="#ffcf8a"/>`;
  }
  const church =
    '<path d="M560 46V18L563.5 4L567 18V46Z M567 46V27L585 27V46Z" fill="#262833"/><path d="M563.5 4V1.6M562.6 2.5H564.4" stroke="#262833" stroke-width=".4"/><rect x="562.6" y="21" width="1.7" height="2.6" fill="#ffd08c"/>';
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 900 46">${church}${houses}<path d="M215 46L228 43.9H900V46Z" fill="#14161d"/>${lamps}</svg>`;
  return { svg, width, height, pixelsPerMetre: scale };
}
