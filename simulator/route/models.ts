import { Hono } from 'hono';
import { ApiError } from '../error.ts';
import { findModel, MODELS, type Model } from '../model.ts';
import { pageOf } from '../page.ts';
import type { Variables } from '../protocol.ts';

/** The Models API has a date for each model; the simulator has none to tell. */
const CREATED_AT = '2026-01-01T00:00:00Z';

/** `GET /v1/models` and `GET /v1/models/{id}`: windows and names. The tier is not part of this API. */
export function modelsRoute() {
  const route = new Hono<{ Variables: Variables }>();
  route.get('/', (context) => context.json(pageOf(MODELS.map(modelView), context.req.query())));
  route.get('/:id', (context) => {
    const id = context.req.param('id');
    const model = findModel(id);
    if (model === undefined) throw new ApiError('not_found_error', `model: ${id}`);
    return context.json(modelView(model));
  });
  return route;
}

function modelView(model: Model) {
  const [, line, ...version] = model.id.split('-');
  const name = (line ?? '').charAt(0).toUpperCase() + (line ?? '').slice(1);
  return {
    id: model.id,
    type: 'model',
    display_name: `Claude ${name} ${version.join('.')}`,
    created_at: CREATED_AT,
    deprecated_at: null,
    retires_at: model.id === 'claude-sonnet-4-5' ? '2026-11-30T00:00:00Z' : null,
    lifecycle: model.lifecycle,
    line: line ?? null,
    max_input_tokens: model.contextTokens,
    max_tokens: null,
    capabilities: null,
  };
}
