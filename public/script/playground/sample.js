/** The sample pictures; where they come from stands in `samples/`. */
export const SAMPLES = [
  { file: 'phone-photo.jpg', title: 'Phone photo, 12 megapixels' },
  { file: 'ceramic-vase.jpg', title: 'Ceramic vase' },
  { file: 'harbour-at-dusk.jpg', title: 'Harbour at dusk' },
  { file: 'coffee-cup.webp', title: 'Coffee cup' },
  { file: 'street-sign.jpg', title: 'Street sign' },
  { file: 'receipt.jpg', title: 'Receipt' },
  { file: 'dashboard.png', title: 'Dashboard' },
  { file: 'line-chart.png', title: 'Line chart' },
  { file: 'logo.png', title: 'Logo' },
  { file: 'upload.gif', title: 'Animated upload' },
];
