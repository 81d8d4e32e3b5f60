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

/**
 * Runs a step on each to its end, `atOnce` of them side by side; results are in the order of the items.
 * @throws invalid_request (or the one code of all faults) naming every block; when no step runs any more
 */
export async function collectFaults<T extends ImageBlock | { readonly block: ImageBlock }, R>(
  items: readonly T[],
  step: (item: T) => Promise<R>,
  atOnce = 1,
): Promise<readonly R[]> {
  const results: { readonly index: number; readonly result: R }[] = [];
  const found: { readonly index: number; readonly fault: Fault; readonly path: string }[] = [];
  const queue = items.entries();
  let isOver = false;
  const work = async () => {
    for (const [index, item] of queue) {
      if (isOver) return;
      try {
        results.push({ index, result: await step(item) });
      } catch (error) {
        if (error instanceof Fault && IMAGE_CODES.has(error.code)) found.push({ index, fault: error, path: 'block' in item ? item.block.path : item.path });
        else {
          isOver = true;
          throw error;
        }
      }
    }
  };
  // All are waited for: what they hold of the memory is given back by then, and not after the request has ended.
  const ends = await Promise.allSettled(Array.from({ length: Math.min(atOnce, items.length) }, work));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  const faults = inOrder(found);
  const [first] = faults;
  if (first === undefined) return inOrder(results).map(({ result }) => result);
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

function inOrder<T extends { readonly index: number }>(values: readonly T[]): readonly T[] {
  return values.toSorted((one, other) => one.index - other.index);
}
