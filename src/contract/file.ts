/** `/v1/files`: Anthropic's Files API for images. */
import * as z from 'zod';
import { IMAGE_FAULTS } from './describe.ts';
import { count, flag, mediaType, text, time } from './member.ts';
import { jsonAnswer, type Operation } from './operation.ts';

const fileId = text("Anthropic's id of the file.", 'file_011CNha8iCJcU1wXNR6q4V8w');

export const fileSchema = z
  .strictObject({
    id: fileId,
    type: z.literal('file').meta({ description: 'The kind of answer.' }),
    filename: text('The name that it was uploaded with.', 'photo.jpg'),
    mime_type: mediaType('The type of what was kept.'),
    size_bytes: count('The size of what was kept.', 180_000),
    created_at: time('When it was uploaded.'),
    expires_at: time('When it goes; null for never.').nullable(),
    downloadable: z.literal(false).meta({ description: 'Uploads cannot be downloaded.' }),
  })
  .meta({ id: 'File', description: 'Metadata of a file.' });

export const filePageSchema = z
  .strictObject({
    data: z.array(fileSchema).meta({ description: 'The files, in the order of their ids.' }),
    has_more: flag('Whether another page follows.'),
    first_id: text('The id of the first file of the page; null where it is empty.', 'file_011CNha8iCJcU1wXNR6q4V8w').nullable(),
    last_id: text('The id of the last file of the page; null where it is empty.', 'file_011CNha8iCJcU1wXNR6q4V8w').nullable(),
    next_page: text('"page" of the next request; null at the end.', 'eyJ2IjoxfQ').nullable(),
  })
  .meta({ id: 'FilePage', description: 'A page of files.' });

export const deletedFileSchema = z
  .strictObject({ id: fileId, type: z.literal('file_deleted').meta({ description: 'The kind of answer.' }) })
  .meta({ id: 'DeletedFile', description: 'A file that was deleted.' });

const PATH = { fileId: text('As the upload gave it.', 'file_011CNha8iCJcU1wXNR6q4V8w') };
const NOTHING = { query: undefined, headers: undefined, body: undefined } as const;
/** Everything under `/v1/files` needs a provider that has a Files API. */
const FILE_FAULTS = ['not_found', 'upstream_error', 'upstream_timeout'] as const;

export const uploadFile: Operation = {
  tag: 'Files',
  summary: 'Upload an image to the Files API, at the size that Claude sees',
  description:
    'JPEG, PNG, GIF or WebP. An image that Claude would make smaller is brought to the size of the high tier first. The file belongs to the tenant that uploads it and is made with the key of this service.',
  ...NOTHING,
  path: {},
  body: {
    isRequired: true,
    content: {
      'multipart/form-data': {
        kind: 'form',
        schema: z.strictObject({
          expires_in_seconds: z
            .int()
            .min(3_600)
            .max(7_776_000)
            .meta({ description: 'Seconds after which it goes. Default: never.', examples: [86_400] })
            .optional(),
        }),
        files: { name: 'file', description: 'The image file.', areMany: false },
        example: { expires_in_seconds: 86_400 },
      },
    },
  },
  answers: { 200: jsonAnswer('The file.', fileSchema) },
  faults: [...IMAGE_FAULTS, ...FILE_FAULTS],
  passesErrorsOn: true,
};

export const listFiles: Operation = {
  tag: 'Files',
  summary: 'List the files of the tenant',
  description: 'In the order of their ids, not by date.',
  ...NOTHING,
  path: {},
  query: z.object({
    limit: z
      .int()
      .min(1)
      .max(100)
      .default(20)
      .meta({ description: 'Files a page.', examples: [20] }),
    page: text('"next_page" of the page before.', 'eyJ2IjoxfQ').optional(),
    ids: z.array(text('An id.', 'file_011CNha8iCJcU1wXNR6q4V8w')).max(100).meta({ description: 'Only these files; may be repeated.' }).optional(),
  }),
  answers: { 200: jsonAnswer('A page of files.', filePageSchema) },
  faults: FILE_FAULTS,
};

export const getFile: Operation<'/:fileId'> = {
  tag: 'Files',
  summary: 'Get metadata of a file',
  description: 'Only files that were uploaded through this service by the same tenant.',
  ...NOTHING,
  path: PATH,
  answers: { 200: jsonAnswer('The file.', fileSchema) },
  faults: FILE_FAULTS,
};

export const getFileContent: Operation<'/:fileId'> = {
  tag: 'Files',
  summary: 'Learn that a file cannot be downloaded',
  description: 'Always an error, as at Anthropic: only files that a tool made can be downloaded.',
  ...NOTHING,
  path: PATH,
  answers: {},
  faults: FILE_FAULTS,
};

export const deleteFile: Operation<'/:fileId'> = {
  tag: 'Files',
  summary: 'Delete a file, at Anthropic and here',
  description: 'Where Anthropic fails, the answer is an error, and the same request may be sent again.',
  ...NOTHING,
  path: PATH,
  answers: { 200: jsonAnswer('The file is deleted.', deletedFileSchema) },
  faults: FILE_FAULTS,
  passesErrorsOn: true,
};
