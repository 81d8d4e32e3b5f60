/** The Worker: the only reader of the environment; wires adapters into the app. */
import jpegDecode from '@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm';
import jpegEncode from '@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm';
import resize from '@jsquash/resize/lib/resize/pkg/squoosh_resize_bg.wasm';
import { tracing } from 'cloudflare:workers';
import type { Hono } from 'hono';
import scanline from '../dist/codec.wasm';
import { durableAccounts } from './adapter/account/client.ts';
import type { Account } from './adapter/account/object.ts';
import { anthropicClient } from './adapter/anthropic.ts';
import { burstLimiter } from './adapter/burst-limiter.ts';
import { isolateDoor } from './isolate/door.ts';
import { filesApi } from './adapter/files-api.ts';
import { httpImageFetcher } from './adapter/http-image-fetcher.ts';
import { imageIndexClient } from './adapter/image-index/client.ts';
import { ImageIndexObject } from './adapter/image-index/object.ts';
import { idempotencyClient } from './adapter/idempotency/client.ts';
import type { Idempotency } from './adapter/idempotency/object.ts';
import { kvAlias } from './adapter/kv-alias.ts';
import { kvCache } from './adapter/kv-cache.ts';
import { kvPurge } from './adapter/kv-purge.ts';
import { kvMessageCache } from './adapter/kv-message-cache.ts';
import { kvState } from './adapter/kv-state.ts';
import { keyStore } from './adapter/key-store/client.ts';
import { KeyRegisterObject } from './adapter/key-store/object.ts';
import { memoryLedger } from './isolate/memory-ledger.ts';
import { nearDuplicateClient } from './adapter/near-duplicate/client.ts';
import type { NearDuplicates } from './adapter/near-duplicate/object.ts';
import { platformTracer } from './adapter/platform-tracer.ts';
import { r2ImageStore } from './adapter/r2-image-store.ts';
import { readBody, sha256 } from './adapter/read-hashed.ts';
import { singleFlightClient } from './adapter/single-flight/client.ts';
import type { SingleFlight } from './adapter/single-flight/object.ts';
import { uploadedFiles } from './adapter/uploaded-file.ts';
import { openProvider, type ProviderFactories, providersIn } from './adapter/upstream/provider.ts';
import { createCodec } from './codec/transcode.ts';
import { ConfigError, readConfig } from './config.ts';
import { Fault, toProblem } from './error.ts';
import { createApp } from './http/app.ts';
import type { AppEnv } from './http/context.ts';
import { consoleLog } from './log.ts';
import { urlPolicy } from './stage/picture/load.ts';
import { removeDerived } from './stage/keep/remove-derived.ts';

export { Account } from './adapter/account/object.ts';

export interface Env {
  readonly IMAGES: R2Bucket;
  readonly DESCRIPTIONS: KVNamespace;
  readonly IMAGE_INDEX: DurableObjectNamespace<ImageIndexObject>;
  readonly NEAR_DUPLICATES: DurableObjectNamespace<NearDuplicates>;
  readonly FLIGHTS: DurableObjectNamespace<SingleFlight>;
  readonly IDEMPOTENCY: DurableObjectNamespace<Idempotency>;
  readonly ACCOUNTS: DurableObjectNamespace<Account>;
  readonly KEY_REGISTER: DurableObjectNamespace<KeyRegister>;
  /** Points for charts where it is bound. */
  readonly ANALYTICS?: AnalyticsEngineDataset;
  /** Sheds floods where they are bound. */
  readonly NETWORK_BURSTS?: RateLimit;
  readonly KEY_BURSTS?: RateLimit;
  readonly [variable: string]: unknown;
}

export { NearDuplicates } from './adapter/near-duplicate/object.ts';

/** The index of a picture; the entries in `src/provider/` have their own. */
export const ImageIndex = createImageIndex();

/** The index of a picture with the stores in which it sweeps, among them the Files API of the provider. */
export function createImageIndex(providers: ProviderFactories = {}) {
  return class ImageIndex extends ImageIndexObject {
    constructor(ctx: DurableObjectState, env: Env) {
      super(ctx, env, (derived) => removeDerived(derived, openStores(env, open(env, providers)), AbortSignal.timeout(SWEEP_MS_MAX)));
    }
  };
}

