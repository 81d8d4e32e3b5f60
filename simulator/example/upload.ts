import type { Example } from './example.ts';

export const UPLOAD: Example = {
  sha256: '8e2f74d17ee8847fa8982883b3cd26acd87a34d343fdb9ed1f18501954f9ed16',
  fingerprint: 'eff3f3f3f3f3f3eff0d4e0f2fffffff5f4f1edf3fffffcf5f5f6fafcfcfcfbf4f4e9e8fbfdfdf9f4f4eee7fdfdfdfaf4f5f9f9fcfcfcfcf5eff3f3f3f3f3f3ef',
  aspect: 640 / 440,
  words: {
    en: {
      altText: 'A window that uploads three files; none has started yet.',
      caption: 'Three uploads at the start: two photos and a floor plan.',
      description:
        'A white card headed “Uploading 3 files…” says that 0 of 3 are done. It lists kitchen-window.jpg of 3.1 MB, front-door.jpg of 2.4 MB and floor-plan.pdf of 5.8 MB, each at 0% with an empty progress bar.',
      tags: ['upload', 'progress bar', 'user interface', 'files', 'screen recording'],
    },
    de: {
      altText: 'Ein Fenster, das drei Dateien hochlädt; noch keine hat begonnen.',
      caption: 'Drei Uploads am Anfang: zwei Fotos und ein Grundriss.',
      description:
        'Eine weiße Karte mit der Überschrift „Uploading 3 files…“ meldet 0 von 3 fertig. Darunter stehen kitchen-window.jpg mit 3,1 MB, front-door.jpg mit 2,4 MB und floor-plan.pdf mit 5,8 MB, jede bei 0 % mit leerem Fortschrittsbalken.',
      tags: ['Upload', 'Fortschrittsbalken', 'Benutzeroberfläche', 'Dateien', 'Bildschirmaufnahme'],
    },
    fr: {
      altText: 'Une fenêtre qui envoie trois fichiers ; aucun n’a encore commencé.',
      caption: 'Trois envois au départ : deux photos et un plan.',
      description:
        'Une carte blanche intitulée « Uploading 3 files… » indique 0 sur 3. Elle liste kitchen-window.jpg de 3,1 Mo, front-door.jpg de 2,4 Mo et floor-plan.pdf de 5,8 Mo, chacun à 0 % avec une barre de progression vide.',
      tags: ['envoi', 'barre de progression', 'interface', 'fichiers', 'capture vidéo'],
    },
    es: {
      altText: 'Una ventana que sube tres archivos; ninguno ha empezado todavía.',
      caption: 'Tres subidas al comienzo: dos fotos y un plano.',
      description:
        'Una tarjeta blanca titulada «Uploading 3 files…» indica 0 de 3. Enumera kitchen-window.jpg de 3,1 MB, front-door.jpg de 2,4 MB y floor-plan.pdf de 5,8 MB, todos al 0 % con la barra de progreso vacía.',
      tags: ['subida', 'barra de progreso', 'interfaz', 'archivos', 'grabación de pantalla'],
    },
  },
  lines: ['Uploading 3 files…', '0 of 3 done', 'kitchen-window.jpg', '0.0 of 3.1 MB', 'front-door.jpg', '0.0 of 2.4 MB', 'floor-plan.pdf', '0.0 of 5.8 MB'],
  objects: [
    {
      label: { en: 'card with three files', de: 'Karte mit drei Dateien', fr: 'carte de trois fichiers', es: 'tarjeta con tres archivos' },
      box: [0.07, 0.07, 0.93, 0.93],
    },
  ],
};
