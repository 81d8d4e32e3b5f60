/** The Worker: the only reader of the environment; wires adapters into the app. */
import jpegDecode from '@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm';
import jpegEncode from '@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm';
import resize from '@jsquash/resize/lib/resize/pkg/squoosh_resize_bg.wasm';
import type { Hono } from 'hono';
import scanline from '../dist/codec.wasm';
import { anthropicClient } from './adapter/anthropic.ts';
import { httpImageFetcher } from './adapter/http-image-fetcher.ts';
import { imageIndexClient } from './adapter/image-index/client.ts';
import { ImageIndexObject } from './adapter/image-index/object.ts';
import { kvAlias } from './adapter/kv-alias.ts';
import { kvCache } from './adapter/kv-cache.ts';
import { memoryLedger } from './adapter/memory-ledger.ts';
import { r2ImageStore } from './adapter/r2-image-store.ts';
import { readBody, sha256 } from './adapter/read-hashed.ts';
import { createCodec } from './codec/transcode.ts';
import { ConfigError, readConfig } from './config.ts';
import { Fault, toProblem } from './error.ts';
import { createApp } from './http/app.ts';
import type { AppEnv, LogEntry } from './http/context.ts';
import { urlPolicy } from './stage/load.ts';

export interface Env {
  readonly IMAGES: R2Bucket;
  readonly DESCRIPTIONS: KVNamespace;
  readonly IMAGE_INDEX: DurableObjectNamespace<ImageIndex>;
  readonly [variable: string]: unknown;
}

/** The index of a picture, with the stores in which it sweeps. */
export class ImageIndex extends ImageIndexObject {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env, ({ kind, name }) => (kind === 'image' ? env.IMAGES.delete(name) : env.DESCRIPTIONS.delete(name)));
  }
}

/** One ledger an isolate: its requests share the memory. */
const ledger = memoryLedger();
const apps = new WeakMap<Env, Hono<AppEnv>>();

export default {
  async fetch(request, env, context) {
    try {
      let app = apps.get(env);
      if (app === undefined) apps.set(env, (app = wire(env)));
      return await app.fetch(request, env, context);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      return notConfigured(error);
    }
  },
} satisfies ExportedHandler<Env>;

/** No app stands that could answer, so the problem is made here: all its fields, but no page, which would not be served either. */
function notConfigured({ faults }: ConfigError): Response {
  const requestId = `req_${crypto.randomUUID().replaceAll('-', '')}`;
  log({ event: 'config_invalid', request_id: requestId, faults: faults.join('; ') });
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

function wire(env: Env): Hono<AppEnv> {
  const config = readConfig(env);
  const boundFetch: typeof fetch = (input, init) => fetch(input, init);
  return createApp({
    config,
    log,
    ports: {
      fetcher: httpImageFetcher(urlPolicy(config), boundFetch),
      images: r2ImageStore(env.IMAGES),
      aliases: kvAlias(env.DESCRIPTIONS, report),
      cache: kvCache(env.DESCRIPTIONS, report),
      index: imageIndexClient(env.IMAGE_INDEX, report),
      model: anthropicClient({ apiKey: config.anthropicApiKey, baseUrl: config.anthropicBaseUrl, fetch: boundFetch }),
      codec: createCodec({ scanline, jpegDecode, jpegEncode, resize }),
      ledger,
      clock: { nowMs: () => Date.now() },
      readBody,
      sha256,
    },
  });
}

/** A store that failed; the request goes on without it. */
function report(event: string, error: unknown): void {
  log({ event, cause: error instanceof Error ? error.name : 'unknown' });
}

function log(entry: LogEntry): void {
  console.log(JSON.stringify(entry));
}
