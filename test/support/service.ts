/**
 * The service as a caller sees it, in workerd, with real KV and R2, the Claude simulator in place of the API, and an
 * origin server made of a function.
 */
import jpegDecode from '@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm';
import jpegEncode from '@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm';
import png from '@jsquash/png/codec/pkg/squoosh_png_bg.wasm';
import resize from '@jsquash/resize/lib/resize/pkg/squoosh_resize_bg.wasm';
import webpDecode from '@jsquash/webp/codec/dec/webp_dec.wasm';
import scanline from '../../dist/codec.wasm';
import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { createSimulator } from '../../simulator/app.ts';
import { durableAccounts } from '../../src/adapter/account/client.ts';
import type { Account } from '../../src/adapter/account/object.ts';
import { anthropicClient } from '../../src/adapter/anthropic.ts';
import { isolateDoor } from '../../src/isolate/door.ts';
import { filesApi } from '../../src/adapter/files-api.ts';
import { httpImageFetcher } from '../../src/adapter/http-image-fetcher.ts';
import { imageIndexClient } from '../../src/adapter/image-index/client.ts';
import type { ImageIndexObject } from '../../src/adapter/image-index/object.ts';
import { idempotencyClient } from '../../src/adapter/idempotency/client.ts';
import type { Idempotency } from '../../src/adapter/idempotency/object.ts';
import { kvAlias } from '../../src/adapter/kv-alias.ts';
import { kvCache } from '../../src/adapter/kv-cache.ts';
import { kvPurge } from '../../src/adapter/kv-purge.ts';
import { kvMessageCache } from '../../src/adapter/kv-message-cache.ts';
import { kvState } from '../../src/adapter/kv-state.ts';
import { keyStore } from '../../src/adapter/key-store/client.ts';
import type { KeyRegisterObject } from '../../src/adapter/key-store/object.ts';
import { memoryLedger } from '../../src/isolate/memory-ledger.ts';
import { nearDuplicateClient } from '../../src/adapter/near-duplicate/client.ts';
import type { NearDuplicates } from '../../src/adapter/near-duplicate/object.ts';
import { r2ImageStore } from '../../src/adapter/r2-image-store.ts';
import { readBody, sha256 } from '../../src/adapter/read-hashed.ts';
import { singleFlightClient } from '../../src/adapter/single-flight/client.ts';
import type { SingleFlight } from '../../src/adapter/single-flight/object.ts';
import { uploadedFiles } from '../../src/adapter/uploaded-file.ts';
import { openProvider, type ProviderFactories, providersIn } from '../../src/adapter/upstream/provider.ts';
import { createCodec } from '../../src/codec/transcode.ts';
import { readConfig } from '../../src/config.ts';
import { createApp } from '../../src/http/app.ts';
import type { LogEntry } from '../../src/log.ts';
import type { Ports } from '../../src/port/ports.ts';
import { urlPolicy } from '../../src/stage/picture/load.ts';

export const ACME_KEY = 'key-of-acme-0123456789abcdef';
export const UMBRELLA_KEY = 'key-of-umbrella-0123456789';
const KEYS = `acme:${ACME_KEY},umbrella:${UMBRELLA_KEY}`;

export interface ServiceOptions {
  /** Environment variables beside the keys. */
  readonly environment?: Record<string, string>;
  /** Answers every outbound image fetch, by the service or by the simulated Claude. Default: 404. */
  readonly origin?: (request: Request) => Response | Promise<Response>;
  /** Stands between the service and the simulated Claude, e.g. to break a connection. */
  readonly wire?: (request: Request, next: (request: Request) => Promise<Response>) => Promise<Response>;
  /** Services that name the same accounts share them, as isolates of one deployment do. Default: its own. */
  readonly accounts?: string;
  /** Replaces single ports, e.g. a cache that fails. */
  readonly ports?: Partial<Ports>;
  /** Stands around all ports, e.g. to break one call of them. */
  readonly wrap?: (ports: Ports) => Ports;
  /** Providers beside the Anthropic API, chosen by `PROVIDER` in `environment`. */
  readonly providers?: ProviderFactories;
}

