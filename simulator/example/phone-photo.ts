import type { Example } from './example.ts';

export const PHONE_PHOTO: Example = {
  sha256: '617e9d2e1ad4722f2b7673d569b28442180377f3d323cb66146f3d5762e91542',
  fingerprint: '5b83978e7e8f7e5c65a0968ea3977e497298747099357f8476948a787a4e53608dc5e7dc937476669cc3e4e5d398928d83afece0d18d8e968f8872788e94938c',
  aspect: 3024 / 4032,
  words: {
    en: {
      altText: 'A handwritten list headed “Saturday” on a table with coffee, mandarins and a plant.',
      caption: 'A list for Saturday beside the morning coffee.',
      description:
        'A notepad lies on a wooden table in low sunlight. Its list is headed “Saturday” and names flowers for Mia, bread, oat milk (struck out), a call to the plumber, eggs, stamps and the library by 5 pm. Around it are a blue mug of coffee on a saucer, three mandarins, a succulent in a clay pot and a yellow pencil.',
      tags: ['to-do list', 'handwriting', 'coffee', 'mandarins', 'wooden table'],
    },
    de: {
      altText: 'Handgeschriebene Liste „Saturday“ auf einem Tisch mit Kaffee, Mandarinen, Pflanze.',
      caption: 'Eine Liste für den Samstag neben dem Morgenkaffee.',
      description:
        'Ein Notizblock liegt in schrägem Sonnenlicht auf einem Holztisch. Die Liste heißt „Saturday“ und nennt Blumen für Mia, Brot, Hafermilch (durchgestrichen), einen Anruf beim Klempner, Eier, Briefmarken und die Bücherei bis 17 Uhr. Darum stehen und liegen eine blaue Tasse Kaffee, drei Mandarinen, eine Sukkulente im Tontopf und ein gelber Bleistift.',
      tags: ['Merkliste', 'Handschrift', 'Kaffee', 'Mandarinen', 'Holztisch'],
    },
    fr: {
      altText: 'Liste manuscrite « Saturday » sur une table avec café, mandarines et plante.',
      caption: 'Une liste pour samedi à côté du café du matin.',
      description:
        'Un bloc-notes est posé sur une table en bois, dans une lumière rasante. La liste, intitulée « Saturday », cite des fleurs pour Mia, du pain, du lait d’avoine (barré), un appel au plombier, des œufs, des timbres et la bibliothèque avant 17 h. Autour : un mug bleu de café, trois mandarines, une plante grasse en pot de terre et un crayon jaune.',
      tags: ['liste', 'écriture manuscrite', 'café', 'mandarines', 'table en bois'],
    },
    es: {
      altText: 'Lista manuscrita titulada «Saturday» en una mesa con café, mandarinas y una planta.',
      caption: 'Una lista para el sábado junto al café de la mañana.',
      description:
        'Un bloc de notas descansa en una mesa de madera con luz rasante. La lista, titulada «Saturday», nombra flores para Mia, pan, leche de avena (tachada), una llamada al fontanero, huevos, sellos y la biblioteca antes de las 17 h. Alrededor hay una taza azul de café, tres mandarinas, una suculenta en maceta de barro y un lápiz amarillo.',
      tags: ['lista de tareas', 'escritura a mano', 'café', 'mandarinas', 'mesa de madera'],
    },
  },
  lines: ['Saturday', '- flowers for Mia', '- bread, 2 loaves', '- oat milk', '- call the plumber', '- 6 eggs', '- stamps', '- library by 5 pm'],
  objects: [
    { label: { en: 'notepad', de: 'Notizblock', fr: 'bloc-notes', es: 'bloc de notas' }, box: [0.18, 0.46, 0.65, 0.89] },
    { label: { en: 'coffee mug', de: 'Kaffeetasse', fr: 'mug de café', es: 'taza de café' }, box: [0.57, 0.25, 0.87, 0.45] },
    { label: { en: 'mandarins', de: 'Mandarinen', fr: 'mandarines', es: 'mandarinas' }, box: [0.16, 0.19, 0.48, 0.39] },
    { label: { en: 'succulent', de: 'Sukkulente', fr: 'plante grasse', es: 'suculenta' }, box: [0.75, 0.01, 1, 0.25] },
    { label: { en: 'pencil', de: 'Bleistift', fr: 'crayon', es: 'lápiz' }, box: [0.69, 0.56, 0.91, 0.9] },
  ],
};
