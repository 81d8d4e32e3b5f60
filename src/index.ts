/** The Worker: its entrances, its Durable Objects and their surroundings. The only reader of the environment. */
import jpegDecode from '@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm';
import jpegEncode from '@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm';
import resize from '@jsquash/resize/lib/resize/pkg/squoosh_resize_bg.wasm';
import { tracing, WorkerEntrypoint } from 'cloudflare:workers';
import type { Hono } from 'hono';
import scanline from '../dist/codec.wasm';
import { imagesConverter } from './adapter/images-binding.ts';
import { ImageIndexObject } from './adapter/image-index/object.ts';
import { KeyRegisterObject } from './adapter/key-store/object.ts';
import { platformTracer } from './adapter/platform-tracer.ts';
import { type ProviderFactories, providersIn } from './adapter/upstream/provider.ts';
import { createCodec } from './codec/transcode.ts';
import { type Bindings, compose, composeStores } from './compose.ts';
import { ConfigError, readConfig } from './config.ts';
import { Fault, toProblem } from './error.ts';
import { createApp } from './http/app.ts';
import type { AppEnv } from './http/context.ts';
import { isolateDoor } from './isolate/door.ts';
import { memoryLedger } from './isolate/memory-ledger.ts';
import { consoleLog } from './log.ts';
import type { Service } from './operation/actor.ts';
import { createRpc, type RpcAnswer, type RpcOperations } from './rpc/entrance.ts';
import { removeDerived } from './stage/keep/remove-derived.ts';

export { Account } from './adapter/account/object.ts';
export { Idempotency } from './adapter/idempotency/object.ts';
export { NearDuplicates } from './adapter/near-duplicate/object.ts';
export { SingleFlight } from './adapter/single-flight/object.ts';

export interface Env extends Bindings {
  /** Cloudflare Images, where the operator has bound it: converts what is not decoded here. */
  readonly IMAGE_CONVERTER?: ImagesBinding;
  readonly [variable: string]: unknown;
}

/** For the Files API, when an index removes what a deletion left. */
const SWEEP_MS_MAX = 120_000;
const LEDGER_GATHER_MS = 1_000;
const boundFetch: typeof fetch = (input, init) => fetch(input, init);
const clock = { nowMs: () => Date.now() };

/** One ledger and one door an isolate: its requests share the memory and the thread. */
const ledger = memoryLedger();
const door = isolateDoor();
const apps = new WeakMap<Env, Hono<AppEnv>>();
const rpcs = new WeakMap<Env, ReturnType<typeof createRpc>>();

/** The index of a picture; the entries in `src/provider/` have their own. */
export const ImageIndex = createImageIndex();

/** The index of a picture with the stores in which it sweeps, among them the Files API of the provider. */
export function createImageIndex(providers: ProviderFactories = {}) {
  return class ImageIndex extends ImageIndexObject {
    constructor(ctx: DurableObjectState, env: Env) {
      super(ctx, env, (derived) => removeDerived(derived, storesOf(env, providers), AbortSignal.timeout(SWEEP_MS_MAX)));
    }
  };
}

/** The one place where a key changes, with the store in which it is looked up. */
export class KeyRegister extends KeyRegisterObject {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env, env.DESCRIPTIONS);
  }
}
export default createWorker();

/** The Worker, with these providers beside the Anthropic API; the entries in `src/provider/` add one each. */
export function createWorker(providers: ProviderFactories = {}) {
  return {
    async fetch(request, env, context) {
      try {
        let app = apps.get(env);
        if (app === undefined) apps.set(env, (app = createApp(serve(env, providers))));
        return await app.fetch(request, env, context);
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        return notConfigured(error);
      }
    },
  } satisfies ExportedHandler<Env>;
}

/** For other Workers of the account, over a service binding with this entrypoint; the entries in `src/provider/` have their own. */
export const Vignette = createEntrypoint();

export function createEntrypoint(providers: ProviderFactories = {}) {
  return class Vignette extends WorkerEntrypoint<Env> implements RpcOperations {
    describe(...call: Parameters<RpcOperations['describe']>): Promise<RpcAnswer> {
      return this.#operations().describe(...call);
    }
    estimate(...call: Parameters<RpcOperations['estimate']>): Promise<RpcAnswer> {
      return this.#operations().estimate(...call);
    }
    storeImage(...call: Parameters<RpcOperations['storeImage']>): Promise<RpcAnswer> {
      return this.#operations().storeImage(...call);
    }
    deleteImage(...call: Parameters<RpcOperations['deleteImage']>): Promise<RpcAnswer> {
      return this.#operations().deleteImage(...call);
    }
    listModels(...call: Parameters<RpcOperations['listModels']>): Promise<RpcAnswer> {
      return this.#operations().listModels(...call);
    }

    /** A deployment that is not configured throws what the log says. */
    #operations(): RpcOperations {
      let rpc = rpcs.get(this.env);
      if (rpc === undefined) rpcs.set(this.env, (rpc = createRpc(serve(this.env, providers))));
      return rpc((work) => this.ctx.waitUntil(work));
    }
  };
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
  return { config, log: consoleLog(config.logLevel), clock, providers, fetchProvider: boundFetch };
}

function storesOf(env: Env, providers: ProviderFactories) {
  const { config, ...surroundings } = open(env, providers);
  return composeStores(env, config, surroundings);
}

function serve(env: Env, providers: ProviderFactories): Service {
  const { config, ...surroundings } = open(env, providers);
  const ports = compose(env, config, {
    ...surroundings,
    codec: createCodec({ scanline, jpegDecode, jpegEncode, resize }, ledger, env.IMAGE_CONVERTER && imagesConverter(env.IMAGE_CONVERTER)),
    door,
    ledger,
    tracer: platformTracer(tracing),
    fetchImage: boundFetch,
    gatherMs: LEDGER_GATHER_MS,
  });
  return { config, log: surroundings.log, ports };
}
