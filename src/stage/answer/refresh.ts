/** Stale-while-revalidate: an old answer is given at once, and asked for anew after the response. */
import type { DescribeRequest } from '../../core/input/request.ts';
import type { Context } from '../session/context.ts';
import { Stopwatch } from '../session/stopwatch.ts';

/** The platform ends work 30 s after a response; what would last longer is better not paid for. */
const REFRESH_TIMEOUT_MS = 25_000;

/**
 * Describes again after the response, under the same rules of spending and of single flight as any request. When it fails the old
 * answer stands, and the next request tries again.
 */
export function refreshAfterResponse(
  request: DescribeRequest,
  context: Context,
  describe: (request: DescribeRequest, context: Context) => Promise<unknown>,
): void {
  const refresh = async (): Promise<void> => {
    // Uploads outlive the request that counted them.
    const reservation = await context.ports.ledger.reserve(heldBytes(request));
    try {
      const stopwatch = new Stopwatch(context.ports.clock.nowMs);
      // The answer before it has a row of its own under the request's id, so the call is a further one.
      const record = { ...(context.record.route === undefined ? {} : { route: context.record.route }), calls: 1 };
      const timeout = AbortSignal.timeout(REFRESH_TIMEOUT_MS);
      const later = { ...context, signal: () => timeout, stopwatch, record };
      await describe({ ...request, cache: 'refresh', maxAgeSeconds: undefined }, later);
    } finally {
      reservation.release();
    }
  };
  context.afterResponse(refresh().catch(() => undefined));
}

function heldBytes({ images }: DescribeRequest): number {
  return images.reduce((sum, image) => sum + (image.kind === 'bytes' ? image.bytes.length : image.kind === 'base64' ? image.text.length : 0), 0);
}
