import type { Look } from '../image/look.ts';
import type { SeenImage } from '../image/inspect.ts';

/** How every text begins, so that nobody takes it for a model's. */
export const SIMULATED = 'Simulated description';

/** Difference of mean luma between two halves from which one is called brighter. */
const HALF_DIFFERENCE_MIN = 12;
const DARK_BELOW = 85;
const BRIGHT_FROM = 170;
const LOW_CONTRAST_BELOW = 30;
const HIGH_CONTRAST_FROM = 70;

/** "landscape", "portrait" or "square". */
export function layout(image: SeenImage): string {
  const { width, height } = image.facts;
  return width > height ? 'landscape' : width < height ? 'portrait' : 'square';
}

/** The colours as words, "dark blue and white"; without a look, "of unseen colours". */
export function colourWords(look: Look | undefined): string {
  if (look === undefined) return 'of unseen colours';
  return `mostly ${joinWords(look.colours)}`;
}

/** Everything that was seen, in one sentence. */
export function fullDescription(image: SeenImage): string {
  return `${SIMULATED}: ${details(image)}.`;
}

/** The sentence without its marker, for numbered lists. */
export function details(image: SeenImage): string {
  const { facts, look } = image;
  const parts = [`a ${layout(image)} ${medium(look)} of ${facts.width} x ${facts.height} pixels`];
  if (facts.resized.width !== facts.width || facts.resized.height !== facts.height) {
    parts.push(`seen at ${facts.resized.width} x ${facts.resized.height}`);
  }
  parts.push(colourWords(look));
  if (look === undefined) {
    parts.push('too large or too unusual for the simulator to decode');
    return parts.join(', ');
  }
  parts.push(`${brightness(look)} and of ${contrast(look)} contrast`, ...halves(look));
  if (look.subject !== undefined) {
    const { box, colour } = look.subject;
    const sides = `${box.right - box.left} x ${box.bottom - box.top}`;
    parts.push(`with a ${colour} area of ${sides} pixels at ${box.left}, ${box.top}`);
  }
  return parts.join(', ');
}

/** Words for tags: colours, layout, medium, brightness. */
export function tags(image: SeenImage): string[] {
  const { look } = image;
  if (look === undefined) return ['simulated', layout(image)];
  const light = look.brightness < DARK_BELOW ? ['dark'] : look.brightness >= BRIGHT_FROM ? ['bright'] : [];
  return ['simulated', layout(image), ...look.colours, look.isFlat ? 'graphic' : 'photograph', ...light];
}

/** "a, b and c". */
export function joinWords(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}

function medium(look: Look | undefined): string {
  return look === undefined ? 'picture' : look.isFlat ? 'graphic' : 'photographic picture';
}

function brightness(look: Look): string {
  if (look.brightness < DARK_BELOW) return 'dark';
  return look.brightness >= BRIGHT_FROM ? 'bright' : 'of medium brightness';
}

function contrast(look: Look): string {
  if (look.contrast < LOW_CONTRAST_BELOW) return 'low';
  return look.contrast >= HIGH_CONTRAST_FROM ? 'high' : 'medium';
}

function halves(look: Look): string[] {
  const [topLeft, topRight, bottomLeft, bottomRight] = look.quadrants.map(([red, green, blue]) => 0.299 * red + 0.587 * green + 0.114 * blue) as [
    number,
    number,
    number,
    number,
  ];
  const vertical = (topLeft + topRight - bottomLeft - bottomRight) / 2;
  const horizontal = (topLeft + bottomLeft - topRight - bottomRight) / 2;
  const words: string[] = [];
  if (Math.abs(vertical) >= HALF_DIFFERENCE_MIN) {
    words.push(`brighter in the ${vertical > 0 ? 'upper' : 'lower'} half`);
  }
  if (Math.abs(horizontal) >= HALF_DIFFERENCE_MIN) {
    words.push(`brighter in the ${horizontal > 0 ? 'left' : 'right'} half`);
  }
  return words;
}
