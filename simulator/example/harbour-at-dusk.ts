import type { Example } from './example.ts';

export const HARBOUR_AT_DUSK: Example = {
  sha256: '598649e18a62a735fcda5c74ad26998e0b0cd24639461752e6efe0bf90ef91d2',
  fingerprint: '7b858e95999892888c929ba8aeaca89d9eabb1b7bfbebaadaeb5bdc5c5ccc8bc79806d7980706c728890909e996f8f90737878858b87877d4d53585f605b5952',
  aspect: 1800 / 1200,
  words: {
    en: {
      altText: 'Sailing boats at anchor in a calm harbour at dusk, a lighthouse on the far shore.',
      caption: 'Boats lie still in the harbour as the evening sky turns violet.',
      description:
        'Several sailing boats lie at anchor in calm water. Behind them a lighthouse and the roofs of a town stand in silhouette. The sky runs from violet to pink and orange, and the water mirrors it.',
      tags: ['harbour', 'sailing boats', 'dusk', 'lighthouse', 'reflection'],
    },
    de: {
      altText: 'Segelboote vor Anker in einem ruhigen Hafen zur Dämmerung, hinten ein Leuchtturm.',
      caption: 'Boote liegen still im Hafen, während der Abendhimmel violett wird.',
      description:
        'Mehrere Segelboote liegen in ruhigem Wasser vor Anker. Dahinter zeichnen sich ein Leuchtturm und die Dächer einer Stadt ab. Der Himmel geht von Violett in Rosa und Orange über und spiegelt sich im Wasser.',
      tags: ['Hafen', 'Segelboote', 'Dämmerung', 'Leuchtturm', 'Spiegelung'],
    },
    fr: {
      altText: 'Voiliers au mouillage dans un port calme au crépuscule, un phare au loin.',
      caption: 'Les bateaux sont immobiles au port tandis que le ciel du soir vire au violet.',
      description:
        'Plusieurs voiliers sont au mouillage dans une eau calme. Derrière eux se découpent un phare et les toits d’une ville. Le ciel passe du violet au rose et à l’orange et se reflète dans l’eau.',
      tags: ['port', 'voiliers', 'crépuscule', 'phare', 'reflet'],
    },
    es: {
      altText: 'Veleros fondeados en un puerto tranquilo al anochecer, con un faro al fondo.',
      caption: 'Los barcos descansan en el puerto mientras el cielo se vuelve violeta.',
      description:
        'Varios veleros están fondeados en aguas tranquilas. Detrás se recortan un faro y los tejados de una ciudad. El cielo va del violeta al rosa y al naranja y se refleja en el agua.',
      tags: ['puerto', 'veleros', 'anochecer', 'faro', 'reflejo'],
    },
  },
  lines: [],
  objects: [
    { label: { en: 'sailing boat', de: 'Segelboot', fr: 'voilier', es: 'velero' }, box: [0.57, 0.16, 0.81, 0.68] },
    { label: { en: 'lighthouse', de: 'Leuchtturm', fr: 'phare', es: 'faro' }, box: [0.27, 0.46, 0.31, 0.6] },
  ],
};
