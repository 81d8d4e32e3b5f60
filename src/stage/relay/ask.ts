/** The call, and the one case in which it is made twice: a file that was remembered is gone at the provider. */
import { saysFileIsMissing } from '../../core/message/missing-file.ts';
import { forgetFiles } from '../keep/claude-file.ts';
import type { Context } from '../session/context.ts';
import type { UpstreamAnswer } from './call.ts';
import { fitRequest, type FittedRequest } from './fit.ts';
import { payForCall, type RelayedCall } from './pay.ts';
import type { PreparedImage } from './prepare.ts';
import type { ScannedRequest } from './request.ts';

export interface AskedRequest {
  readonly answer: UpstreamAnswer;
  /** What was sent at last. */
  readonly fitted: FittedRequest;
}

/**
 * Brings the request to the provider. Where the API says that a file is gone, which it does before any work, the images
 * are uploaded anew and it is asked once more.
 * @throws body_too_large, what the Files API throws, budget_exceeded, and what the call throws
 */
export async function askProvider(request: ScannedRequest, prepared: readonly PreparedImage[], call: RelayedCall, context: Context): Promise<AskedRequest> {
  const { stopwatch } = context;
  const fit = () => stopwatch.time('fit', fitRequest(prepared, request, context));
  const ask = async (fitted: FittedRequest) => ({ fitted, answer: await stopwatch.time('model', payForCall(request, fitted, call, context)) });
  const first = await ask(await fit());
  const files = first.fitted.images.flatMap(({ outcome }) => (outcome.kind === 'file' ? [outcome.fileId] : []));
  if (files.length === 0 || !isFileMissing(first.answer)) return first;
  // The error does not say reliably which of them; to upload one too many costs nothing.
  await forgetFiles(files, context);
  return ask(await fit());
}

function isFileMissing({ status, body }: UpstreamAnswer): boolean {
  return (status === 400 || status === 404) && body instanceof Uint8Array && saysFileIsMissing(new TextDecoder().decode(body));
}
