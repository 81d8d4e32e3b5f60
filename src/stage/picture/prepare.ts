/** Plans → the very bytes that Claude sees, with what was done to them. */
import type { SentImage } from '../../core/cache/entry.ts';
import { Fault } from '../../core/fault.ts';
import type { DescribeRequest } from '../../core/input/request.ts';
import { MESSAGE_FRAME_BYTES_MAX } from '../../core/vision/limit.ts';
import type { PassingPlan, Plan } from '../../core/vision/plan.ts';
import type { Ports } from '../../port/ports.ts';
import type { Warning } from '../session/context.ts';
import type { IdentifiedImage, LoadedImage } from './load.ts';
import { transcode } from './transcode.ts';

/** A picture that is ready to be sent. `sent` is unknown for an address that Claude fetches itself. */
export interface PreparedImage {
  readonly source:
    /** `from`: SHA-256 of the file that they were made of. */
    | { readonly kind: 'bytes'; readonly bytes: Uint8Array<ArrayBuffer>; readonly isSized: boolean; readonly from: string }
    | { readonly kind: 'url'; readonly url: string };
  readonly sent: SentImage | undefined;
  readonly warnings: readonly Warning[];
}

/**
 * Carries out the plans one after the other, so that never two bitmaps are held at once.
 * @throws image_undecodable, image_too_large, overloaded
 */
export async function prepareImages(
  images: readonly LoadedImage[],
  plans: readonly (Plan | undefined)[],
  source: DescribeRequest['source'],
  ports: Ports,
): Promise<readonly PreparedImage[]> {
  const prepared: PreparedImage[] = [];
  for (const [index, image] of images.entries()) {
    const plan = plans[index];
    prepared.push(image.kind === 'url' || plan === undefined ? passOn(image) : await prepareImage(image, plan, ports, index));
  }
  if (source === 'file') return prepared.map((image) => (image.sent === undefined ? image : { ...image, sent: { ...image.sent, source } }));
  checkBody(prepared, ports.upstream.limits.bodyBytesMax - MESSAGE_FRAME_BYTES_MAX);
  return prepared;
}

/** Carries out the plan of one picture. */
export async function prepareImage(image: LoadedImage & { readonly kind: 'bytes' }, plan: Plan, ports: Ports, index?: number): Promise<PreparedImage> {
  if (plan.kind !== 'transcode') {
    return {
      source: { kind: 'bytes', bytes: image.bytes, isSized: plan.kind === 'pass-through', from: image.sha256 },
      sent: sentAsItIs(image, plan),
      warnings: [],
    };
  }
  try {
    const result = await transcode(image.bytes, image.info, plan, ports);
    return {
      source: { kind: 'bytes', bytes: result.bytes, isSized: true, from: image.sha256 },
      sent: {
        mediaType: result.mediaType,
        ...plan.size,
        bytes: result.bytes.length,
        sha256: await ports.sha256(result.bytes),
        transform: plan.isResized ? 'resized' : 'reencoded',
        imageTokens: plan.imageTokens,
      },
      warnings: result.warnings.map((warning) => ({ ...warning, ...(index === undefined ? {} : { image: index }) })),
    };
  } catch (error) {
    throw error instanceof Fault ? error.at(image.param) : error;
  }
}

/** What a picture that is not transcoded looks like to Claude: its own bytes, at the planned size. */
export function sentAsItIs(image: IdentifiedImage & { readonly kind: 'bytes' }, plan: PassingPlan): SentImage {
  return { mediaType: plan.mediaType, ...plan.size, bytes: image.info.bytes, sha256: image.sha256, transform: 'none', imageTokens: plan.imageTokens };
}

function passOn(image: LoadedImage): PreparedImage {
  return {
    source: image.kind === 'url' ? { kind: 'url', url: image.url } : { kind: 'bytes', bytes: image.bytes, isSized: false, from: image.sha256 },
    sent: undefined,
    warnings: [],
  };
}

function checkBody(prepared: readonly PreparedImage[], bytesMax: number): void {
  const base64Bytes = prepared.reduce((sum, image) => sum + (image.source.kind === 'bytes' ? Math.ceil(image.source.bytes.length / 3) * 4 : 0), 0);
  if (base64Bytes > bytesMax) {
    throw new Fault(
      'image_too_large',
      `The images make ${base64Bytes} bytes of base64 together; a Messages request holds ${bytesMax}. Send fewer images at once.`,
      { param: 'images' },
    );
  }
}
