/**
 * Pictures in the Files API: uploaded once, found again by the index of the picture that they were made of, and removed with it.
 * An upload is noted under its name before it begins, so that a deletion finds it whatever becomes of the request.
 */
import { fileName, fileRowEndMs } from '../../core/keep/derived.ts';
import { keepSeconds } from '../../core/keep/keeping.ts';
import { Fault } from '../../core/fault.ts';
import type { ClaudeMediaType } from '../../core/image/format.ts';
import type { FilesApi, FileMetadata } from '../../port/file.ts';
import type { Context } from '../session/context.ts';
import { openLineage } from './lineage.ts';

/** A file is no longer used when it ends this soon: the request that names it must still find it. */
const MARGIN_MS = 300_000;
/** For taking back what a deletion has overtaken, whether or not the caller stays. */
export const REMOVE_MS_MAX = 30_000;
const RETRY_AFTER_SECONDS = 2;

export interface FilePicture {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Of the bytes. */
  readonly sha256: string;
  readonly mediaType: ClaudeMediaType;
  /** SHA-256 of the file that the bytes were made of. */
  readonly from: string;
}

/** The id of a live file with these bytes. @throws overloaded (what the index does not take is not uploaded); as the Files API */
export async function fileFor(picture: FilePicture, files: FilesApi, signal: AbortSignal, context: Context): Promise<string> {
  const { caller, config, pictures, ports, tenant } = context;
  const { sha256, from } = picture;
  // Before the look-up: a file that is deleted after it is not made anew.
  await pictures.open(from);
  const known = await ports.index.findFile(tenant, from, sha256, ports.clock.nowMs() + MARGIN_MS);
  if (known?.reference !== undefined) return known.reference;
  const expiresInSeconds = keepSeconds(caller, config.fileTtlSeconds);
  return (await uploadListed({ ...picture, group: sha256, expiresInSeconds }, files, signal, context)).id;
}

/** Forgets files that the API no longer has. */
export async function forgetFiles(fileIds: readonly string[], { pictures, ports, tenant }: Context): Promise<void> {
  await Promise.all(pictures.hashes().map((sha256) => ports.index.drop(tenant, sha256, fileIds)));
}

/**
 * Uploads bytes so that a deletion of their picture finds them. `group`: where they may be found again.
 * @throws as `fileFor`
 */
export async function uploadListed(
  { bytes, mediaType, from, group, expiresInSeconds }: Omit<FilePicture, 'sha256'> & { readonly group: string; readonly expiresInSeconds: number | undefined },
  files: FilesApi,
  signal: AbortSignal,
  context: Context,
): Promise<FileMetadata> {
  const name = files.newName();
  const endMs = expiresInSeconds === undefined ? undefined : fileRowEndMs(context.ports.clock.nowMs(), expiresInSeconds * 1000);
  let file: FileMetadata | undefined;
  const isKept = await openLineage([from], [], context).keep([{ kind: 'file', name: fileName(group, name) }], endMs, {
    write: async () => {
      file = await files.upload({ name, bytes, mediaType, expiresInSeconds }, signal);
      return { reference: file.id };
    },
    remove: async () => file && files.delete(file.id, AbortSignal.timeout(REMOVE_MS_MAX)),
  });
  if (!isKept || file === undefined) throw notUploaded();
  return file;
}

/** The index cannot be reached, or the picture was deleted since the request began. */
export function notUploaded(): Fault {
  return new Fault('overloaded', `The image could not be uploaded just now, or is being deleted. Try again in ${RETRY_AFTER_SECONDS} s.`, {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}
