/** What is remembered of a file that a caller put into the Files API: whose it is, and what it holds. */
import * as z from 'zod';
import { claudeMediaTypeSchema } from '../image/format.ts';
import { UPLOADED_FILE_PREFIX } from '../stored/version.ts';

/** Ids as the Files API makes them; anything else is nobody's. Their format may change, so little is asked of it. */
const FILE_ID = /^[A-Za-z0-9_-]{1,128}$/;

const uploadedFileSchema = z.strictObject({
  /** The key itself: a record found under a key that it was not written for is refused. */
  key: z.string(),
  id: z.string().regex(FILE_ID),
  filename: z.string(),
  /** Of what the Files API holds. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Of the picture as it came; absent where that is the same, and in records from before it was written. */
  from: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  mediaType: claudeMediaTypeSchema,
  width: z.int().min(1),
  height: z.int().min(1),
  bytes: z.int().min(1),
  createdAtMs: z.int().min(0),
  expiresAtMs: z.int().min(0).nullable(),
});
export type UploadedFile = Readonly<z.infer<typeof uploadedFileSchema>>;

/** SHA-256 of the picture that a file was made of. */
export function pictureOf({ from, sha256 }: Pick<UploadedFile, 'from' | 'sha256'>): string {
  return from ?? sha256;
}

/** Whether a text can be an id of the Files API. */
export function isFileId(text: string): boolean {
  return FILE_ID.test(text);
}

/** The KV key of a file (at most 203 bytes; KV allows 512). */
export function uploadedFileKey(tenant: string, fileId: string): string {
  return `${UPLOADED_FILE_PREFIX}${tenant}:${fileId}`;
}

/** The record in a stored value, or `undefined` when it is not a valid one for this key, or its file has expired. */
export function readUploadedFile(value: unknown, key: string, nowMs: number): UploadedFile | undefined {
  const parsed = uploadedFileSchema.safeParse(value);
  if (!parsed.success || parsed.data.key !== key) return undefined;
  return parsed.data.expiresAtMs !== null && parsed.data.expiresAtMs <= nowMs ? undefined : parsed.data;
}
