/** `/v1/images`: originals by content, and what Claude sees of them. */
import * as z from 'zod';
import { IMAGE_FAULTS } from './describe.ts';
import { fileFacts } from './image-facts.ts';
import { count, flag, imageId, kind, text } from './member.ts';
import { type Answer, IMAGE_BYTES, json, jsonAnswer, type Operation } from './operation.ts';

export const storeImageBodySchema = z
  .strictObject({ url: text('Address of the image. It is fetched once.', 'https://example.com/photo.jpg') })
  .meta({ id: 'StoreImageRequest', description: 'An image by its address.' });

export const storedImageSchema = z
  .strictObject({
    type: kind('image'),
    image_id: imageId(),
    ...fileFacts,
    is_new: flag('Whether the tenant did not have it before.'),
  })
  .meta({ id: 'StoredImage', description: 'A stored image.' });

export const deletedImageSchema = z
  .strictObject({
    type: kind('image_deleted'),
    image_id: imageId(),
    removed: z
      .strictObject({
        images: count('Originals: 1, or 0 where only derived data was left.', 1),
        answers: count('Cached answers; one that was sent at another size counts twice.', 2),
        addresses: count('Addresses that led to it.', 1),
        files: count('Copies in the Files API.', 0),
        near_duplicates: count('Entries by which look-alikes found it.', 1),
        idempotent_answers: count('Answers that were kept for an Idempotency-Key.', 0),
      })
      .meta({ description: 'What was removed, counted.' }),
  })
  .meta({ id: 'DeletedImage', description: 'What a deletion removed.' });

const etag = { etag: text('The hash of the bytes, in quotes.', '"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"') };
const served = z.object({
  ...etag,
  'content-disposition': text('Served as a download, so that no browser runs it.', 'attachment'),
  'accept-ranges': text('Ranges are taken in bytes.', 'bytes'),
  'last-modified': text('When it was stored.', 'Sat, 21 Nov 2026 09:30:00 GMT'),
});
const NOT_MODIFIED: Answer = { description: 'Not modified: If-None-Match names it.', headers: z.object(etag) };
const imageIdParameter = imageId('As POST /v1/images gives it.');

export const storeImage: Operation = {
  tag: 'Images',
  summary: 'Store an image',
  description:
    'Takes the image as the body, a form with one file, or its address. Storing the same bytes again changes nothing. The id works in every request in place of the image.',
  path: {},
  query: undefined,
  headers: undefined,
  body: {
    isRequired: true,
    content: {
      ...IMAGE_BYTES,
      'multipart/form-data': {
        kind: 'form',
        schema: z.strictObject({}),
        files: { name: 'image', description: 'The image file.', areMany: false },
        example: undefined,
      },
      'application/json': json(storeImageBodySchema, { 'By its address': { url: 'https://example.com/photo.jpg' } }),
    },
  },
  answers: {
    201: jsonAnswer(
      'Stored, now or before.',
      storedImageSchema,
      z.object({ ...etag, location: text('Path of the image.', '/v1/images/sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08') }),
    ),
  },
  faults: IMAGE_FAULTS,
};

export const getImage: Operation<'/:imageId'> = {
  tag: 'Images',
  summary: 'Get an original',
  description: 'The file as it was stored, byte for byte. HEAD gives its headers.',
  path: { imageId: imageIdParameter },
  query: undefined,
  headers: z.object({
    range: text('One range of bytes; several are ignored.', 'bytes=0-1023').optional(),
    'if-none-match': text('An ETag that the caller has.', '"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"').optional(),
  }),
  body: undefined,
  answers: {
    200: { description: 'The file.', content: IMAGE_BYTES, headers: served },
    206: {
      description: 'The range of it.',
      content: IMAGE_BYTES,
      headers: served.extend({ 'content-range': text('The range and the size of the file.', 'bytes 0-1023/3100000') }),
    },
    304: NOT_MODIFIED,
    416: { description: 'The range is outside the file.', headers: z.object({ 'content-range': text('The size of the file.', 'bytes */3100000') }) },
  },
  faults: ['not_found'],
};

export const deleteImage: Operation<'/:imageId'> = {
  tag: 'Images',
  summary: 'Delete an image and everything derived from it',
  description:
    'Removes the original, cached answers, addresses, copies in the Files API and what look-alikes found. Where a store fails, the answer is an error, and the same request goes on from there.',
  path: { imageId: imageIdParameter },
  query: undefined,
  headers: undefined,
  body: undefined,
  answers: { 200: jsonAnswer('What was removed, counted.', deletedImageSchema) },
  faults: ['not_found', 'upstream_error', 'upstream_timeout'],
};

export const getSentImage: Operation<'/:imageId'> = {
  tag: 'Images',
  summary: 'Get the very bytes that Claude would see',
  description: 'A stored image at the size of a tier, as it would be sent.',
  path: { imageId: imageIdParameter },
  query: z.strictObject({
    tier: z
      .enum(['standard', 'high'])
      .default('standard')
      .meta({ description: 'The tier that it is sized for.', examples: ['standard'] }),
  }),
  headers: z.object({
    'if-none-match': text('An ETag that the caller has.', '"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"').optional(),
  }),
  body: undefined,
  answers: {
    200: {
      description: 'The image as it would be sent.',
      content: IMAGE_BYTES,
      headers: z.object({ ...etag, 'x-vignette-sent': text('Size, transform and image tokens.', '952x1270; resized; 1564 tokens') }),
    },
    304: NOT_MODIFIED,
  },
  faults: ['not_found', 'image_too_large', 'image_undecodable', 'unsupported_media_type'],
};
