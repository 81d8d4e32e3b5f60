import { findFirstFrame } from './gif-frame.ts';
import type { ImageHeader } from './header.ts';

/** Screen of a GIF as its first frame shows it. Later frames are not counted: only the first one is ever used. */
export function readGifHeader(view: DataView): ImageHeader | undefined {
  const frame = findFirstFrame(view);
  if (frame === undefined) return undefined;
  return {
    mediaType: 'image/gif',
    width: frame.screenWidth,
    height: frame.screenHeight,
    orientation: 1,
    isBeyondDecoders: false,
  };
}
