/** Files of callers: put into the Files API, remembered for their tenant, and listed with the picture that they were made of. */
import { type UploadedFile, uploadedFileKey } from '../../core/keep/uploaded-file.ts';
import type { FilesApi, UploadedFiles } from '../../port/file.ts';
import { type FilePicture, notUploaded, REMOVE_MS_MAX, uploadListed } from './claude-file.ts';
import type { Context } from '../session/context.ts';
import { openLineage } from './lineage.ts';

/** One hour and ninety days: what the Files API takes (claude TypeScript client, `FileUploadParams`). */
export const FILE_EXPIRY_SECONDS_MIN = 3_600;
export const FILE_EXPIRY_SECONDS_MAX = 7_776_000;

/** Each upload of a caller is a file of its own, which nothing else uses. */
const OWN_GROUP = 'own';

export interface CallersFile extends FilePicture {
  /** Upright size in pixels of the bytes. */
  readonly width: number;
  readonly height: number;
  /** The caller's own name for it. */
  readonly filename: string;
  /** Until when it lives; `undefined`: until it is deleted. */
  readonly expiresInSeconds: number | undefined;
}

export interface FilePorts {
  readonly api: FilesApi;
  readonly records: UploadedFiles;
}

/** @throws overloaded (what the index does not take is not uploaded); as the Files API */
export async function uploadFile(upload: CallersFile, { api, records }: FilePorts, context: Context): Promise<UploadedFile> {
  const { bytes, sha256, from, mediaType, width, height, filename } = upload;
  const { id, ...times } = await uploadListed({ ...upload, group: OWN_GROUP }, api, context.signal(), context);
  const key = uploadedFileKey(context.tenant, id);
  const origin = from === sha256 ? {} : { from };
  const file: UploadedFile = { key, id, filename, sha256, ...origin, mediaType, width, height, bytes: bytes.length, ...times };
  let isKept = false;
  try {
    isKept = await openLineage([from], [], context).keep([{ kind: 'upload', name: key }], file.expiresAtMs ?? undefined, {
      write: async () => {
        await records.put(file);
        return true;
      },
      remove: () => records.delete(key),
    });
  } finally {
    // Nobody would have its id.
    if (!isKept) await api.delete(id, AbortSignal.timeout(REMOVE_MS_MAX));
  }
  if (!isKept) throw notUploaded();
  return file;
}

/** Removes a file at the Files API and here. @throws as the Files API; then it is not forgotten */
export async function deleteUpload({ id, key, from, sha256 }: UploadedFile, { api, records }: FilePorts, { ports, tenant, signal }: Context): Promise<void> {
  await api.delete(id, signal());
  await records.delete(key);
  await ports.index.drop(tenant, from ?? sha256, [id, key]);
}
