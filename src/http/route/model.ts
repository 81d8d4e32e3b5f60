/** `GET /v1/models`: those that the key may use. */
import { Hono } from 'hono';
import { PRICES_AS_OF, PRICES_SOURCE } from '../../core/vision/model.ts';
import { TIERS } from '../../core/vision/tier.ts';
import { listModels } from '../../operation/list-models.ts';
import type { AppEnv, AppOptions } from '../context.ts';
import { parametersOf } from '../query.ts';
import { respond } from '../respond.ts';
import { modelResponse } from '../wire.ts';

export function modelRoute(options: AppOptions): Hono<AppEnv> {
  return new Hono<AppEnv>().get('/', (c) =>
    respond(c, options, listModels, {
      read: () => {
        parametersOf(c, []);
        return undefined;
      },
      write: ({ models, defaultModel }) =>
        c.json({
          type: 'list',
          default_model: defaultModel,
          prices_as_of: PRICES_AS_OF,
          prices_source: PRICES_SOURCE,
          tiers: Object.values(TIERS).map((tier) => ({ id: tier.name, max_long_edge_px: tier.longEdgeMaxPx, max_image_tokens: tier.imageTokensMax })),
          data: models.map(modelResponse),
        }),
    }),
  );
}
