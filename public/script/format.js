/** Numbers and names as people read them. */

const INTEGER = new Intl.NumberFormat('en');

/** 1564 → `1,564`. */
export function integer(value) {
  return INTEGER.format(value);
}

/** `1 image token`, `1,564 image tokens` */
export function count(value, noun) {
  return `${INTEGER.format(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** Bytes, in the decimal units of file managers. */
export function fileSize(bytes) {
  if (bytes < 1000) return count(bytes, 'byte');
  return bytes < 999_500 ? `${INTEGER.format(Math.round(bytes / 1000))} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** `3,024 × 4,032` */
export function pixels({ width, height }) {
  return `${integer(width)} × ${integer(height)}`;
}

/** US$ of a single call: often far below a cent, so six decimals. `null`: no price is known. */
export function dollars(usd) {
  if (usd === null) return 'price not known';
  // The space must not break: an amount belongs to its currency.
  return usd === 0 ? 'US$\u00a00' : `US$\u00a0${usd.toFixed(6)}`;
}

/** `alt_text` → `Alt text` */
export function fieldName(name) {
  const words = name.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** `pt-BR` → `Brazilian Portuguese`; a tag that the browser does not know stays as it is. */
export function languageName(tag) {
  try {
    return new Intl.DisplayNames(['en'], { type: 'language' }).of(tag) ?? tag;
  } catch {
    // The API judges tags; here one is only shown.
    return tag;
  }
}

/** 12 s, 3 min, 5 h, 1 day, 2 days. */
export function age(seconds) {
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  return count(Math.floor(seconds / 86_400), 'day');
}
