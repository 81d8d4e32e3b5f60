/** Ports to the Files API: pictures that this service puts there by itself, and files that callers do. */
import type { UploadedFile } from '../core/cache/uploaded-file.ts';
import type { ImageMediaType } from '../core/image/media-type.ts';

/** A picture in the Files API, as far as the memory of its upload knows it. */
export interface ClaudeFile {
  readonly sha256: string;
  readonly mediaType: ImageMediaType;
  /** Upright size in pixels of what was uploaded. */
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
}

/** Pictures in the Files API: uploaded once for a tenant, remembered by hash, uploaded again when they expire. */
export interface ClaudeFiles {
  /** The id of a live file with these bytes. @throws upstream_error, upstream_timeout, overloaded, rate_limited */
  fileFor(
    tenant: string,
    image: {
      readonly bytes: Uint8Array<ArrayBuffer>;
      readonly sha256: string;
      readonly mediaType: ImageMediaType;
      readonly width: number;
      readonly height: number;
      /** SHA-256 of the file that the bytes were made of, for its deletion; absent: the bytes are the file. */
      readonly from?: string | undefined;
      /** Where a key keeps things for less than the configured time. */
      readonly ttlSecondsMax?: number;
    },
    signal: AbortSignal,
  ): Promise<string>;
  /** What a file holds when this service uploaded it for this tenant and it has not expired. */
  owns(tenant: string, fileId: string): Promise<ClaudeFile | undefined>;
  /** Forgets a file that the API no longer has. */
  forget(tenant: string, fileId: string): Promise<void>;
  /**
   * Deletes everything that was uploaded of a picture (SHA-256 of the file as it came), there and here. Gives how many
   * files there were. @throws upstream_error, upstream_timeout, overloaded, rate_limited; what is left can be tried again
   */
  purge(tenant: string, sha256: string, signal: AbortSignal): Promise<number>;
}

/** A picture on its way into the Files API under a name of the caller's. */
export interface FileUpload {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly sha256: string;
  readonly mediaType: ImageMediaType;
  readonly width: number;
  readonly height: number;
  readonly filename: string;
  /** Until when it lives; `undefined`: until it is deleted. */
  readonly expiresInSeconds: number | undefined;
}

/** Files that callers put into the Files API through this service, each bound to its tenant. */
export interface UploadedFiles {
  /** A file of its own each time. @throws upstream_error, upstream_timeout, overloaded, rate_limited, image_too_large */
  upload(tenant: string, file: FileUpload, signal: AbortSignal): Promise<UploadedFile>;
  /** A live file of this tenant. */
  find(tenant: string, fileId: string): Promise<UploadedFile | undefined>;
  /** One page, in the order of the ids. @throws invalid_request (a cursor that leads nowhere) */
  list(
    tenant: string,
    page: { readonly filesMax: number; readonly cursor: string | undefined },
  ): Promise<{ readonly files: readonly UploadedFile[]; readonly cursor: string | undefined }>;
  /** Removes it at the Files API and here. Gives whether it was there. @throws as `upload` */
  delete(tenant: string, fileId: string, signal: AbortSignal): Promise<boolean>;
}
