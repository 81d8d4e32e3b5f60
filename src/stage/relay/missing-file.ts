/** Files that were uploaded from here and that the API no longer has. */
import { saysFileIsMissing } from '../../core/message/missing-file.ts';
import type { Context } from '../context.ts';
import type { UpstreamAnswer } from './call.ts';
import type { FittedRequest } from './fit.ts';

/**
 * Whether a request failed because of such a file. They are forgotten then, so that the same request may be fitted and sent
 * once more: the API refused it before any work. A file that the caller named himself is his affair.
 */
export async function forgetMissingFiles({ status, body }: UpstreamAnswer, { images }: FittedRequest, { ports, tenant }: Context): Promise<boolean> {
  if ((status !== 400 && status !== 404) || !(body instanceof Uint8Array)) return false;
  const uploaded = images.flatMap(({ outcome }) => (outcome.kind === 'file' ? [outcome.fileId] : []));
  if (uploaded.length === 0 || !saysFileIsMissing(new TextDecoder().decode(body))) return false;
  for (const fileId of uploaded) await ports.files?.forget(tenant, fileId);
  return true;
}
