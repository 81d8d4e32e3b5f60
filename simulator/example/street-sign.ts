import type { Example } from './example.ts';

export const STREET_SIGN: Example = {
  sha256: '581a8bb886852d4e91a73ff3727e2852ea2cefb83d5c7a646d0b6f528be7c128',
  fingerprint: '67757675705e585f62715e7f77565c5d6d748c887457675d695e5d61625b55725d656c6f68665670657a676e70665e5b686f72717d7d7170596c63496d877d67',
  aspect: 1600 / 1200,
  words: {
    en: {
      altText: 'Blue street sign on a brick wall: Sráid an Chuain, Harbour Street, 14–36.',
      caption: 'The sign of Harbour Street, in Irish and English.',
      description:
        'A blue enamel sign is screwed to a wall of red bricks. It reads “Sráid an Chuain” in Irish, below it in large letters “Harbour Street”, and the house numbers 14–36. One corner shows rust, and the shade of leaves falls on the wall.',
      tags: ['street sign', 'brick wall', 'Irish', 'Harbour Street', 'blue'],
    },
    de: {
      altText: 'Blaues Straßenschild an einer Ziegelwand: Sráid an Chuain, Harbour Street, 14–36.',
      caption: 'Das Schild der Harbour Street auf Irisch und Englisch.',
      description:
        'Ein blaues Emailschild ist an eine Wand aus roten Ziegeln geschraubt. Darauf steht auf Irisch „Sráid an Chuain“, darunter in großen Buchstaben „Harbour Street“ und die Hausnummern 14–36. Eine Ecke rostet, auf die Wand fällt der Schatten von Laub.',
      tags: ['Straßenschild', 'Ziegelwand', 'Irisch', 'Harbour Street', 'Blau'],
    },
    fr: {
      altText: 'Plaque de rue bleue sur un mur de briques : Sráid an Chuain, Harbour Street, 14–36.',
      caption: 'La plaque de Harbour Street, en irlandais et en anglais.',
      description:
        'Une plaque émaillée bleue est vissée à un mur de briques rouges. On y lit « Sráid an Chuain » en irlandais, dessous en grandes lettres « Harbour Street » et les numéros 14–36. Un coin est rouillé et l’ombre de feuilles tombe sur le mur.',
      tags: ['plaque de rue', 'mur de briques', 'irlandais', 'Harbour Street', 'bleu'],
    },
    es: {
      altText: 'Placa azul en un muro de ladrillo: Sráid an Chuain, Harbour Street, 14–36.',
      caption: 'La placa de Harbour Street, en irlandés y en inglés.',
      description:
        'Una placa esmaltada azul está atornillada a un muro de ladrillo rojo. Dice «Sráid an Chuain» en irlandés, debajo en letras grandes «Harbour Street» y los números 14–36. Una esquina tiene óxido y la sombra de unas hojas cae sobre el muro.',
      tags: ['placa de calle', 'muro de ladrillo', 'irlandés', 'Harbour Street', 'azul'],
    },
  },
  lines: ['SRÁID AN CHUAIN', 'HARBOUR STREET', '14 – 36'],
  objects: [{ label: { en: 'street sign', de: 'Straßenschild', fr: 'plaque de rue', es: 'placa de calle' }, box: [0.17, 0.33, 0.84, 0.68] }],
};
