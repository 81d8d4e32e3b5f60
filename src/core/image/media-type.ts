/** Which kind of file the bytes are: decided by magic bytes alone, never by a name or a header. */

/** The four formats that Claude takes (vision docs 2026-08, "Supported formats"). */
export type ImageFormat = 'jpeg' | 'png' | 'gif' | 'webp';
export type ImageMediaType = `image/${ImageFormat}`;

/** A file that is recognised but not one of the four; `remedy` says how to get there. */
export interface ForeignFile {
  readonly name: string;
  readonly remedy: string;
}

export type Recognised = { readonly kind: 'image'; readonly format: ImageFormat } | { readonly kind: 'foreign'; readonly file: ForeignFile } | undefined;

const CONVERT = 'Convert it to JPEG, PNG, GIF or WebP first.';

/**
 * Recognises a file by its first bytes (at most 512 are looked at). `undefined`: nothing known.
 * Cost: constant.
 */
export function recogniseFile(bytes: Uint8Array): Recognised {
  const image = recogniseImage(bytes);
  if (image !== undefined) return { kind: 'image', format: image };
  const foreign = recogniseForeign(bytes);
  return foreign === undefined ? undefined : { kind: 'foreign', file: foreign };
}

function recogniseImage(bytes: Uint8Array): ImageFormat | undefined {
  if (startsWith(bytes, [0xff, 0xd8, 0xff])) return 'jpeg';
  if (startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'png';
  const head = latin1(bytes, 0, 16);
  if (head.startsWith('GIF87a') || head.startsWith('GIF89a')) return 'gif';
  if (head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP') return 'webp';
  return undefined;
}

function recogniseForeign(bytes: Uint8Array): ForeignFile | undefined {
  const head = latin1(bytes, 0, 16);
  if (head.slice(4, 8) === 'ftyp') return recogniseIsoMedia(latin1(bytes, 8, 64));
  if (head.startsWith('II*\0') || head.startsWith('MM\0*')) return { name: 'TIFF', remedy: CONVERT };
  if (head.startsWith('BM')) return { name: 'BMP', remedy: CONVERT };
  if (head.startsWith('%PDF-')) return { name: 'PDF', remedy: 'Render the page to PNG or JPEG first.' };
  if (head.startsWith('\0\0\0\fJXL ') || startsWith(bytes, [0xff, 0x0a])) return { name: 'JPEG XL', remedy: CONVERT };
  if (head.startsWith('\0\0\0\fjP  ')) return { name: 'JPEG 2000', remedy: CONVERT };
  if (head.startsWith('8BPS')) return { name: 'Photoshop', remedy: CONVERT };
  if (startsWith(bytes, [0, 0, 1, 0])) return { name: 'ICO', remedy: CONVERT };
  if (head.startsWith('PK\x03\x04')) return { name: 'ZIP', remedy: 'Send the image itself, not an archive.' };
  if (startsWith(bytes, [0x1f, 0x8b])) return { name: 'gzip', remedy: 'Send the image uncompressed.' };
  return recogniseMarkup(latin1(bytes, 0, 512));
}

/** ISO base media files name their brands right after `ftyp` (ISO/IEC 14496-12 §4.3). */
function recogniseIsoMedia(brands: string): ForeignFile {
  if (/avi[fs]/.test(brands)) return { name: 'AVIF', remedy: CONVERT };
  if (/hei[cxms]|hev[cx]|mif1|msf1/.test(brands)) {
    return { name: 'HEIC', remedy: 'Convert it to JPEG first; on an iPhone: Settings, Camera, Formats, Most Compatible.' };
  }
  return { name: 'MP4 or QuickTime video', remedy: 'Extract a frame as JPEG first.' };
}

function recogniseMarkup(head: string): ForeignFile | undefined {
  const text = head
    .replace(/^\u00ef\u00bb\u00bf/, '')
    .trimStart()
    .toLowerCase();
  if (text.startsWith('<svg') || (text.startsWith('<?xml') && text.includes('<svg'))) return { name: 'SVG', remedy: 'Render it to PNG first.' };
  if (/^<(!doctype html|html|head|body|script)/.test(text))
    return { name: 'HTML', remedy: 'Give the address of the image itself, not of a page that shows it.' };
  return undefined;
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return bytes.length >= magic.length && magic.every((value, index) => bytes[index] === value);
}

function latin1(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, Math.min(to, bytes.length)));
}
