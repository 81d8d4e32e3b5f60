/** The colours that a description names. */
export type ColourName = string;

const HUES: readonly (readonly [upTo: number, name: string])[] = [
  [15, 'red'],
  [42, 'orange'],
  [68, 'yellow'],
  [165, 'green'],
  [195, 'cyan'],
  [255, 'blue'],
  [290, 'purple'],
  [335, 'pink'],
  [360, 'red'],
];

/** The everyday name of an sRGB colour (each channel 0 to 255), such as "dark blue" or "light gray". */
export function nameColour(red: number, green: number, blue: number): ColourName {
  const high = Math.max(red, green, blue);
  const low = Math.min(red, green, blue);
  const chroma = high - low;
  const lightness = (high + low) / 2;
  if (lightness < 24) return 'black';
  if (lightness > 236 && chroma < 24) return 'white';
  if (chroma < 24) return lightness < 85 ? 'dark gray' : lightness > 170 ? 'light gray' : 'gray';
  const hue = hueOf(red, green, blue, high, chroma);
  const name = HUES.find(([upTo]) => hue <= upTo)?.[1] ?? 'red';
  // Dark orange and dark yellow are what people call brown.
  if ((name === 'orange' || name === 'yellow') && lightness < 80) return 'brown';
  if (lightness < 80) return `dark ${name}`;
  return lightness > 190 ? `light ${name}` : name;
}

function hueOf(red: number, green: number, blue: number, high: number, chroma: number): number {
  const sixth = high === red ? ((green - blue) / chroma + 6) % 6 : high === green ? (blue - red) / chroma + 2 : (red - green) / chroma + 4;
  return sixth * 60;
}
