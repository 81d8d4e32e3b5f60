/** One bad image does not hide another: the faults of a step over many blocks, as one that names them all. */
import { Fault, type ErrorCode, type ParamFault } from '../../core/fault.ts';
import type { ImageBlock } from '../../core/relay/scan.ts';

/** What is wrong with a picture; anything else (memory, the network upstream) ends the request at once. */
const IMAGE_CODES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'invalid_request',
  'not_found',
  'image_too_large',
  'unsupported_media_type',
  'image_undecodable',
  'image_unfetchable',
  'url_forbidden',
]);

/** Faults that are written out; the rest is counted. */
const LISTED_MAX = 20;

/** Runs a step on each, in order, to the end. @throws invalid_request (or the one code of all faults) naming every block */
export async function collectFaults<T extends ImageBlock | { readonly block: ImageBlock }, R>(
  items: readonly T[],
  step: (item: T, hasFailed: boolean) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  const faults: { readonly fault: Fault; readonly path: string }[] = [];
  for (const item of items) {
    try {
      results.push(await step(item, faults.length > 0));
    } catch (error) {
      if (!(error instanceof Fault) || !IMAGE_CODES.has(error.code)) throw error;
      faults.push({ fault: error, path: 'block' in item ? item.block.path : item.path });
    }
  }
  const [first] = faults;
  if (first === undefined) return results;
  const errors: ParamFault[] = faults.slice(0, LISTED_MAX).map(({ fault, path }) => ({ param: path, detail: fault.message }));
  const rest = faults.length > errors.length ? `\nand ${faults.length - errors.length} more images` : '';
  const isOneKind = faults.every(({ fault }) => fault.code === first.fault.code);
  throw new Fault(isOneKind ? first.fault.code : 'invalid_request', errors.map(({ param, detail }) => `${param}: ${detail}`).join('\n') + rest, {
    param: first.path,
    errors,
    cause: first.fault,
    ...(first.fault.retryable === undefined ? {} : { retryable: first.fault.retryable }),
  });
}
