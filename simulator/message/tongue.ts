/**
 * The simulator's words in eight languages. Colours come from `image/colour.ts` as English names: black, white, gray, brown or a hue, perhaps "dark"
 * or "light" before it.
 */
import type { SeenImage } from '../image/inspect.ts';
import { SIMULATED } from './scene.ts';

interface Tongue {
  /** What stands before a description and before a caption. */
  readonly description: string;
  readonly caption: string;
  /** "(example)": what marks a text that people wrote for a sample. */
  readonly example: string;
  readonly kinds: Readonly<Record<'picture' | 'graphic' | 'photograph', string>>;
  readonly layouts: Readonly<Record<'landscape' | 'portrait' | 'square', string>>;
  /** "photo in landscape format" from its two parts. */
  readonly shape: (kind: string, layout: string) => string;
  readonly mostly: (colours: string) => string;
  readonly unseen: string;
  /** Between that and the text. */
  readonly colon: string;
  readonly stop: string;
  readonly pixels: string;
  readonly and: string;
  readonly comma: string;
  readonly hues: Readonly<Record<Hue, string>>;
  readonly shaded: (hue: string, shade: 'dark' | 'light') => string;
}

const HUES = ['red', 'orange', 'yellow', 'green', 'cyan', 'blue', 'purple', 'pink', 'brown', 'black', 'white', 'gray'] as const;
type Hue = (typeof HUES)[number];

function hues(...words: readonly string[]): Record<Hue, string> {
  return Object.fromEntries(HUES.map((hue, index) => [hue, words[index] ?? hue])) as Record<Hue, string>;
}

const after = (kind: string, layout: string): string => `${kind} ${layout}`;
/** "vert foncé", "verde oscuro". */
const adjective =
  (dark: string, light: string) =>
  (hue: string, shade: 'dark' | 'light'): string =>
    `${hue} ${shade === 'dark' ? dark : light}`;
/** "dunkelgrün", "donkergroen". */
const prefix =
  (dark: string, light: string) =>
  (hue: string, shade: 'dark' | 'light'): string =>
    `${shade === 'dark' ? dark : light}${hue}`;

const TONGUES: Readonly<Record<string, Tongue>> = {
  en: {
    description: SIMULATED,
    caption: 'Simulated caption',
    example: 'example',
    kinds: { picture: 'picture', graphic: 'graphic', photograph: 'photographic picture' },
    layouts: { landscape: 'landscape', portrait: 'portrait', square: 'square' },
    shape: (kind, layout) => `${layout} ${kind}`,
    mostly: (colours) => `mostly ${colours}`,
    unseen: 'of unseen colours',
    colon: ': ',
    stop: '.',
    pixels: 'pixels',
    and: ' and ',
    comma: ', ',
    hues: hues(),
    shaded: (hue, shade) => `${shade} ${hue}`,
  },
  de: {
    description: 'Simulierte Beschreibung',
    caption: 'Simulierte Bildunterschrift',
    example: 'Beispiel',
    kinds: { picture: 'Bild', graphic: 'Grafik', photograph: 'Foto' },
    layouts: { landscape: 'im Querformat', portrait: 'im Hochformat', square: 'im quadratischen Format' },
    shape: after,
    mostly: (colours) => `überwiegend ${colours}`,
    unseen: 'Farben unbekannt',
    colon: ': ',
    stop: '.',
    pixels: 'Pixel',
    and: ' und ',
    comma: ', ',
    hues: hues('rot', 'orange', 'gelb', 'grün', 'türkis', 'blau', 'violett', 'rosa', 'braun', 'schwarz', 'weiß', 'grau'),
    shaded: prefix('dunkel', 'hell'),
  },
  fr: {
    description: 'Description simulée',
    caption: 'Légende simulée',
    example: 'exemple',
    kinds: { picture: 'image', graphic: 'dessin', photograph: 'photo' },
    layouts: { landscape: 'au format paysage', portrait: 'au format portrait', square: 'au format carré' },
    shape: after,
    mostly: (colours) => `surtout ${colours}`,
    unseen: 'couleurs inconnues',
    colon: ' : ',
    stop: '.',
    pixels: 'pixels',
    and: ' et ',
    comma: ', ',
    hues: hues('rouge', 'orange', 'jaune', 'vert', 'cyan', 'bleu', 'violet', 'rose', 'marron', 'noir', 'blanc', 'gris'),
    shaded: adjective('foncé', 'clair'),
  },
  es: {
    description: 'Descripción simulada',
    caption: 'Pie de foto simulado',
    example: 'ejemplo',
    kinds: { picture: 'imagen', graphic: 'gráfico', photograph: 'foto' },
    layouts: { landscape: 'en formato horizontal', portrait: 'en formato vertical', square: 'en formato cuadrado' },
    shape: after,
    mostly: (colours) => `sobre todo ${colours}`,
    unseen: 'colores desconocidos',
    colon: ': ',
    stop: '.',
    pixels: 'píxeles',
    and: ' y ',
    comma: ', ',
    hues: hues('rojo', 'naranja', 'amarillo', 'verde', 'cian', 'azul', 'morado', 'rosa', 'marrón', 'negro', 'blanco', 'gris'),
    shaded: adjective('oscuro', 'claro'),
  },
  it: {
    description: 'Descrizione simulata',
    caption: 'Didascalia simulata',
    example: 'esempio',
    kinds: { picture: 'immagine', graphic: 'disegno', photograph: 'foto' },
    layouts: { landscape: 'in formato orizzontale', portrait: 'in formato verticale', square: 'in formato quadrato' },
    shape: after,
    mostly: (colours) => `soprattutto ${colours}`,
    unseen: 'colori sconosciuti',
    colon: ': ',
    stop: '.',
    pixels: 'pixel',
    and: ' e ',
    comma: ', ',
    hues: hues('rosso', 'arancione', 'giallo', 'verde', 'ciano', 'blu', 'viola', 'rosa', 'marrone', 'nero', 'bianco', 'grigio'),
    shaded: adjective('scuro', 'chiaro'),
  },
  pt: {
    description: 'Descrição simulada',
    caption: 'Legenda simulada',
    example: 'exemplo',
    kinds: { picture: 'imagem', graphic: 'desenho', photograph: 'foto' },
    layouts: { landscape: 'em formato horizontal', portrait: 'em formato vertical', square: 'em formato quadrado' },
    shape: after,
    mostly: (colours) => `sobretudo ${colours}`,
    unseen: 'cores desconhecidas',
    colon: ': ',
    stop: '.',
    pixels: 'pixels',
    and: ' e ',
    comma: ', ',
    hues: hues('vermelho', 'laranja', 'amarelo', 'verde', 'ciano', 'azul', 'roxo', 'rosa', 'marrom', 'preto', 'branco', 'cinza'),
    shaded: adjective('escuro', 'claro'),
  },
  nl: {
    description: 'Gesimuleerde beschrijving',
    caption: 'Gesimuleerd bijschrift',
    example: 'voorbeeld',
    kinds: { picture: 'afbeelding', graphic: 'tekening', photograph: 'foto' },
    layouts: { landscape: 'in liggend formaat', portrait: 'in staand formaat', square: 'in vierkant formaat' },
    shape: after,
    mostly: (colours) => `vooral ${colours}`,
    unseen: 'kleuren onbekend',
    colon: ': ',
    stop: '.',
    pixels: 'pixels',
    and: ' en ',
    comma: ', ',
    hues: hues('rood', 'oranje', 'geel', 'groen', 'cyaan', 'blauw', 'paars', 'roze', 'bruin', 'zwart', 'wit', 'grijs'),
    shaded: prefix('donker', 'licht'),
  },
  ja: {
    description: 'シミュレーションによる説明',
    caption: 'シミュレーションによるキャプション',
    example: '例',
    kinds: { picture: '画像', graphic: '図', photograph: '写真' },
    layouts: { landscape: '横長の', portrait: '縦長の', square: '正方形の' },
    shape: (kind, layout) => layout + kind,
    mostly: (colours) => `主な色は${colours}`,
    unseen: '色は不明',
    colon: '：',
    stop: '。',
    pixels: 'ピクセル',
    and: 'と',
    comma: '、',
    hues: hues('赤', 'オレンジ', '黄', '緑', 'シアン', '青', '紫', 'ピンク', '茶', '黒', '白', '灰色'),
    shaded: prefix('濃い', '薄い'),
  },
};

