/**
 * Every route, one row each: what a route needs and costs is said here, and the rest of the house reads it by name. The app
 * registers the rows, authorization, idempotency, the ledger and the door follow their columns, and the documents list them.
 */
import type { Scope } from '../core/key/caller.ts';

export interface Route {
  /** HEAD comes with GET. */
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** With its parameters as `:name`. */
  readonly path: string;
  /** The scope that the key needs; `any`: every key, for what is the caller's own; `public`: no key. */
  readonly scope: Scope | 'any' | 'public';
  /** Whether `Idempotency-Key` is honoured: true of what spends or stores, and may be kept for 24 h. */
  readonly isIdempotent: boolean;
  /** Whether the request has a row in the ledger, even when it came to no call. */
  readonly isRecorded: boolean;
  /** `door`: waits for one of the isolate's places before its body is read; `none`: passes by. */
  readonly admission: 'door' | 'none';
  /** The form of its errors: problem documents, or Anthropic's own. */
  readonly envelope: 'problem' | 'anthropic';
}

const READS = { isIdempotent: false, isRecorded: false, admission: 'none' } as const;
const ASKS = { method: 'POST', isIdempotent: true, isRecorded: true, admission: 'door' } as const;
const STORES = { method: 'POST', isIdempotent: true, isRecorded: false, admission: 'door' } as const;
const MEASURES = { method: 'POST', isIdempotent: false, isRecorded: false, admission: 'door' } as const;
const PUBLIC = { ...READS, method: 'GET', scope: 'public', envelope: 'problem' } as const;
const IMAGES = { scope: 'images', envelope: 'problem' } as const;
/** Their bodies and errors are those of Anthropic's API. */
const ANTHROPIC = { scope: 'messages', envelope: 'anthropic' } as const;
const OWN = { ...READS, method: 'GET', scope: 'any', envelope: 'problem' } as const;
const ADMIN = { ...READS, scope: 'admin', envelope: 'problem' } as const;

/** The rows by name; a name is the `operationId` of the OpenAPI document. */
export const ROUTES = {
  describe: { ...ASKS, path: '/v1/describe', scope: 'describe', envelope: 'problem' },
  estimate: { ...MEASURES, path: '/v1/estimate', scope: 'estimate', envelope: 'problem' },

  storeImage: { ...STORES, ...IMAGES, path: '/v1/images' },
  getImage: { ...READS, ...IMAGES, method: 'GET', path: '/v1/images/:imageId' },
  deleteImage: { ...READS, ...IMAGES, method: 'DELETE', path: '/v1/images/:imageId' },
  getSentImage: { ...READS, ...IMAGES, method: 'GET', path: '/v1/images/:imageId/sent' },

  createMessage: { ...ASKS, ...ANTHROPIC, path: '/v1/messages' },
  countTokens: { ...MEASURES, ...ANTHROPIC, path: '/v1/messages/count_tokens' },

  uploadFile: { ...STORES, ...ANTHROPIC, path: '/v1/files' },
  listFiles: { ...READS, ...ANTHROPIC, method: 'GET', path: '/v1/files' },
  getFile: { ...READS, ...ANTHROPIC, method: 'GET', path: '/v1/files/:fileId' },
  getFileContent: { ...READS, ...ANTHROPIC, method: 'GET', path: '/v1/files/:fileId/content' },
  deleteFile: { ...READS, ...ANTHROPIC, method: 'DELETE', path: '/v1/files/:fileId' },

  listModels: { ...OWN, path: '/v1/models' },
  getUsage: { ...OWN, path: '/v1/usage' },
  getLedgerRow: { ...OWN, path: '/v1/usage/:id' },

  createKey: { ...ADMIN, method: 'POST', path: '/v1/admin/keys' },
  listKeys: { ...ADMIN, method: 'GET', path: '/v1/admin/keys' },
  getKey: { ...ADMIN, method: 'GET', path: '/v1/admin/keys/:id' },
  changeKey: { ...ADMIN, method: 'PATCH', path: '/v1/admin/keys/:id' },
  revokeKey: { ...ADMIN, method: 'DELETE', path: '/v1/admin/keys/:id' },
  rotateKey: { ...ADMIN, method: 'POST', path: '/v1/admin/keys/:id/rotate' },
  purge: { ...ADMIN, method: 'POST', path: '/v1/admin/purge' },
  metrics: { ...ADMIN, method: 'GET', path: '/metrics' },

  health: { ...PUBLIC, path: '/healthz' },
  openApi: { ...PUBLIC, path: '/openapi.json' },
  listErrors: { ...PUBLIC, path: '/docs/error' },
  getError: { ...PUBLIC, path: '/docs/error/:code' },
} as const satisfies Readonly<Record<string, Route>>;

export type RouteName = keyof typeof ROUTES;

/** All names, in the order of the rows. */
export const ROUTE_NAMES = Object.keys(ROUTES) as readonly RouteName[];

/** The row of a name. */
export function routeOf(name: RouteName): Route {
  return ROUTES[name];
}

const METHODS = ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'] as const;

/** Which methods a path takes, by path in the order of the rows: for `Allow`. */
export function methodsByPath(): ReadonlyMap<string, readonly string[]> {
  const taken = new Map<string, ReadonlySet<string>>();
  for (const name of ROUTE_NAMES) {
    const { path, method } = routeOf(name);
    taken.set(path, new Set([...(taken.get(path) ?? []), ...(method === 'GET' ? ['GET', 'HEAD'] : [method])]));
  }
  return new Map([...taken].map(([path, methods]) => [path, METHODS.filter((method) => methods.has(method))]));
}

/** The form of errors at an address, of those without a row too: a client of Anthropic's that asks for more gets its own form. */
export function envelopeAt(path: string): Route['envelope'] {
  const speaks = (name: RouteName) => {
    const base = routeOf(name).path.split('/:')[0] ?? '';
    return routeOf(name).envelope === 'anthropic' && (path === base || path.startsWith(`${base}/`));
  };
  return ROUTE_NAMES.some(speaks) ? 'anthropic' : 'problem';
}

/** The scope that all rows beside an address have in common, up to the first part behind `/v1`: nobody else learns what is not there. */
export function scopeAround(path: string): Scope | undefined {
  if (!path.startsWith('/v1/')) return undefined;
  const part = path.split('/').slice(0, 3).join('/');
  const scopes = new Set(
    ROUTE_NAMES.map(routeOf)
      .filter((row) => `${row.path}/`.startsWith(`${part}/`))
      .map(({ scope }) => scope),
  );
  const [scope] = scopes;
  return scopes.size !== 1 || scope === 'any' || scope === 'public' ? undefined : scope;
}
