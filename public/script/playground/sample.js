/** The sample images; `samples/` in the repository renders them and their thumbnails. */
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

/** Address of the small form of a sample. */
export function thumbnailOf({ file }) {
  return `/thumbnail/${file.replace(/\.\w+$/, '.webp')}`;
}

/** A sample at full size, as a file that was picked. @throws when it cannot be loaded */
export async function loadSample({ file }) {
  const response = await fetch(`/samples/${file}`);
  if (!response.ok) throw new Error(`/samples/${file} answered ${response.status}`);
  const blob = await response.blob();
  return new File([blob], file, { type: blob.type });
}