/** Starts a service with a fresh simulator. KV and R2 are those of the test file. */
export function startService({
  environment = {},
  origin = () => new Response(null, { status: 404 }),
  wire = (request, next) => next(request),
  ports = {},
  wrap = (ports) => ports,
  providers = {},
  accounts,
}: ServiceOptions = {}) {
  const fetchedByClaude: Request[] = [];
  const simulator = createSimulator({
    decoders: { jpeg: jpegDecode, png, webp: webpDecode },
    fetch: async (request) => {
      fetchedByClaude.push(request);
      return new URL(request.url).pathname === '/robots.txt' ? new Response(null, { status: 404 }) : origin(request);
    },
  });
  const bindings = env as unknown as {
    IMAGES: R2Bucket;
    DESCRIPTIONS: KVNamespace;
    IMAGE_INDEX: DurableObjectNamespace<ImageIndexObject>;
    NEAR_DUPLICATES: DurableObjectNamespace<NearDuplicates>;
    ACCOUNTS: DurableObjectNamespace<Account>;
    KEY_REGISTER: DurableObjectNamespace<KeyRegisterObject>;
    FLIGHTS: DurableObjectNamespace<SingleFlight>;
    IDEMPOTENCY: DurableObjectNamespace<Idempotency>;
  };
  const config = readConfig(
    { VIGNETTE_API_KEYS: KEYS, ANTHROPIC_API_KEY: 'sk-ant-test', ANTHROPIC_BASE_URL: 'http://claude.test', ...environment },
    providersIn(providers),
  );
  const ledger = memoryLedger();
  // Accounts of its own: what one test spends is not another's.
  const accountsOf = accounts ?? crypto.randomUUID();
  const namespace = {
    idFromName: (name: string) => bindings.ACCOUNTS.idFromName(`${accountsOf}:${name}`),
    get: (id: DurableObjectId) => bindings.ACCOUNTS.get(id),
  } as DurableObjectNamespace<Account>;
  const codec = createCodec({ scanline, jpegDecode, jpegEncode, resize }, ledger);
  const work = { transcodes: 0, joins: 0 };
  const logs: LogEntry[] = [];
  /** Names of spans as they begin, and with a slash as they end. */
  const spans: string[] = [];
  const fetched: Request[] = [];
  let nowMs = Date.now();
  const flights = singleFlightClient(bindings.FLIGHTS, (event) => logs.push({ event }));
  // Flights outlive a service, for a minute: each service has its own.
  let minute = crypto.randomUUID();
  const claude: typeof fetch = async (input, init) => wire(new Request(input as RequestInfo, init as RequestInit), async (request) => simulator.fetch(request));
  const provider = openProvider(config.provider, providers, claude);
  const app = createApp({
    config,
    log: (entry) => logs.push(entry),
    ports: wrap({
      fetcher: httpImageFetcher(urlPolicy(config), async (input, init) => {
        const request = new Request(input, init as RequestInit);
        fetched.push(request);
        return origin(request);
      }),
      images: r2ImageStore(bindings.IMAGES),
      aliases: kvAlias(bindings.DESCRIPTIONS, (event) => logs.push({ event })),
      cache: kvCache(bindings.DESCRIPTIONS, (event) => logs.push({ event })),
      purge: kvPurge(bindings.DESCRIPTIONS),
      near: nearDuplicateClient(bindings.NEAR_DUPLICATES, (event) => logs.push({ event })),
      index: imageIndexClient(bindings.IMAGE_INDEX, (event) => logs.push({ event })),
      messages: kvMessageCache(bindings.DESCRIPTIONS, (event) => logs.push({ event })),
      states: kvState(bindings.DESCRIPTIONS),
      idempotency: idempotencyClient(bindings.IDEMPOTENCY, (event) => logs.push({ event })),
      flights: {
        join: (key, options) => {
          work.joins += 1;
          return flights.join(`${minute}:${key}`, options);
        },
        forget: (key) => flights.forget(`${minute}:${key}`),
      },
      model: anthropicClient(provider.upstream),
      upstream: provider.upstream,
      ...(provider.files === undefined
        ? {}
        : {
            files: filesApi(provider.files),
            uploads: uploadedFiles({ namespace: bindings.DESCRIPTIONS, nowMs: () => nowMs }),
          }),
      codec: {
        transcode: (...parameters) => {
          work.transcodes += 1;
          return codec.transcode(...parameters);
        },
        thumbnail: codec.thumbnail,
      },
      ledger,
      // Tests that send hundreds at once are about something else.
      door: isolateDoor(1_000),
      keys: keyStore(bindings.DESCRIPTIONS, bindings.KEY_REGISTER),
      accounts: durableAccounts(namespace, { gatherMs: 0, report: (event) => logs.push({ event }) }),
      bursts: { network: { allows: async () => true }, key: { allows: async () => true } },
      clock: { nowMs: () => nowMs },
      tracer: { begin: () => (name) => (spans.push(name), () => spans.push(`/${name}`)) },
      readBody,
      sha256,
      ...ports,
    }),
  });

  async function start(path: string, init: RequestInit): Promise<{ readonly response: Response; readonly context: ExecutionContext }> {
    const headers = new Headers(init.headers);
    if (!headers.has('authorization') && !headers.has('x-api-key')) headers.set('authorization', `Bearer ${ACME_KEY}`);
    const context = createExecutionContext();
    return { response: await app.fetch(new Request(`https://vignette.test${path}`, { ...init, headers }), env, context), context };
  }

  /** One request with ACME's key, unless headers say otherwise; work after the response is waited for. */
  async function send(path: string, init: RequestInit = {}): Promise<Response> {
    const { response, context } = await start(path, init);
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
    // The work behind a stream ends only when somebody reads it.
    const read = isStream ? new Response(await response.arrayBuffer(), response) : response;
    await waitOnExecutionContext(context);
    return read;
  }

  return {
    send,
    /** `POST` of a JSON body whose answer is read while it comes; `settled` when all work for it is done. */
    open: async (path: string, body: unknown, headers: Record<string, string> = {}) => {
      const { response, context } = await start(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });
      return { response, settled: waitOnExecutionContext(context) };
    },
    /** A `GET` with these headers alone, of which nothing is left to be waited for: for very many. */
    sendOnly: (path: string, headers: Record<string, string>) =>
      app.fetch(new Request(`https://vignette.test${path}`, { headers }), env, createExecutionContext()),
    /** `POST` of a JSON body. */
    post: (path: string, body: unknown, headers: Record<string, string> = {}) =>
      send(path, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) }),
    /** `POST` of an image as the body. */
    upload: (path: string, bytes: BufferSource, type = 'image/jpeg') => send(path, { method: 'POST', headers: { 'content-type': type }, body: bytes }),
    /** What the simulated Claude saw and billed; `simulate` sets faults, see `simulator/route/control.ts`. */
    simulate: async (path: string, body?: unknown) =>
      (
        await simulator.fetch(
          new Request(
            `http://claude.test/simulator/${path}`,
            body === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
          ),
        )
      ).json() as Promise<any>,
    /** The Messages requests that reached the simulated Claude, in order. */
    calls: async () => ((await (await simulator.fetch(new Request('http://claude.test/simulator/requests'))).json()) as any).requests as any[],
    /** Lets the next calls fail; see `simulator/fault.ts` for the kinds. */
    fail: async (...faults: (string | Record<string, unknown>)[]) => {
      const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ faults }) };
      const response = await simulator.fetch(new Request('http://claude.test/simulator/faults', init));
      if (!response.ok) throw new Error(await response.text());
    },
    logs,
    spans,
    fetched,
    fetchedByClaude,
    ledger,
    /** The Durable Object of a tenant's account. */
    account: (tenant: string) => namespace.get(namespace.idFromName(tenant)),
    /** How many pictures were decoded, and flights joined, so far. */
    work,
    nowMs: () => nowMs,
    advance: (ms: number) => {
      nowMs += ms;
    },
    /** What landed is kept no longer, as if its minute had passed. */
    forgetFlights: () => {
      minute = crypto.randomUUID();
    },
  };
}

/** A problem document, with its status checked against the response's. */
export async function problemOf(response: Response): Promise<{
  status: number;
  code: string;
  param: string | null;
  detail: string;
  retryable: boolean;
  billed: boolean;
  request_id: string;
  type: string;
  errors?: { param: string; detail: string }[];
}> {
  const problem = (await response.json()) as Awaited<ReturnType<typeof problemOf>>;
  if (problem.status !== response.status) throw new Error(`the problem says ${problem.status}, the response ${response.status}`);
  return problem;
}
