/** `GET /v1/models`: those that the key may use. */
import { Hono } from 'hono';
import { allowsModel } from '../../core/key/authorize.ts';
import { listModels, PRICES_AS_OF, PRICES_SOURCE } from '../../core/vision/model.ts';
import { TIERS } from '../../core/vision/tier.ts';
import type { AppEnv, AppOptions } from '../context.ts';
import { parametersOf } from '../query.ts';
import { modelResponse } from '../wire.ts';

export function modelRoute({ config }: AppOptions): Hono<AppEnv> {
  return new Hono<AppEnv>().get('/', (c) => {
    parametersOf(c, []);
    return c.json({
      type: 'list',
      default_model: config.defaultModel,
      prices_as_of: PRICES_AS_OF,
      prices_source: PRICES_SOURCE,
      tiers: Object.values(TIERS).map((tier) => ({ id: tier.name, max_long_edge_px: tier.longEdgeMaxPx, max_image_tokens: tier.imageTokensMax })),
      data: listModels(config.modelOverrides)
        .filter(({ id }) => allowsModel(c.get('caller'), id))
        .map(modelResponse),
    });
  });
}
