/** The HTTP app: one file a route, one way out for errors. */
import { Hono } from 'hono';
import { methodsByPath, scopeAround } from '../contract/route.ts';
import { Fault } from '../error.ts';
import { isSimulated } from '../provider-config.ts';
import type { AppContext, AppEnv, AppOptions } from './context.ts';
import { authenticate } from './middleware/authenticate.ts';
import { requestScope } from './middleware/request-scope.ts';
import { openApiDocument } from './openapi.ts';
import { isNavigation, notFoundPage } from './page.ts';
import { problemHandler } from './problem.ts';
import { adminKeyRoute } from './route/admin-key.ts';
import { adminPurgeRoute } from './route/admin-purge.ts';
import { describeRoute } from './route/describe.ts';
import { errorPageRoute } from './route/error-page.ts';
import { estimateRoute } from './route/estimate.ts';
import { fileRoute } from './route/file.ts';
import { imageRoute } from './route/image.ts';
import { messagesRoute } from './route/messages.ts';
import { metricsRoute } from './route/metrics.ts';
import { modelRoute } from './route/model.ts';
import { usageRoute } from './route/usage.ts';
import { refuseNothing } from '../operation/nothing.ts';
import { respond } from './respond.ts';

export function createApp(options: AppOptions): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  const toResponse = problemHandler(options);
  app.onError(toResponse);
  app.use(requestScope(options));
  const health = {
    status: 'ok',
    service: 'vignette',
    environment: options.config.environment,
    ...(isSimulated(options.config.provider) ? { simulated: true } : {}),
  };
  app.get('/healthz', (c) => c.json(health));
  app.get('/openapi.json', (c) => c.json(openApiDocument(new URL(c.req.url).origin)));
  app.get('/docs/error/', (c) => c.redirect('/docs/error', 308));
  app.route('/docs/error', errorPageRoute());

  const authenticated = authenticate(options);
  app.use('/metrics', authenticated);
  app.route('/metrics', metricsRoute(options));
  app.use('/v1/*', authenticated);
  app.route('/v1/describe', describeRoute(options));
  app.route('/v1/estimate', estimateRoute(options));
  app.route('/v1/files', fileRoute(options));
  app.route('/v1/images', imageRoute(options));
  app.route('/v1/messages', messagesRoute(options));
  app.route('/v1/models', modelRoute(options));
  app.route('/v1/usage', usageRoute(options));
  app.route('/v1/admin/keys', adminKeyRoute(options));
  app.route('/v1/admin/purge', adminPurgeRoute(options));
  for (const [path, methods] of methodsByPath()) app.all(path, (c) => nothing(c, options, wrongMethod(c, methods)));
  app.notFound(async (c) => {
    const problem = await nothing(c, options, noRoute(c));
    return isNavigation(c) ? notFoundPage(c) : problem;
  });
  return app;
}

/** Callers with a key are counted here as everywhere. Returned, not thrown: a throw would pass the request scope by. */
async function nothing(c: AppContext, options: AppOptions, fault: Fault): Promise<Response> {
  if (c.get('caller') === undefined) return problemHandler(options)(fault, c);
  return respond(c, options, refuseNothing(scopeAround(c.req.path) ?? 'any'), { read: () => fault, write: (never) => never });
}

function wrongMethod(c: AppContext, methods: readonly string[]): Fault {
  c.header('allow', methods.join(', '));
  return new Fault('not_found', `${c.req.method} is not possible here; ${listed(methods)} ${methods.length === 1 ? 'is' : 'are'}.`, { param: 'method' });
}

function noRoute({ req }: AppContext): Fault {
  const { pathname } = new URL(req.url);
  return new Fault('not_found', `There is no route ${req.method} ${pathname.slice(0, 200)}. ${remedy(req.path)}`, { param: 'path' });
}

/** `GET`, `GET and HEAD`, `GET, HEAD and POST`. */
function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** Anthropic's clients add `/v1` to the base URL themselves; one that has it already asks for `/v1/v1/messages`. */
function remedy(path: string): string {
  return path.startsWith('/v1/v1/') ? 'Leave "/v1" out of the base URL: the client adds it.' : 'See /openapi.json for those there are.';
}
