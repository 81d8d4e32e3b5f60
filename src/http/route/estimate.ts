/** `POST /v1/estimate`, for a body of `/v1/describe` or of `/v1/messages`. */
import { Hono } from 'hono';
import { estimateBodySchema, parseDescribeRequest } from '../../core/input/request.ts';
import { readRelayOptions } from '../../core/relay/options.ts';
import { isMessagesBody } from '../../core/relay/scan.ts';
import { estimate } from '../../operation/estimate.ts';
import type { Reservation } from '../../port/memory.ts';
import { requestHeaders } from '../../core/relay/header.ts';
import { estimateRelay } from '../../stage/relay/estimate.ts';
import { isJsonRequest, jsonBody, type RequestBody, withBody, withBytes } from '../body.ts';
import { type AppContext, type AppEnv, type AppOptions, stageContext } from '../context.ts';
import { estimateResponse } from '../wire.ts';
import { relayEstimateResponse } from '../wire-relay.ts';

export function estimateRoute(options: AppOptions): Hono<AppEnv> {
  return new Hono<AppEnv>().post('/', (c) =>
    isJsonRequest(c)
      ? withBytes(c, options, (bytes, reservation) =>
          isMessagesBody(bytes) ? ofMessages(c, options, bytes, reservation) : ofDescribe(c, options, jsonBody(c, bytes)),
        )
      : withBody(c, options, (body) => ofDescribe(c, options, body)),
  );
}

async function ofDescribe(c: AppContext, options: AppOptions, { json, uploads }: RequestBody): Promise<Response> {
  const request = parseDescribeRequest(json, uploads, { model: options.config.defaultModel }, estimateBodySchema);
  const record = c.get('record');
  record.model = request.model;
  record.images = request.images.length;
  return c.json(estimateResponse(c.get('requestId'), request, await estimate(request, stageContext(c, options))));
}

async function ofMessages(c: AppContext, options: AppOptions, body: Uint8Array<ArrayBuffer>, reservation: Reservation): Promise<Response> {
  const request = {
    path: 'messages',
    query: '',
    body,
    headers: requestHeaders(c.req.raw.headers),
    options: readRelayOptions((name) => c.req.header(name)),
    isMeasuring: true,
    reservation,
  } as const;
  return c.json(relayEstimateResponse(c.get('requestId'), await estimateRelay(request, stageContext(c, options))));
}
