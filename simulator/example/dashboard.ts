import type { Example } from './example.ts';

export const DASHBOARD: Example = {
  sha256: '8ee1c24967364159bdbe873e4d77a6a9bb75d9f36bd4aaf346f47c1df88595dc',
  fingerprint: 'eeeef0f6f5f3e5d8f0f1f5f6f7f5f1fbf9f8fafaf9faeff9fefaf7f5bee5eaf9fffaf5f6f6f6f2f9fffbfafdfdfdfdfafff9f6fafcfbfef9f4f7f7fbfbf7faf6',
  aspect: 2720 / 1720,
  words: {
    en: {
      altText: 'Shop dashboard of fernway: revenue of €48,519, 962 orders, a chart and a table.',
      caption: 'The overview page of the plant shop fernway for the last 30 days.',
      description:
        'A screenshot of the back office of the shop fernway. Four cards show revenue of €48,519, 962 orders, an average order of €50.44 and a conversion of 2.87%. Below are a line chart of revenue, bars of visits by channel led by organic search at 38%, and a table of the latest orders.',
      tags: ['dashboard', 'screenshot', 'chart', 'orders', 'e-commerce'],
    },
    de: {
      altText: 'Dashboard des Shops fernway: 48.519 € Umsatz, 962 Bestellungen, Diagramm, Tabelle.',
      caption: 'Die Übersicht des Pflanzenladens fernway für die letzten 30 Tage.',
      description:
        'Ein Bildschirmfoto aus der Verwaltung des Shops fernway. Vier Karten zeigen 48.519 € Umsatz, 962 Bestellungen, einen Durchschnitt von 50,44 € je Bestellung und 2,87 % Konversion. Darunter stehen ein Liniendiagramm des Umsatzes, Balken der Besuche nach Kanal, vorn die organische Suche mit 38 %, und eine Tabelle der letzten Bestellungen.',
      tags: ['Dashboard', 'Bildschirmfoto', 'Diagramm', 'Bestellungen', 'Onlinehandel'],
    },
    fr: {
      altText: 'Tableau de bord de fernway : 48 519 € de ventes, 962 commandes, courbe et tableau.',
      caption: 'La vue d’ensemble de la boutique de plantes fernway sur 30 jours.',
      description:
        'Capture d’écran de l’administration de la boutique fernway. Quatre cartes affichent 48 519 € de ventes, 962 commandes, un panier moyen de 50,44 € et 2,87 % de conversion. Dessous : une courbe des ventes, les visites par canal, en tête la recherche naturelle à 38 %, et un tableau des dernières commandes.',
      tags: ['tableau de bord', 'capture d’écran', 'graphique', 'commandes', 'commerce en ligne'],
    },
    es: {
      altText: 'Panel de la tienda fernway: 48.519 € de ingresos, 962 pedidos, gráfico y tabla.',
      caption: 'El resumen de la tienda de plantas fernway en los últimos 30 días.',
      description:
        'Captura de pantalla de la administración de la tienda fernway. Cuatro tarjetas muestran ingresos de 48.519 €, 962 pedidos, un pedido medio de 50,44 € y una conversión del 2,87 %. Debajo hay un gráfico de ingresos, barras de visitas por canal, encabezadas por la búsqueda orgánica con un 38 %, y una tabla de los últimos pedidos.',
      tags: ['panel', 'captura de pantalla', 'gráfico', 'pedidos', 'comercio electrónico'],
    },
  },
  lines: [
    'fernway',
    'Overview',
    'Tuesday, 20 October 2026',
    'Revenue €48,519',
    'Orders 962',
    'Average order €50.44',
    'Conversion 2.87%',
    'Visits by channel',
    'Latest orders',
  ],
  objects: [
    { label: { en: 'line chart', de: 'Liniendiagramm', fr: 'courbe', es: 'gráfico de líneas' }, box: [0.2, 0.32, 0.73, 0.66] },
    { label: { en: 'table of orders', de: 'Tabelle der Bestellungen', fr: 'tableau des commandes', es: 'tabla de pedidos' }, box: [0.2, 0.68, 0.98, 1] },
  ],
};
