/** The part of the OpenAPI document that speaks of the Files API. */

const text = { type: 'string' } as const;

const FILE_SCHEMA = {
  type: 'object',
  properties: {
    id: text,
    type: { const: 'file' },
    filename: text,
    mime_type: text,
    size_bytes: { type: 'integer' },
    created_at: { type: 'string', format: 'date-time' },
    expires_at: { type: ['string', 'null'], format: 'date-time' },
    downloadable: { const: false },
  },
  required: ['id', 'type', 'filename', 'mime_type', 'size_bytes', 'created_at', 'expires_at', 'downloadable'],
};
const FILE_ID = { name: 'file_id', in: 'path', required: true, schema: text };

/** The paths below `/v1/files`. */
export function filesPaths() {
  const form = {
    type: 'object',
    properties: { file: { type: 'string', format: 'binary' }, expires_in_seconds: { type: 'integer', minimum: 3_600, maximum: 7_776_000 } },
    required: ['file'],
    additionalProperties: false,
  };
  const page = {
    type: 'object',
    properties: { data: { type: 'array', items: FILE_SCHEMA }, has_more: { type: 'boolean' }, next_page: { type: ['string', 'null'] } },
    required: ['data', 'has_more', 'next_page'],
  };
  const deleted = { type: 'object', properties: { id: text, type: { const: 'file_deleted' } }, required: ['id', 'type'] };
  return {
    '/v1/files': {
      post: {
        ...operation('uploadFile', 'Put a picture into the Files API, at the size that Claude sees', FILE_SCHEMA),
        requestBody: { required: true, content: { 'multipart/form-data': { schema: form } } },
      },
      get: {
        ...operation('listFiles', 'The files of this tenant', page),
        parameters: [
          { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 100, default: 20 } },
          { name: 'page', in: 'query', schema: text },
          { name: 'ids', in: 'query', schema: { type: 'array', items: text, maxItems: 100 } },
        ],
      },
    },
    '/v1/files/{file_id}': {
      parameters: [FILE_ID],
      get: operation('getFile', 'Metadata of a file', FILE_SCHEMA),
      delete: operation('deleteFile', 'Delete it, at Anthropic and here', deleted),
    },
  };
}

function operation(operationId: string, summary: string, schema: object) {
  const error = { description: 'An error', content: { 'application/json': { schema: { $ref: '#/components/schemas/AnthropicError' } } } };
  const ok = { description: 'As in the Files API', content: { 'application/json': { schema } } };
  return { operationId, summary, responses: { 200: ok, '4XX': error, '5XX': error } };
}
