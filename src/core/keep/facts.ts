/** Facts of a picture as they are stored beside it, so that a later request can plan and look up without its bytes. */
import * as z from 'zod';
import { formatDetailSchema, formatSchema, readableMediaTypeSchema } from '../image/format.ts';
import type { ImageInfo } from '../image/info.ts';

const sizeSchema = z.int().min(1);
/** A change of its shape, or of what a header reader reports, raises the version of every prefix it is stored under; facts without `isCutOff` and `isMalformed` are good as they are. */
export const imageInfoSchema = z.strictObject({
  format: formatSchema,
  mediaType: readableMediaTypeSchema,
  width: sizeSchema,
  height: sizeSchema,
  storedWidth: sizeSchema,
  storedHeight: sizeSchema,
  bytes: sizeSchema,
  orientation: z.literal([1, 2, 3, 4, 5, 6, 7, 8]),
  hasAlpha: z.boolean(),
  frames: sizeSchema,
  bitDepth: z.int().min(0).max(255),
  colourModel: z.enum(['gray', 'rgb', 'palette', 'ycbcr', 'cmyk', 'ycck']),
  detail: formatDetailSchema,
  isCutOff: z.literal(true).exactOptional(),
  isMalformed: z.literal(true).exactOptional(),
});

/** The facts in a stored text, or `undefined` when it does not hold exactly such facts. */
export function readImageInfo(text: string | undefined): ImageInfo | undefined {
  try {
    const parsed = imageInfoSchema.safeParse(JSON.parse(text ?? ''));
    return parsed.success ? parsed.data : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
