import type { Example } from './example.ts';

export const RECEIPT: Example = {
  sha256: '0f3da798406b654848925319e7a399c8fb410860b8d1d04d7b83cf982592610b',
  fingerprint: '42454748484aa6bc4a4d92b5b1ae50944d4fabd7d9c4413d4d4dbbd6dbbe43444c55cdddd7b146445070ccd2d6b647444780bfc7b5ad3d38415c757a8172343e',
  aspect: 1200 / 1600,
  words: {
    en: {
      altText: 'Receipt of Harbour Street Bakery & Cafe, 21 October 2026: total 30.50 euros.',
      caption: 'A bakery receipt for 30.50 euros, paid by card.',
      description:
        'A creased till receipt of Harbour Street Bakery & Cafe in Galway lies on a dark wooden table. It lists a sourdough loaf, two almond croissants, a flat white, a pot of tea, three cinnamon buns and oat milk. The subtotal is 26.87, VAT at 13.5% is 3.63 and the total is 30.50 euros, paid contactless by Visa Debit. A saucer and a pen are at the edges.',
      tags: ['receipt', 'bakery', 'total 30.50 EUR', 'card payment', 'wooden table'],
    },
    de: {
      altText: 'Kassenbon von Harbour Street Bakery & Cafe, 21. Oktober 2026: Summe 30,50 Euro.',
      caption: 'Ein Kassenbon einer Bäckerei über 30,50 Euro, mit Karte bezahlt.',
      description:
        'Ein zerknitterter Kassenbon von Harbour Street Bakery & Cafe in Galway liegt auf einem dunklen Holztisch. Er nennt ein Sauerteigbrot, zwei Mandelcroissants, einen Flat White, ein Kännchen Tee, drei Zimtschnecken und Hafermilch. Zwischensumme 26,87, Mehrwertsteuer 13,5 % 3,63, Summe 30,50 Euro, kontaktlos mit Visa Debit bezahlt. Am Rand liegen eine Untertasse und ein Stift.',
      tags: ['Kassenbon', 'Bäckerei', 'Summe 30,50 EUR', 'Kartenzahlung', 'Holztisch'],
    },
    fr: {
      altText: 'Ticket de Harbour Street Bakery & Cafe, 21 octobre 2026 : total 30,50 euros.',
      caption: 'Un ticket de boulangerie de 30,50 euros, payé par carte.',
      description:
        'Un ticket de caisse froissé de Harbour Street Bakery & Cafe, à Galway, est posé sur une table en bois foncé. Il cite un pain au levain, deux croissants aux amandes, un flat white, une théière, trois brioches à la cannelle et du lait d’avoine. Sous-total 26,87, TVA à 13,5 % 3,63, total 30,50 euros, payé sans contact par Visa Debit. Une soucoupe et un stylo dépassent sur les bords.',
      tags: ['ticket de caisse', 'boulangerie', 'total 30,50 EUR', 'paiement par carte', 'table en bois'],
    },
    es: {
      altText: 'Recibo de Harbour Street Bakery & Cafe, 21 de octubre de 2026: total 30,50 euros.',
      caption: 'Un recibo de panadería de 30,50 euros, pagado con tarjeta.',
      description:
        'Un recibo arrugado de Harbour Street Bakery & Cafe, en Galway, descansa en una mesa de madera oscura. Detalla un pan de masa madre, dos cruasanes de almendra, un flat white, una tetera, tres bollos de canela y leche de avena. Subtotal 26,87, IVA del 13,5 % 3,63, total 30,50 euros, pagado sin contacto con Visa Debit. En los bordes se ven un platillo y un bolígrafo.',
      tags: ['recibo', 'panadería', 'total 30,50 EUR', 'pago con tarjeta', 'mesa de madera'],
    },
  },
  lines: [
    'HARBOUR STREET',
    'BAKERY & CAFE',
    '14 Harbour Street, Galway',
    '1 SOURDOUGH LOAF 5.20',
    '2 ALMOND CROISSANT 6.90',
    '1 FLAT WHITE 3.80',
    '1 TEA, POT FOR ONE 3.10',
    '3 CINNAMON BUN 8.85',
    '1 OAT MILK, 1 L 2.65',
    'SUBTOTAL 26.87',
    'VAT 13.5% 3.63',
    'TOTAL EUR 30.50',
    'VISA DEBIT 30.50',
    'Thank you, see you soon!',
  ],
  objects: [
    { label: { en: 'receipt', de: 'Kassenbon', fr: 'ticket de caisse', es: 'recibo' }, box: [0.18, 0.13, 0.74, 0.95] },
    { label: { en: 'saucer', de: 'Untertasse', fr: 'soucoupe', es: 'platillo' }, box: [0.73, 0, 1, 0.25] },
    { label: { en: 'pen', de: 'Stift', fr: 'stylo', es: 'bolígrafo' }, box: [0.92, 0.26, 1, 0.97] },
  ],
};
