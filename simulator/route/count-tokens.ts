import { Hono } from 'hono';
import { readJsonBody } from '../body.ts';
import { invalidRequest } from '../error.ts';
import { isObject } from '../json.ts';
import { MESSAGES_BODY_BYTES_MAX } from '../limit.ts';
import { inspectImages, promptTokens } from '../message/answer.ts';
import type { PlacedImage } from '../message/block.ts';
import { parseCountRequest } from '../message/request.ts';
import type { Variables } from '../protocol.ts';
import { elideBody } from '../record.ts';
import type { Simulation } from '../state.ts';

/** `POST /v1/messages/count_tokens`: free, and for embedded images only. */
export function countTokensRoute(simulation: Simulation) {
  const route = new Hono<{ Variables: Variables }>();
  route.post('/', async (context) => {
    const record = context.get('record');
    const body = await readJsonBody(context.req.raw, MESSAGES_BODY_BYTES_MAX, record);
    record.body = elideBody(body);
    record.model = typeof body['model'] === 'string' ? body['model'] : null;
    const request = parseCountRequest(body, context.get('protocol'));
    for (const image of request.conversation.images) refuseRemote(image);
    const images = await inspectImages(request, { simulation, record });
    return context.json({ input_tokens: promptTokens(request, images) });
  });
  return route;
}

function refuseRemote(image: PlacedImage): void {
  const source = image.block['source'];
  const kind = isObject(source) ? source['type'] : undefined;
  if (kind !== 'url' && kind !== 'file') return;
  const name = kind === 'url' ? 'URL' : 'File';
  throw invalidRequest(`${image.path}.image.source: ${name} sources are not supported for token counting`);
}
