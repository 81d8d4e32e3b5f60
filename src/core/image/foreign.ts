/** Files that are recognised but not read here: named, with the way to a file that is. */
import { latin1, startsWith } from './magic.ts';

export interface ForeignFile {
  readonly name: string;
  readonly remedy: string;
}

/** "an AVIF", "a HEIC": by how the name is spoken. */
export function withArticle(name: string): string {
  return `${/^([AEIO]|SVG|HTML|MP4)/.test(name) ? 'an' : 'a'} ${name}`;
}

const CONVERT = 'Convert it to JPEG or PNG first.';

/** By the first bytes of the file, at most 512. */
export function recogniseForeign(bytes: Uint8Array): ForeignFile | undefined {
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
