import type { Example } from './example.ts';

export const CERAMIC_VASE: Example = {
  sha256: 'cb12c97bd2545cfc916c561bbe9f39a6851a099429de8d817d3e5c1ae050191f',
  fingerprint: 'd1d7dee2e0e6e5e2d5dbded8d1dde8e5d6dde3ddd4eaeae7d8dfe5d8c8ecebe8dae2e5d1b9e1ece9dee6deb4a1bceceaeef1e6c7bacbedebfdfbf3d3bad6e6e8',
  aspect: 1200 / 1500,
  words: {
    en: {
      altText: 'Round ceramic vase with a turquoise glaze, holding five stems of dried grass.',
      caption: 'A stoneware vase, half glazed in turquoise, with dried grasses.',
      description:
        'A round stoneware vase stands on a white ground. Its neck and shoulders are glazed in glossy turquoise that runs down in drops; below, the clay is bare, beige and speckled with brown. Five stems of dried grass in cream and rust rise from it.',
      tags: ['vase', 'ceramics', 'turquoise', 'dried grass', 'product photo'],
    },
    de: {
      altText: 'Bauchige Keramikvase mit türkiser Glasur und fünf getrockneten Gräsern.',
      caption: 'Eine Steinzeugvase, zur Hälfte türkis glasiert, mit getrockneten Gräsern.',
      description:
        'Eine bauchige Steinzeugvase steht vor weißem Grund. Hals und Schulter sind glänzend türkis glasiert, die Glasur läuft in Tropfen herab; darunter ist der Ton unglasiert, beige und braun gesprenkelt. Fünf getrocknete Gräser in Creme und Rostrot ragen heraus.',
      tags: ['Vase', 'Keramik', 'Türkis', 'Trockengräser', 'Produktfoto'],
    },
    fr: {
      altText: 'Vase rond en céramique émaillé turquoise, garni de cinq graminées séchées.',
      caption: 'Un vase en grès, à moitié émaillé turquoise, avec des graminées séchées.',
      description:
        'Un vase rond en grès est posé sur un fond blanc. Le col et l’épaule portent un émail turquoise brillant qui coule en gouttes ; plus bas, la terre est nue, beige et mouchetée de brun. Cinq graminées séchées, crème et rouille, en sortent.',
      tags: ['vase', 'céramique', 'turquoise', 'graminées séchées', 'photo de produit'],
    },
    es: {
      altText: 'Jarrón redondo de cerámica con esmalte turquesa y cinco espigas secas.',
      caption: 'Un jarrón de gres, esmaltado a medias en turquesa, con espigas secas.',
      description:
        'Un jarrón redondo de gres sobre fondo blanco. El cuello y los hombros llevan un esmalte turquesa brillante que cae en gotas; más abajo, el barro queda desnudo, beige y moteado de marrón. De él salen cinco espigas secas de color crema y óxido.',
      tags: ['jarrón', 'cerámica', 'turquesa', 'espigas secas', 'foto de producto'],
    },
  },
  lines: [],
  objects: [
    { label: { en: 'vase', de: 'Vase', fr: 'vase', es: 'jarrón' }, box: [0.25, 0.39, 0.7, 0.96] },
    { label: { en: 'dried grasses', de: 'getrocknete Gräser', fr: 'graminées séchées', es: 'espigas secas' }, box: [0.29, 0.03, 0.74, 0.41] },
  ],
};
