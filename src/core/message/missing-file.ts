/** An upload that the Files API no longer has. */
import { Fault } from '../fault.ts';

/** The request was refused before any work because of such a file, so it may be sent again with another one. */
export class MissingFile extends Fault {
  constructor(options: { readonly cause?: unknown } = {}) {
    super('upstream_error', 'Claude no longer has a file that was uploaded for this request. Try again.', { ...options, retryable: true });
  }
}

/**
 * Whether the text of a 400 or 404 says that a file is gone (Files docs 2026-08, "Errors": `File not found: file_…`,
 * `File has expired: file_…`).
 */
export function saysFileIsMissing(text: string): boolean {
  return /\bfile\b[^.]{0,40}\b(not found|expired|does not exist|was deleted)\b/i.test(text);
}
