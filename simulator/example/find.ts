import type { Look } from '../image/look.ts';
import type { ImageFacts } from '../record.ts';
import { CERAMIC_VASE } from './ceramic-vase.ts';
import { COFFEE_CUP } from './coffee-cup.ts';
import { DASHBOARD } from './dashboard.ts';
import type { Example } from './example.ts';
import { HARBOUR_AT_DUSK } from './harbour-at-dusk.ts';
import { LINE_CHART } from './line-chart.ts';
import { LOGO } from './logo.ts';
import { PHONE_PHOTO } from './phone-photo.ts';
import { RECEIPT } from './receipt.ts';
import { STREET_SIGN } from './street-sign.ts';
import { UPLOAD } from './upload.ts';

/** The ten samples. */
export const EXAMPLES: readonly Example[] = [CERAMIC_VASE, COFFEE_CUP, DASHBOARD, HARBOUR_AT_DUSK, LINE_CHART, LOGO, PHONE_PHOTO, RECEIPT, STREET_SIGN, UPLOAD];

/** Luma by which a part of a sample that was resized and encoded again may differ. */
const LUMA_DIFFERENCE_MAX = 10;
/** Part of the aspect ratio that rounding to whole pixels may change, down to some 100 pixels a side. */
const ASPECT_DIFFERENCE_MAX = 0.01;

/** The sample that this image is: by the hash of its bytes, or by its pixels, in whichever size and format it came. */
export function findExample(facts: Pick<ImageFacts, 'sha256' | 'width' | 'height'>, look: Look | undefined): Example | undefined {
  const same = EXAMPLES.find(({ sha256 }) => sha256 === facts.sha256);
  if (same !== undefined || look === undefined) return same;
  return EXAMPLES.find(
    ({ aspect, fingerprint }) => Math.abs(facts.width / facts.height / aspect - 1) <= ASPECT_DIFFERENCE_MAX && isAlike(fingerprint, look.fingerprint),
  );
}

function isAlike(a: string, b: string): boolean {
  const partsOf = (fingerprint: string): number[] => (fingerprint.match(/../g) ?? []).map((digits) => Number.parseInt(digits, 16));
  const others = partsOf(b);
  return partsOf(a).every((luma, index) => Math.abs(luma - (others[index] ?? 0)) <= LUMA_DIFFERENCE_MAX);
}
