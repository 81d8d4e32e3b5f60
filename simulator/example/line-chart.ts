import type { Example } from './example.ts';

export const LINE_CHART: Example = {
  sha256: 'd0eb4b75e1396d7b1b76ad8f58ce52d2031406bc89080d60c2c4fd57cbf32f12',
  fingerprint: 'e4e9e5e7e8f8fffffaf6fbfffffffffffdfffff8f4fffffffdfffaf9f7fafffffdfcf7fafcf5fcfffaf4fafbf4faf2fafafcfefffffefbfafbf9fbfdfdfafcff',
  aspect: 1600 / 1000,
  words: {
    en: {
      altText: 'Line chart: shared bicycles make more trips than scooters in every month of 2025.',
      caption: 'Trips per day by shared bicycle and scooter in 2025, in thousands.',
      description:
        'A line chart of trips per day in 2025, in thousands. Bicycles, in blue, rise to a peak of 13.4 in July and end at 4.3 in December. Scooters, in orange, stay below them all year and end at 2.4. A note marks a helmet rule for scooters from 1 September, after which their line falls steeply.',
      tags: ['line chart', 'bicycles', 'scooters', 'mobility', 'statistics'],
    },
    de: {
      altText: 'Liniendiagramm: 2025 gab es in jedem Monat mehr Fahrten mit Leihrädern als Scootern.',
      caption: 'Fahrten je Tag mit Leihrad und Scooter im Jahr 2025, in Tausend.',
      description:
        'Ein Liniendiagramm der Fahrten je Tag im Jahr 2025, in Tausend. Fahrräder, in Blau, steigen bis auf 13,4 im Juli und enden im Dezember bei 4,3. Scooter, in Orange, bleiben das ganze Jahr darunter und enden bei 2,4. Ein Hinweis nennt eine Helmpflicht für Scooter ab dem 1. September, danach fällt ihre Linie steil.',
      tags: ['Liniendiagramm', 'Fahrräder', 'Scooter', 'Mobilität', 'Statistik'],
    },
    fr: {
      altText: 'Courbes : en 2025, les vélos partagés dépassent les trottinettes chaque mois.',
      caption: 'Trajets par jour à vélo et à trottinette partagés en 2025, en milliers.',
      description:
        'Deux courbes montrent les trajets par jour en 2025, en milliers. Les vélos, en bleu, montent jusqu’à 13,4 en juillet et finissent à 4,3 en décembre. Les trottinettes, en orange, restent dessous toute l’année et finissent à 2,4. Une note signale le casque obligatoire en trottinette dès le 1er septembre ; leur courbe chute ensuite.',
      tags: ['courbe', 'vélos', 'trottinettes', 'mobilité', 'statistiques'],
    },
    es: {
      altText: 'Gráfico: en 2025 las bicicletas compartidas superan a los patinetes todo el año.',
      caption: 'Viajes al día en bicicleta y patinete compartidos en 2025, en miles.',
      description:
        'Un gráfico de líneas de los viajes al día en 2025, en miles. Las bicicletas, en azul, suben hasta 13,4 en julio y acaban en 4,3 en diciembre. Los patinetes, en naranja, quedan por debajo todo el año y acaban en 2,4. Una nota señala el casco obligatorio en patinete desde el 1 de septiembre; después su línea cae con fuerza.',
      tags: ['gráfico de líneas', 'bicicletas', 'patinetes', 'movilidad', 'estadística'],
    },
  },
  lines: [
    'Shared bicycles outpace scooters all year round',
    'Trips per day, 2025, in thousands',
    'Peak in July: 13.4',
    'Helmet rule for scooters from 1 September',
    'Bicycles 4.3',
    'Scooters 2.4',
    'Source: City mobility counts (illustrative data)',
  ],
  objects: [
    { label: { en: 'line of bicycles', de: 'Linie der Fahrräder', fr: 'courbe des vélos', es: 'línea de las bicicletas' }, box: [0.09, 0.33, 0.85, 0.71] },
    { label: { en: 'line of scooters', de: 'Linie der Scooter', fr: 'courbe des trottinettes', es: 'línea de los patinetes' }, box: [0.09, 0.47, 0.85, 0.78] },
  ],
};
