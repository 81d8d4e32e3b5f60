/** Ports to the Files API of the provider, and to what is remembered of the files that callers put there. */
import type { UploadedFile } from '../core/keep/uploaded-file.ts';
import type { ClaudeMediaType } from '../core/image/format.ts';

/** A picture on its way into the Files API. */
export interface FileUpload {
  /** What it is called there: a name that no other upload has, so that it can be found where its id never came. */
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly mediaType: ClaudeMediaType;
  /** Until when it lives; `undefined`: until it is deleted. */
  readonly expiresInSeconds: number | undefined;
}

/** A file as the Files API describes it. */
export interface FileMetadata {
  readonly id: string;
  readonly createdAtMs: number;
  readonly expiresAtMs: number | null;
}

/** The Files API. Everybody with the key of this deployment's workspace can use a file by its id. Nothing there is billed. */
export interface FilesApi {
  /** A name for an upload. */
  newName(): string;
  /** @throws upstream_error, upstream_timeout, overloaded, rate_limited, image_too_large; it may be there all the same */
  upload(file: FileUpload, signal: AbortSignal): Promise<FileMetadata>;
  /** Deletes a file; one that is gone is gone. @throws as `upload` */
  delete(id: string, signal: AbortSignal): Promise<void>;
  /** Deletes what was uploaded under a name, by looking through all files of the workspace. @throws as `upload` */
  deleteByName(name: string, signal: AbortSignal): Promise<void>;
}

/** What is remembered of files that callers uploaded through this service, each bound to its tenant. */
export interface UploadedFiles {
  /** @throws when it could not be written */
  put(file: UploadedFile): Promise<void>;
  /** A live file of this tenant. */
  find(tenant: string, fileId: string): Promise<UploadedFile | undefined>;
  /** One page, in the order of the ids. @throws invalid_request (a cursor that leads nowhere) */
  list(
    tenant: string,
    page: { readonly filesMax: number; readonly cursor: string | undefined },
  ): Promise<{ readonly files: readonly UploadedFile[]; readonly cursor: string | undefined }>;
  delete(key: string): Promise<void>;
}
