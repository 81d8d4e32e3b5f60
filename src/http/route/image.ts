/** `/v1/images`: originals by content, and the very bytes that Claude would see. */
import { Hono } from 'hono';
import * as z from 'zod';
import { requireImageKeeping } from '../../core/keep/keeping.ts';
import { Fault } from '../../error.ts';
import type { ImageReference, UploadedImage } from '../../core/input/request.ts';
import { readBySchema } from '../../core/schema-fault.ts';
import { imageBytesIn } from '../../core/vision/limit.ts';
import { planImage } from '../../core/vision/plan.ts';
import { TIERS } from '../../core/vision/tier.ts';
import { deleteImage } from '../../operation/delete-image.ts';
import { loadImages } from '../../stage/picture/load.ts';
import { prepareImage } from '../../stage/picture/prepare.ts';
import { storeOriginal } from '../../stage/keep/store-original.ts';
import { withBody } from '../body.ts';
import { type AppContext, type AppEnv, type AppOptions, stageContext } from '../context.ts';
import { etagMatches, requestedRange } from '../conditional.ts';
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
    .post('/', (c) => storeImage(c, options))
    .on(['GET', 'HEAD'], '/:imageId', async (c) => serveOriginal(c, options))
    .delete('/:imageId', async (c) => {
      const imageId = imageIdOf(c);
      const removed = await deleteImage(imageId.slice('sha256:'.length), stageContext(c, options));
      if (removed === undefined) throw notFound(imageId);
      return c.json(deletedImageResponse(imageId, removed));
    })
    .get('/:imageId/sent', async (c) => serveSent(c, options));
}

function storeImage(c: AppContext, options: AppOptions): Promise<Response> {
  return withBody(c, options, async ({ json, uploads }) => {
    const context = stageContext(c, options);
    requireImageKeeping(context.caller);
    const loaded = await loadImages([singleReference(json, uploads)], 'auto', context);
    try {
      const [image] = loaded.images;
      if (image?.kind !== 'bytes') throw new Fault('invalid_request', 'No image was given.', { param: 'image' });
      const { isNew } = await storeOriginal(image, context);
      const imageId = `sha256:${image.sha256}`;
      c.header('location', `/v1/images/${imageId}`);
      c.header('etag', `"${image.sha256}"`);
      return c.json(storedImageResponse(imageId, image.info, isNew), 201);
    } finally {
      loaded.release();
    }
  });
}

/** One upload, or `{"url": …}` alone. */
function singleReference(json: unknown, uploads: readonly UploadedImage[]): ImageReference {
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

async function serveOriginal(c: AppContext, { ports }: AppOptions): Promise<Response> {
  const imageId = imageIdOf(c);
  const tenant = c.get('caller').tenant;
  const stored = await ports.images.head(tenant, imageId);
  if (stored === undefined) throw notFound(imageId);
  const etag = `"${imageId.slice('sha256:'.length)}"`;
  const headers = new Headers({
    ...SAFE_HEADERS,
    'content-type': stored.info.mediaType,
    etag,
    'accept-ranges': 'bytes',
    'last-modified': new Date(stored.uploadedAtMs).toUTCString(),
  });
  if (etagMatches(c.req.header('if-none-match'), etag)) return new Response(null, { status: 304, headers });
  // RFC 9110 §14.2: a range is defined for GET alone.
  const asked = c.req.method === 'GET' ? c.req.header('range') : undefined;
  const range = requestedRange(asked, c.req.header('if-range'), etag, stored.info.bytes);
  if (range === 'unsatisfiable') {
    headers.set('content-range', `bytes */${stored.info.bytes}`);
    headers.delete('content-type');
    return new Response(null, { status: 416, headers });
  }
  headers.set('content-length', String(range?.length ?? stored.info.bytes));
  if (range !== undefined) headers.set('content-range', `bytes ${range.offset}-${range.offset + range.length - 1}/${stored.info.bytes}`);
  const status = range === undefined ? 200 : 206;
  if (c.req.method === 'HEAD') return new Response(null, { status, headers });
  const body = await ports.images.open(tenant, imageId, range);
  if (body === undefined) throw notFound(imageId);
  return new Response(body, { status, headers });
}

async function serveSent(c: AppContext, options: AppOptions): Promise<Response> {
  const imageId = imageIdOf(c);
  const tier = z.enum(['standard', 'high']).safeParse(c.req.query('tier') ?? 'standard');
  if (!tier.success) throw new Fault('invalid_request', 'The tier must be "standard" or "high".', { param: 'tier' });
  const loaded = await loadImages([{ kind: 'stored', imageId, param: 'image_id' }], 'auto', stageContext(c, options));
  try {
    const [image] = loaded.images;
    if (image?.kind !== 'bytes') throw notFound(imageId);
    const plan = planImage(image.info, {
      tier: TIERS[tier.data],
      isManyImageRequest: false,
      imageBytesMax: imageBytesIn(options.ports.upstream.limits.base64CharactersMax),
    });
    const { source, sent } = await c.get('stopwatch').time('transcode', prepareImage(image, plan, options.ports));
    if (source.kind !== 'bytes' || sent === undefined) throw notFound(imageId);
    const etag = `"${sent.sha256}"`;
    const headers = new Headers({
      ...SAFE_HEADERS,
      'content-type': sent.mediaType,
      etag,
      'x-vignette-sent': `${sent.width}x${sent.height}; ${sent.transform}; ${sent.imageTokens} tokens`,
    });
    if (etagMatches(c.req.header('if-none-match'), etag)) return new Response(null, { status: 304, headers });
    return new Response(source.bytes, { headers });
  } finally {
    loaded.release();
  }
}

function imageIdOf(c: AppContext): string {
  const imageId = c.req.param('imageId') ?? '';
  if (!IMAGE_ID.test(imageId))
    throw new Fault('not_found', 'Image ids are "sha256:" and 64 lower-case hex digits, as POST /v1/images gives them.', { param: 'image_id' });
  return imageId;
}

function notFound(imageId: string): Fault {
  return new Fault('not_found', `No image ${imageId} is stored for this key.`, { param: 'image_id' });
}