/** The one place where a key changes, with the store in which it is looked up. */
export class KeyRegister extends KeyRegisterObject {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env, env.DESCRIPTIONS);
  }
}
export { Idempotency } from './adapter/idempotency/object.ts';
export { SingleFlight } from './adapter/single-flight/object.ts';
/** For the Files API, when an index removes what a deletion left. */
const SWEEP_MS_MAX = 120_000;
const boundFetch: typeof fetch = (input, init) => fetch(input, init);
/** Rows of the ledger that nobody waits for go to their accounts once in so long. */
const LEDGER_GATHER_MS = 1_000;

/** One ledger and one door an isolate: its requests share the memory and the thread. */
const ledger = memoryLedger();
const door = isolateDoor();
const apps = new WeakMap<Env, Hono<AppEnv>>();

export default createWorker();

/** The Worker, with these providers beside the Anthropic API; the entries in `src/provider/` add one each. */
export function createWorker(providers: ProviderFactories = {}) {
  return {
    async fetch(request, env, context) {
      try {
        let app = apps.get(env);
        if (app === undefined) apps.set(env, (app = wire(env, providers)));
        return await app.fetch(request, env, context);
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        return notConfigured(error);
      }
    },
  } satisfies ExportedHandler<Env>;
}

/** No app stands that could answer, so the problem is made here: all its fields, but no page, which would not be served either. */
function notConfigured({ faults }: ConfigError): Response {
  const requestId = `req_${crypto.randomUUID().replaceAll('-', '')}`;
  consoleLog('error')({ event: 'config_invalid', level: 'error', request_id: requestId, faults: faults.join('; ') });
  const problem = {
    ...toProblem(new Fault('internal', 'not configured', { retryable: false }), requestId, ''),
    type: 'about:blank',
    title: 'The service is not configured',
    detail: `The operator finds the faults in the log, under request ${requestId}.`,
  };
  return Response.json(problem, {
    status: problem.status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', 'x-request-id': requestId },
  });
}

/** What the configuration decides. @throws ConfigError */
function open(env: Env, providers: ProviderFactories) {
  const config = readConfig(env, providersIn(providers));
  const log = consoleLog(config.logLevel);
  return {
    config,
    log,
    /** Of a store that failed; the request goes on without it. */
    report: (event: string, error: unknown) => log({ event, level: 'warn', cause: error instanceof Error ? error.name : 'unknown' }),
    provider: openProvider(config.provider, providers, boundFetch),
  };
}

/** Where anything is kept that was made from a picture. */
function openStores(env: Env, { provider, report }: ReturnType<typeof open>) {
  return {
    images: r2ImageStore(env.IMAGES),
    aliases: kvAlias(env.DESCRIPTIONS, report),
    cache: kvCache(env.DESCRIPTIONS, report),
    near: nearDuplicateClient(env.NEAR_DUPLICATES, report),
    messages: kvMessageCache(env.DESCRIPTIONS, report),
    states: kvState(env.DESCRIPTIONS),
    flights: singleFlightClient(env.FLIGHTS, report),
    idempotency: idempotencyClient(env.IDEMPOTENCY, report),
    ...(provider.files === undefined
      ? {}
      : {
          files: filesApi(provider.files),
          uploads: uploadedFiles({ namespace: env.DESCRIPTIONS, nowMs: () => Date.now() }),
        }),
  };
}

function wire(env: Env, providers: ProviderFactories): Hono<AppEnv> {
  const opened = open(env, providers);
  const { config, log, provider, report } = opened;
  return createApp({
    config,
    log,
    ports: {
      ...openStores(env, opened),
      fetcher: httpImageFetcher(urlPolicy(config), boundFetch),
      purge: kvPurge(env.DESCRIPTIONS),
      index: imageIndexClient(env.IMAGE_INDEX, report),
      model: anthropicClient(provider.upstream),
      upstream: provider.upstream,
      codec: createCodec({ scanline, jpegDecode, jpegEncode, resize }, ledger),
      ledger,
      door,
      keys: keyStore(env.DESCRIPTIONS, env.KEY_REGISTER),
      accounts: durableAccounts(env.ACCOUNTS, { gatherMs: LEDGER_GATHER_MS, report, chart: env.ANALYTICS }),
      bursts: { network: burstLimiter(env.NETWORK_BURSTS, report), key: burstLimiter(env.KEY_BURSTS, report) },
      clock: { nowMs: () => Date.now() },
      tracer: platformTracer(tracing),
      readBody,
      sha256,
    },
  });
}
