import { Hono } from 'hono';
import { advanceBatch, batchView, type Batch } from '../batch.ts';
import { readJsonBody } from '../body.ts';
import { ApiError, invalidRequest } from '../error.ts';
import { requireArray, requireObject, requireString, type JsonObject } from '../json.ts';
import { BATCH_BODY_BYTES_MAX, BATCH_REQUESTS_MAX, BATCH_RESULTS_LIFE_SECONDS } from '../limit.ts';
import { pageOf } from '../page.ts';
import type { Variables } from '../protocol.ts';
import { newId, type Simulation } from '../state.ts';

const CUSTOM_ID = /^[a-zA-Z0-9_-]{1,64}$/;

/**
 * Message Batches at half price. No time passes by itself: each look at a batch works off the next requests, so a
 * client that polls sees it in progress and then ended.
 */
export function batchesRoute(simulation: Simulation) {
  const { state, settings } = simulation;
  const route = new Hono<{ Variables: Variables }>();
  const requireBatch = (id: string): Batch => {
    const batch = state.batches.get(id);
    if (batch === undefined) throw new ApiError('not_found_error', `Message Batch not found: ${id}`);
    return batch;
  };
  const originOf = (url: string): string => new URL(url).origin;

  route.post('/', async (context) => {
    const body = await readJsonBody(context.req.raw, BATCH_BODY_BYTES_MAX, context.get('record'));
    const batch: Batch = {
      id: newId('msgbatch'),
      createdAtMs: settings.now(),
      protocol: context.get('protocol'),
      record: context.get('record'),
      waiting: readRequests(body),
      results: [],
      cancelledAtMs: undefined,
      endedAtMs: undefined,
    };
    state.batches.set(batch.id, batch);
    return context.json(batchView(batch, originOf(context.req.url)));
  });
  route.get('/', (context) => {
    const newestFirst = [...state.batches.values()].toReversed();
    const page = pageOf(newestFirst, context.req.query());
    const origin = originOf(context.req.url);
    return context.json({ ...page, data: page.data.map((batch) => batchView(batch, origin)) });
  });
  route.get('/:id', async (context) => {
    const batch = requireBatch(context.req.param('id'));
    await advanceBatch(batch, settings.batchStep, simulation);
    return context.json(batchView(batch, originOf(context.req.url)));
  });
  route.post('/:id/cancel', (context) => {
    const batch = requireBatch(context.req.param('id'));
    if (batch.endedAtMs !== undefined) throw invalidRequest(`Message Batch ${batch.id} has already ended`);
    batch.cancelledAtMs ??= settings.now();
    return context.json(batchView(batch, originOf(context.req.url)));
  });
  route.delete('/:id', (context) => {
    const batch = requireBatch(context.req.param('id'));
    if (batch.endedAtMs === undefined) {
      throw invalidRequest(`Message Batch ${batch.id} is still in progress; cancel it first`);
    }
    state.batches.delete(batch.id);
    return context.json({ id: batch.id, type: 'message_batch_deleted' });
  });
  route.get('/:id/results', (context) => {
    const batch = requireBatch(context.req.param('id'));
    if (batch.endedAtMs === undefined) {
      throw invalidRequest(`Message Batch ${batch.id} has no available results: it has not ended`);
    }
    if (settings.now() >= batch.createdAtMs + BATCH_RESULTS_LIFE_SECONDS * 1000) {
      throw new ApiError('not_found_error', `Results of Message Batch ${batch.id} are no longer available`);
    }
    // Last first: the API promises no order, and clients must not rely on one.
    const lines = batch.results.toReversed().map((result) => `${JSON.stringify(result)}\n`);
    return context.body(lines.join(''), 200, { 'content-type': 'application/x-jsonl' });
  });
  return route;
}

function readRequests(body: JsonObject): { customId: string; params: JsonObject }[] {
  const requests = requireArray(body['requests'], 'requests');
  if (requests.length === 0) throw invalidRequest('requests: List should have at least 1 item');
  if (requests.length > BATCH_REQUESTS_MAX) {
    throw invalidRequest(`requests: List should have at most ${BATCH_REQUESTS_MAX} items`);
  }
  const seen = new Set<string>();
  return requests.map((item, index) => {
    const path = `requests.${index}`;
    const fields = requireObject(item, path);
    const customId = requireString(fields['custom_id'], `${path}.custom_id`);
    if (!CUSTOM_ID.test(customId)) {
      throw invalidRequest(`${path}.custom_id: String should match pattern '${CUSTOM_ID.source}'`);
    }
    if (seen.has(customId)) throw invalidRequest(`${path}.custom_id: custom_id '${customId}' is not unique`);
    seen.add(customId);
    return { customId, params: requireObject(fields['params'], `${path}.params`) };
  });
}
