/** `POST /v1/estimate` */
import { Hono } from 'hono';
import { estimateBodySchema, parseDescribeRequest } from '../../core/input/request.ts';
import { estimate } from '../../estimate.ts';
import { withBody } from '../body.ts';
import { type AppEnv, type AppOptions, stageContext } from '../context.ts';
import { estimateResponse } from '../wire.ts';

export function estimateRoute(options: AppOptions): Hono<AppEnv> {
  return new Hono<AppEnv>().post('/', (c) =>
    withBody(c, options, async ({ json, uploads }) => {
      const request = parseDescribeRequest(json, uploads, { model: options.config.defaultModel }, estimateBodySchema);
      const record = c.get('record');
      record.model = request.model;
      record.images = request.images.length;
      return c.json(estimateResponse(c.get('requestId'), request, await estimate(request, stageContext(c, options))));
    }),
  );
}
