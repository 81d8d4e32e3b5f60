/** What the cache holds for a key, checked on every read: a value that is not exactly this counts as a miss. */
import * as z from 'zod';
import { storedDescriptionSchema } from '../field/schema.ts';
import { claudeMediaTypeSchema } from '../image/format.ts';

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);

/** What was sent for one picture. */
export const sentImageSchema = z.strictObject({
  mediaType: claudeMediaTypeSchema,
  width: z.int().min(1),
  height: z.int().min(1),
  bytes: z.int().min(1),
  sha256: sha256Schema,
  transform: z.enum(['none', 'resized', 'reencoded', 'converted']),
  imageTokens: z.int().min(1),
  /** How it travelled; absent: as base64. */
  source: z.literal('file').optional(),
});
export type SentImage = Readonly<z.infer<typeof sentImageSchema>>;

export const cacheEntrySchema = z.strictObject({
  /** The key itself: a record found under a key that it was not written for is refused. */
  key: z.string(),
  createdAtSeconds: z.int().min(0),
  descriptions: z.array(storedDescriptionSchema),
  /** To a question alone or in one language; of several languages each description has its own. */
  answer: z.string().optional(),
  stopReason: z.string(),
  sent: z.array(sentImageSchema),
  warnings: z.array(z.strictObject({ code: z.string(), message: z.string(), image: z.int().optional() })),
  /** US$ of the call that made it; absent where the price is not known. */
  costUsd: z.number().optional(),
});
export type CacheEntry = z.infer<typeof cacheEntrySchema>;

/** The entry in a stored value, or `undefined` when it is not a valid entry for this key. */
export function readCacheEntry(value: unknown, key: string): CacheEntry | undefined {
  const parsed = cacheEntrySchema.safeParse(value);
  return parsed.success && parsed.data.key === key ? parsed.data : undefined;
}
