/** Facts of a picture as they are stored beside it, so that a later request can plan and look up without its bytes. */
import * as z from 'zod';
import type { ImageInfo } from '../image/info.ts';

const sizeSchema = z.int().min(1);
const formatSchema = z.enum(['jpeg', 'png', 'gif', 'webp']);

const detailSchema = z.discriminatedUnion('format', [
  z.strictObject({
    format: z.literal('jpeg'),
    coding: z.enum(['baseline', 'extended', 'progressive', 'lossless', 'arithmetic']),
    components: z
      .array(z.strictObject({ horizontal: z.int().min(1).max(4), vertical: z.int().min(1).max(4) }))
      .max(255)
      .readonly(),
  }),
  z.strictObject({ format: z.literal('png'), isInterlaced: z.boolean(), channels: z.int().min(1).max(4) }),
  z.strictObject({ format: z.literal('gif'), isInterlaced: z.boolean() }),
  z.strictObject({ format: z.literal('webp'), coding: z.enum(['lossy', 'lossless']) }),
]);

/** A change of its shape, or of what a header reader reports, raises the version of every prefix it is stored under; facts without `isCutOff` and `isMalformed` are good as they are. */
export const imageInfoSchema = z.strictObject({
  format: formatSchema,
  mediaType: z.enum(['image/jpeg', 'image/png', 'image/gif', 'image/webp']),
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
  detail: detailSchema,
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