/** A language that the simulator speaks, for a BCP 47 tag. */
export interface Speech {
  /** Primary subtag: `de` of `de-AT`; `en` for a language that it has no words in. */
  readonly code: string;
  /** Says so where it has none; else empty. */
  readonly note: string;
}

/** The language to answer in. */
export function speechFor(tag: string | undefined): Speech {
  const code = (tag ?? 'en').toLowerCase().split('-')[0] ?? 'en';
  return code in TONGUES ? { code, note: '' } : { code: 'en', note: ` (the simulator has no words in "${tag}")` };
}

function tongueOf({ code }: Speech): Tongue {
  return TONGUES[code] ?? (TONGUES['en'] as Tongue);
}

/** One short sentence, for alt text: under 125 characters. */
export function spokenAltText(image: SeenImage, speech: Speech): string {
  const tongue = tongueOf(speech);
  return `${tongue.description}${tongue.colon}${seen(image, tongue)}${tongue.stop}${speech.note}`;
}

/** One short line, for captions and titles. */
export function spokenCaption(image: SeenImage, speech: Speech): string {
  const tongue = tongueOf(speech);
  return `${tongue.caption}${tongue.colon}${seen(image, tongue)}${speech.note}`;
}

/** What was seen with its size, in a language other than English, whose sentence `fullDescription` writes. */
export function spokenDescription(image: SeenImage, speech: Speech): string {
  const tongue = tongueOf(speech);
  const { width, height } = image.facts;
  return `${tongue.description}${tongue.colon}${seen(image, tongue)}${tongue.comma}${width} × ${height} ${tongue.pixels}${tongue.stop}`;
}

/** What stands before a text that people wrote for a sample: "Simulated description (example): ". */
export function exampleMark(kind: 'description' | 'caption', speech: Speech): string {
  const tongue = tongueOf(speech);
  return `${tongue[kind]} (${tongue.example})${tongue.colon}`;
}

function seen({ facts, look }: SeenImage, tongue: Tongue): string {
  const { width, height } = facts;
  const layout = tongue.layouts[width > height ? 'landscape' : width < height ? 'portrait' : 'square'];
  const kind = tongue.kinds[look === undefined ? 'picture' : look.isFlat ? 'graphic' : 'photograph'];
  const colours =
    look === undefined
      ? tongue.unseen
      : tongue.mostly(
          joinIn(
            tongue,
            look.colours.map((name) => spokenColour(name, tongue)),
          ),
        );
  return `${tongue.shape(kind, layout)}${tongue.comma}${colours}`;
}

/** The colour that `image/colour.ts` names. */
function spokenColour(name: string, tongue: Tongue): string {
  const [first = '', second] = name.split(' ');
  const hue = (second ?? first) as Hue;
  return second === undefined ? tongue.hues[hue] : tongue.shaded(tongue.hues[hue], first as 'dark' | 'light');
}

function joinIn(tongue: Tongue, words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return words.slice(0, -1).join(tongue.comma) + tongue.and + (words.at(-1) ?? '');
}
