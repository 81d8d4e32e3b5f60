/** `POST /v1/estimate`, for a body of `/v1/describe` or of `/v1/messages`. */
import { Hono } from 'hono';
import { estimateBodySchema } from '../../core/input/body-schema.ts';
import { parseDescribeRequest } from '../../core/input/request.ts';
import { requestHeaders } from '../../core/relay/header.ts';
import { readRelayOptions } from '../../core/relay/options.ts';
import { isMessagesBody } from '../../core/relay/scan.ts';
import { estimateAny, type EstimateRequest } from '../../operation/estimate.ts';
import { isJsonRequest, jsonBody, readImageBody, readJsonBytes } from '../body.ts';
import type { AppEnv, AppOptions } from '../context.ts';
import { respond } from '../respond.ts';
import { estimateResponse } from '../../wire/description.ts';
import { relayEstimateResponse } from '../../wire/relay.ts';

export function estimateRoute(options: AppOptions): Hono<AppEnv> {
  return new Hono<AppEnv>().post('/', (c) =>
    respond(c, options, estimateAny, {
      read: async (hold): Promise<EstimateRequest> => {
        const bytes = isJsonRequest(c) ? await readJsonBytes(c, options, hold) : undefined;
        if (bytes !== undefined && isMessagesBody(bytes)) {
          return {
            kind: 'message',
            request: {
              path: 'messages',
              query: '',
              body: bytes,
              headers: requestHeaders(c.req.raw.headers),
              options: readRelayOptions((name) => c.req.header(name)),
              isMeasuring: true,
              reservation: hold,
            },
          };
        }
        const { json, uploads } = bytes === undefined ? await readImageBody(c, options, hold) : jsonBody(c, bytes);
        return { kind: 'description', request: parseDescribeRequest(json, uploads, { model: options.config.defaultModel }, estimateBodySchema) };
      },
      write: (result) =>
        c.json(
          result.kind === 'message'
            ? relayEstimateResponse(c.get('requestId'), result.result)
            : estimateResponse(c.get('requestId'), result.request, result.result),
        ),
    }),
  );
}
