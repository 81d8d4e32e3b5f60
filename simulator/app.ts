import { Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { ApiError, errorEnvelope } from './error.ts';
import { settle, type SimulatorOptions } from './options.ts';
import { applyFaults, authenticate, recordRequests, type Variables } from './protocol.ts';
import { batchesRoute } from './route/batches.ts';
import { controlRoute } from './route/control.ts';
import { countTokensRoute } from './route/count-tokens.ts';
import { filesRoute } from './route/files.ts';
import { messagesRoute } from './route/messages.ts';
import { modelsRoute } from './route/models.ts';
import { emptyState, newId, type Simulation } from './state.ts';

/**
 * A simulated Anthropic API: Messages, token counting, Models, Files and Message Batches with the documented limits,
 * error texts and bills, and descriptions made from the pixels that arrived. It calls no model, and says so in every
 * text. Each app has a state of its own.
 *
 * It shares no code with the product it stands in for: a mistake made there must not be made here again.
 */
export function createSimulator(options: SimulatorOptions = {}): Hono<{ Variables: Variables }> {
  const simulation: Simulation = { settings: settle(options), state: emptyState() };
  const app = new Hono<{ Variables: Variables }>();
  app.onError((error, context) => {
    const known = error instanceof ApiError ? error : new ApiError('api_error', 'The simulator failed; its log has the reason.', { status: 500 });
    if (!(error instanceof ApiError)) console.error(error);
    const record: Variables['record'] | undefined = context.get('record');
    const body = errorEnvelope(known, record?.request_id ?? newId('req'));
    return context.json(body, known.status as ContentfulStatusCode, { ...known.headers });
  });
  app.notFound(() => {
    throw new ApiError('not_found_error', 'Not found');
  });
  app.route('/simulator', controlRoute(simulation));
  app.use('/v1/*', recordRequests(simulation), authenticate(simulation), applyFaults(simulation));
  app.route('/v1/messages/count_tokens', countTokensRoute(simulation));
  app.route('/v1/messages/batches', batchesRoute(simulation));
  app.route('/v1/messages', messagesRoute(simulation));
  app.route('/v1/models', modelsRoute());
  app.route('/v1/files', filesRoute(simulation));
  return app;
}
