import type { ImageHeader } from './header.ts';

/** Logical screen of a GIF (GIF89a §18). Frames are not counted: only the first one is ever used. */
export function readGifHeader(view: DataView): ImageHeader | undefined {
  if (view.byteLength < 13) return undefined;
  return {
    mediaType: 'image/gif',
    width: view.getUint16(6, true),
    height: view.getUint16(8, true),
    orientation: 1,
    isAnimated: false,
    isCmyk: false,
  };
}
