/** Facts of images that several answers have. */
import * as z from 'zod';
import { count, EXAMPLE_SHA256, imageId, mediaType, text } from './member.ts';

/** Members of what is known of a file; upright, whatever its EXIF orientation. */
export const fileFacts = {
  media_type: mediaType('What the bytes are, whatever they were declared as.'),
  width: count('Pixels, upright.', 4032),
  height: count('Pixels, upright.', 3024),
  orientation: z
    .int()
    .min(1)
    .max(8)
    .meta({ description: 'EXIF orientation of the file, 1 to 8.', examples: [6] }),
  bytes: count('Size of the file.', 3_100_000),
};

const UNSEEN = 'null where Claude fetched it itself.';

/** The same of an image that this service may never have seen. */
export const nullableFileFacts = {
  media_type: fileFacts.media_type.nullable().meta({ description: `What the bytes are; ${UNSEEN}` }),
  width: fileFacts.width.nullable().meta({ description: `Pixels, upright; ${UNSEEN}` }),
  height: fileFacts.height.nullable().meta({ description: `Pixels, upright; ${UNSEEN}` }),
  orientation: fileFacts.orientation.nullable().meta({ description: `EXIF orientation of the file, 1 to 8; ${UNSEEN}` }),
  bytes: fileFacts.bytes.nullable().meta({ description: `Size of the file; ${UNSEEN}` }),
};

/** An image of a request as it came. */
export const receivedImageFacts = {
  image_id: imageId(`The image by the hash of its bytes; ${UNSEEN}`).nullable(),
  ...nullableFileFacts,
};

const TRANSFORMS = ['none', 'resized', 'reencoded', 'converted'] as const;
export const transformSchema = z.enum(TRANSFORMS).meta({
  description: 'What was done to the file: nothing, another size, another encoding at its size, or converted from a format that is not decoded here.',
});

const UNKNOWN = 'null where it is not known.';

/** What Claude saw of an image. */
export const sentImageSchema = z
  .strictObject({
    media_type: mediaType(`The type that was sent; ${UNKNOWN}`).nullable(),
    width: count(`Pixels that Claude saw; ${UNKNOWN}`, 952).nullable(),
    height: count(`Pixels that Claude saw; ${UNKNOWN}`, 1270).nullable(),
    bytes: count(`Size of what was sent; ${UNKNOWN}`, 180_000).nullable(),
    sha256: text(`Hash of the bytes that were sent; ${UNKNOWN}`, EXAMPLE_SHA256).nullable(),
    source: z.enum(['base64', 'url', 'file']).meta({ description: 'How it travelled: in the request, fetched by Claude, or through the Files API.' }),
    transform: transformSchema,
    image_tokens: count(`Tokens that it counts as, exactly; ${UNKNOWN}`, 1564).nullable(),
  })
  .meta({ id: 'SentImage', description: 'What Claude saw.' });

/** A remark about a request that succeeded. */
export const warningSchema = z
  .strictObject({
    code: text('Stable: decide on this.', 'first_frame_only'),
    message: text('The remark, with its numbers. Its wording may change.', 'The file has 12 frames; Claude sees the first one.'),
    image: count('Index of the image that is meant. Absent where it is the whole request.', 0).optional(),
  })
  .meta({ id: 'Warning', description: 'A remark about a request that succeeded.' });
