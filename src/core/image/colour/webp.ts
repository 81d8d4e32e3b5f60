/** The ICC profile of a WebP: an `ICCP` chunk, when the flags of the extended header announce it (RFC 9649 §2.7). */
import { isIccAnnounced, webpChunks } from '../webp.ts';
import { readIccProfile } from './icc.ts';
import { type SourceColour, SRGB } from './space.ts';

const RGB_CHANNELS = 3;

/** Reads chunk headers up to the picture. */
export function readWebpColour(bytes: Uint8Array): SourceColour {
  let isFirst = true;
  for (const { type, body } of webpChunks(bytes)) {
    if (isFirst && (type !== 'VP8X' || !isIccAnnounced(body))) return SRGB;
    if (type === 'ICCP') return readIccProfile(body, RGB_CHANNELS);
    if (type === 'VP8 ' || type === 'VP8L' || type === 'ANMF') return SRGB;
    isFirst = false;
  }
  return SRGB;
}
