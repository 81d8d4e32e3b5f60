import { ApiError } from './error.ts';
import type { Simulation } from './state.ts';

/** An uploaded file, bytes in memory. */
export interface StoredFile {
  readonly id: string;
  readonly filename: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
  readonly createdAtMs: number;
  readonly expiresAtMs: number | undefined;
}

/** Whether its time is over: the metadata stays, the bytes are gone. */
export function isExpired(file: StoredFile, nowMs: number): boolean {
  return file.expiresAtMs !== undefined && nowMs >= file.expiresAtMs;
}

/** The file of an id. @throws 404 when there is none. */
export function requireFile(simulation: Simulation, id: string): StoredFile {
  const file = simulation.state.files.get(id);
  if (file === undefined) throw new ApiError('not_found_error', `File not found: ${id}`);
  return file;
}

/** The file of an id while its bytes exist. @throws 404, with `error_code` `file_expired` once they are gone. */
export function requireLiveFile(simulation: Simulation, id: string): StoredFile {
  const file = requireFile(simulation, id);
  if (isExpired(file, simulation.settings.now())) {
    throw new ApiError('not_found_error', `File has expired: ${id}`, {
      details: { error_code: 'file_expired' },
    });
  }
  return file;
}

/** File metadata as the Files API shows it. */
export function fileMetadata(file: StoredFile): Record<string, unknown> {
  return {
    id: file.id,
    type: 'file',
    filename: file.filename,
    mime_type: file.mediaType,
    size_bytes: file.bytes.length,
    created_at: new Date(file.createdAtMs).toISOString(),
    expires_at: file.expiresAtMs === undefined ? null : new Date(file.expiresAtMs).toISOString(),
    downloadable: false,
  };
}
