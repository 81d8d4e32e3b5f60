/** The codec with its memory and its share of the thread: the one place where pictures are decoded. */
import { planMemory } from '../../core/vision/memory/memory.ts';
import type { ImageInfo } from '../../core/image/info.ts';
import type { Plan } from '../../core/vision/plan.ts';
import type { Transcoded } from '../../port/codec.ts';
import type { Reservation } from '../../port/memory.ts';
import type { Ports } from '../../port/ports.ts';

/** Brings one picture to its planned size. @throws image_undecodable, image_too_large, overloaded */
export function transcode(
  bytes: Uint8Array<ArrayBuffer>,
  info: ImageInfo,
  plan: Plan & { readonly kind: 'transcode' },
  { codec, ledger }: Pick<Ports, 'codec' | 'ledger'>,
): Promise<Transcoded> {
  return asJob(plan.peakBytes, ledger, (reservation) => codec.transcode(bytes, info, plan, reservation));
}

/** `sidePx`² gray pixels; `undefined` where our own codec does not read the picture. @throws overloaded */
export async function thumbnail(
  bytes: Uint8Array<ArrayBuffer>,
  info: ImageInfo,
  sidePx: number,
  { codec, ledger }: Pick<Ports, 'codec' | 'ledger'>,
): Promise<Uint8Array | undefined> {
  const memory = planMemory(info, { width: sidePx, height: sidePx });
  if (memory?.decoder !== 'scanline') return undefined;
  return asJob(memory.peakBytes, ledger, async () => codec.thumbnail(bytes, info, sidePx));
}

/** Only a few decode at once in an isolate, whichever route they come by. */
async function asJob<T>(peakBytes: number, ledger: Ports['ledger'], work: (reservation: Reservation) => Promise<T>): Promise<T> {
  const reservation = await ledger.reserve(peakBytes, { isJob: true });
  try {
    return await work(reservation);
  } finally {
    reservation.release();
  }
}
