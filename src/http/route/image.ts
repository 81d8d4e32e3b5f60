/** `/v1/images`: originals by content, and the very bytes that Claude would see. */
import { Hono } from 'hono';
import * as z from 'zod';
import { Fault } from '../../error.ts';
import type { ImageReference } from '../../core/input/request.ts';
import { readBySchema } from '../../core/schema-fault.ts';
import type { TierName } from '../../core/vision/tier.ts';
import { deleteImage } from '../../operation/delete-image.ts';
import { findImage, type Original, renderSentImage, type SentResult, storeImage } from '../../operation/image.ts';
import { readImageBody, type RequestBody } from '../body.ts';
import { etagMatches, requestedRange } from '../conditional.ts';
import type { AppContext, AppEnv, AppOptions } from '../context.ts';
import { respond } from '../respond.ts';
import { deletedImageResponse, storedImageResponse } from '../wire.ts';

const IMAGE_ID = /^sha256:[0-9a-f]{64}$/;
const urlBodySchema = z.strictObject({ url: z.string() });
const nothingElseSchema = z.strictObject({});

/** Stored files are served so that no browser runs them, whatever they hold besides a picture. */
const SAFE_HEADERS = {
  'content-security-policy': "default-src 'none'; sandbox",
  'content-disposition': 'attachment',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'private, max-age=3600',
} as const;

export function imageRoute(options: AppOptions): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .post('/', (c) =>
      respond(c, options, storeImage, {
        read: async (hold) => singleReference(await readImageBody(c, options, hold)),
        write: ({ imageId, sha256, info, isNew }) => {
          c.header('location', `/v1/images/${imageId}`);
          c.header('etag', `"${sha256}"`);
          return c.json(storedImageResponse(imageId, info, isNew), 201);
        },
      }),
    )
    .on(['GET', 'HEAD'], '/:imageId', (c) =>
      respond(c, options, findImage, { read: () => ({ imageId: imageIdOf(c) }), write: (original) => originalResponse(c, original) }),
    )
    .delete('/:imageId', (c) =>
      respond(c, options, deleteImage, {
        read: () => ({ imageId: imageIdOf(c) }),
        write: (removed, { imageId }) => c.json(deletedImageResponse(imageId, removed)),
      }),
    )
    .get('/:imageId/sent', (c) =>
      respond(c, options, renderSentImage, { read: () => ({ imageId: imageIdOf(c), tier: tierOf(c) }), write: (result) => sentResponse(c, result) }),
    );
}

/** One upload, or `{"url": …}` alone. */
function singleReference({ json, uploads }: RequestBody): ImageReference {
  const [upload] = uploads;
  if (uploads.length > 1) throw new Fault('invalid_request', `${uploads.length} files were sent; one image is stored at a time.`, { param: 'image' });
  if (upload !== undefined) {
    if (!nothingElseSchema.safeParse(json).success)
      throw new Fault('invalid_request', 'Storing takes the file alone; settings belong to /v1/describe.', { param: 'body' });
    return { kind: 'bytes', ...upload };
  }
  if (typeof json !== 'object' || json === null || !('url' in json))
    throw new Fault('invalid_request', 'Send {"url": "https://…"}, an image/* body, or a multipart form with one file.', { param: 'url' });
  return { kind: 'url', url: readBySchema(urlBodySchema, json).url, param: 'url' };
}

async function originalResponse(c: AppContext, { imageId, info, uploadedAtMs, open }: Original): Promise<Response> {
  const etag = `"${imageId.slice('sha256:'.length)}"`;
  const headers = new Headers({
    ...SAFE_HEADERS,
    'content-type': info.mediaType,
    etag,
    'accept-ranges': 'bytes',
    'last-modified': new Date(uploadedAtMs).toUTCString(),
  });
  if (etagMatches(c.req.header('if-none-match'), etag)) return new Response(null, { status: 304, headers });
  // RFC 9110 §14.2: a range is defined for GET alone.
  const asked = c.req.method === 'GET' ? c.req.header('range') : undefined;
  const range = requestedRange(asked, c.req.header('if-range'), etag, info.bytes);
  if (range === 'unsatisfiable') {
    headers.set('content-range', `bytes */${info.bytes}`);
    headers.delete('content-type');
    return new Response(null, { status: 416, headers });
  }
  headers.set('content-length', String(range?.length ?? info.bytes));
  if (range !== undefined) headers.set('content-range', `bytes ${range.offset}-${range.offset + range.length - 1}/${info.bytes}`);
  const status = range === undefined ? 200 : 206;
  return new Response(c.req.method === 'HEAD' ? null : await open(range), { status, headers });
}

function sentResponse(c: AppContext, { bytes, sent }: SentResult): Response {
  const etag = `"${sent.sha256}"`;
  const headers = new Headers({
    ...SAFE_HEADERS,
    'content-type': sent.mediaType,
    etag,
    'x-vignette-sent': `${sent.width}x${sent.height}; ${sent.transform}; ${sent.imageTokens} tokens`,
  });
  if (etagMatches(c.req.header('if-none-match'), etag)) return new Response(null, { status: 304, headers });
  return new Response(bytes, { headers });
}

function tierOf(c: AppContext): TierName {
  const tier = z.enum(['standard', 'high']).safeParse(c.req.query('tier') ?? 'standard');
  if (!tier.success) throw new Fault('invalid_request', 'The tier must be "standard" or "high".', { param: 'tier' });
  return tier.data;
}

function imageIdOf(c: AppContext): string {
  const imageId = c.req.param('imageId') ?? '';
  if (!IMAGE_ID.test(imageId))
    throw new Fault('not_found', 'Image ids are "sha256:" and 64 lower-case hex digits, as POST /v1/images gives them.', { param: 'image_id' });
  return imageId;
}
