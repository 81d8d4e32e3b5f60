import type { Example } from './example.ts';

export const COFFEE_CUP: Example = {
  sha256: '4f14dd5745eb7524d9d586cd06eace4eb3af60eb1cc928d3f42b8585f352b3be',
  fingerprint: '635866655966545da98d827b63716d656e6c6d8469736b5f607c897f969b695e6a576694a78c7f6d4f3d369ea9939150515150404749414a4d4a4e4e4640413f',
  aspect: 1620 / 1080,
  words: {
    en: {
      altText: 'A cup of milky coffee and a croissant on a wooden table, warm lights behind.',
      caption: 'Coffee and a croissant at a café table in the evening.',
      description:
        'A white cup of coffee with a leaf drawn in its foam stands on a saucer with a spoon. To its left a croissant lies on a dark plate, to its right two sugar cubes. The table is dark wood; out-of-focus lamps glow in the background.',
      tags: ['coffee', 'croissant', 'café', 'breakfast', 'wooden table'],
    },
    de: {
      altText: 'Eine Tasse Milchkaffee und ein Croissant auf einem Holztisch vor warmen Lichtern.',
      caption: 'Kaffee und Croissant am Abend im Café.',
      description:
        'Eine weiße Tasse Kaffee mit einem Blatt im Milchschaum steht auf einer Untertasse mit Löffel. Links liegt ein Croissant auf einem dunklen Teller, rechts liegen zwei Zuckerwürfel. Der Tisch ist aus dunklem Holz; im Hintergrund leuchten unscharfe Lampen.',
      tags: ['Kaffee', 'Croissant', 'Café', 'Frühstück', 'Holztisch'],
    },
    fr: {
      altText: 'Une tasse de café au lait et un croissant sur une table en bois, lumières chaudes.',
      caption: 'Un café et un croissant, le soir, à une table de café.',
      description:
        'Une tasse blanche de café, une feuille dessinée dans la mousse, est posée sur une soucoupe avec une cuillère. À gauche, un croissant sur une assiette sombre ; à droite, deux morceaux de sucre. La table est en bois foncé ; des lampes floues brillent au fond.',
      tags: ['café', 'croissant', 'bistrot', 'petit-déjeuner', 'table en bois'],
    },
    es: {
      altText: 'Una taza de café con leche y un cruasán en una mesa de madera, con luces cálidas.',
      caption: 'Café y cruasán por la noche en la mesa de una cafetería.',
      description:
        'Una taza blanca de café, con una hoja dibujada en la espuma, descansa en un platillo con cuchara. A la izquierda hay un cruasán en un plato oscuro; a la derecha, dos terrones de azúcar. La mesa es de madera oscura y al fondo brillan lámparas desenfocadas.',
      tags: ['café', 'cruasán', 'cafetería', 'desayuno', 'mesa de madera'],
    },
  },
  lines: [],
  objects: [
    { label: { en: 'croissant', de: 'Croissant', fr: 'croissant', es: 'cruasán' }, box: [0.07, 0.38, 0.42, 0.64] },
    { label: { en: 'coffee cup', de: 'Kaffeetasse', fr: 'tasse de café', es: 'taza de café' }, box: [0.49, 0.38, 0.83, 0.76] },
    { label: { en: 'sugar cubes', de: 'Zuckerwürfel', fr: 'morceaux de sucre', es: 'terrones de azúcar' }, box: [0.86, 0.56, 0.97, 0.68] },
  ],
};
