import type { Example } from './example.ts';

export const LOGO: Example = {
  sha256: '0f2b20c9b9a4db1a696665afc6cbe7eb1392869cc42cd3773bfcd1a768903680',
  fingerprint: 'ffffffffffffffffd8aae1ffffffffff9e7fb59a91aaace1a19ec885a67a7cebabafe6e1eae6b5fe9e6ce8ecf3f3eaf7d8aaf9f2f4f4ecf8ffffffffffffffff',
  aspect: 1200 / 400,
  words: {
    en: {
      altText: 'fernway: house plants, delivered.',
      caption: 'The logo of fernway, a white fern on a green square.',
      description:
        'A logo. On the left a white fern stands on a green square with round corners. Beside it is the name fernway in dark green bold letters, and below, in smaller capitals, the words “House plants, delivered”.',
      tags: ['logo', 'fern', 'green', 'plants', 'brand'],
    },
    de: {
      altText: 'fernway: Zimmerpflanzen, geliefert.',
      caption: 'Das Logo von fernway, ein weißer Farn auf grünem Quadrat.',
      description:
        'Ein Logo. Links steht ein weißer Farn auf einem grünen Quadrat mit runden Ecken. Daneben steht der Name fernway in dunkelgrünen, fetten Buchstaben, darunter in kleineren Großbuchstaben „House plants, delivered“.',
      tags: ['Logo', 'Farn', 'Grün', 'Pflanzen', 'Marke'],
    },
    fr: {
      altText: 'fernway : plantes d’intérieur, livrées.',
      caption: 'Le logo de fernway, une fougère blanche sur un carré vert.',
      description:
        'Un logo. À gauche, une fougère blanche sur un carré vert aux coins arrondis. À côté, le nom fernway en lettres grasses vert foncé et, dessous, en petites capitales, « House plants, delivered ».',
      tags: ['logo', 'fougère', 'vert', 'plantes', 'marque'],
    },
    es: {
      altText: 'fernway: plantas de interior a domicilio.',
      caption: 'El logotipo de fernway, un helecho blanco sobre un cuadrado verde.',
      description:
        'Un logotipo. A la izquierda, un helecho blanco sobre un cuadrado verde de esquinas redondas. Al lado, el nombre fernway en letras gruesas de color verde oscuro y, debajo, en mayúsculas más pequeñas, «House plants, delivered».',
      tags: ['logotipo', 'helecho', 'verde', 'plantas', 'marca'],
    },
  },
  lines: ['fernway', 'HOUSE PLANTS, DELIVERED'],
  objects: [{ label: { en: 'fern', de: 'Farn', fr: 'fougère', es: 'helecho' }, box: [0.05, 0.17, 0.27, 0.82] }],
};
