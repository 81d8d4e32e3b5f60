/** One picture brought to its planned size, with its memory reserved while that lasts. */
import type { ImageInfo } from '../../core/image/info.ts';
import type { Plan } from '../../core/vision/plan.ts';
import type { Transcoded } from '../../port.ts';
import type { Context } from '../context.ts';

/** @throws image_undecodable, overloaded */
export async function transcode(
  bytes: Uint8Array<ArrayBuffer>,
  info: ImageInfo,
  plan: Plan & { readonly kind: 'transcode' },
  { ports }: Context,
): Promise<Transcoded> {
  const reservation = await ports.ledger.reserve(plan.peakBytes);
  try {
    return await ports.codec.transcode(bytes, info, plan, reservation);
  } finally {
    reservation.release();
  }
}
