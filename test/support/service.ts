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
import type { Account } from '../../src/adapter/account/object.ts';
import { isolateDoor } from '../../src/isolate/door.ts';
import { memoryLedger } from '../../src/isolate/memory-ledger.ts';
import { type ProviderFactories, providersIn } from '../../src/adapter/upstream/provider.ts';
import { createCodec } from '../../src/codec/transcode.ts';
import { type Bindings, compose } from '../../src/compose.ts';
import { readConfig } from '../../src/config.ts';
import { createApp } from '../../src/http/app.ts';
import type { LogEntry } from '../../src/log.ts';
import type { ImageConverter } from '../../src/port/converter.ts';
import type { Ports } from '../../src/port/ports.ts';
import { createRpc, type RpcOperations } from '../../src/rpc/entrance.ts';
import { type Asked, checkHead, checkJson, isJson } from './contract.ts';

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
  /** Converts what is not decoded here. Default: none is bound. */
  readonly converter?: ImageConverter;
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
  wire: faked,
  ports = {},
  wrap = (ports) => ports,
  providers = {},
  accounts,
  converter,
}: ServiceOptions = {}) {
  const isProviderFaked = faked !== undefined;
  const wire: NonNullable<typeof faked> = faked ?? ((request, next) => next(request));
  const fetchedByClaude: Request[] = [];
  const simulator = createSimulator({
    decoders: { jpeg: jpegDecode, png, webp: webpDecode },
    fetch: async (request) => {
      fetchedByClaude.push(request);
      return new URL(request.url).pathname === '/robots.txt' ? new Response(null, { status: 404 }) : origin(request);
    },
  });
  const bindings = env as unknown as Bindings;
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
  const codec = createCodec({ scanline, jpegDecode, jpegEncode, resize }, ledger, converter);
  const work = { transcodes: 0, joins: 0 };
  const logs: LogEntry[] = [];
  /** Names of spans as they begin, and with a slash as they end. */
  const spans: string[] = [];
  const fetched: Request[] = [];
  let nowMs = Date.now();
  // Flights outlive a service, for a minute: each service has its own.
  let minute = crypto.randomUUID();
  const composed = compose({ ...bindings, ACCOUNTS: namespace }, config, {
    providers,
    log: (entry) => logs.push(entry),
    fetchImage: async (input, init) => {
      const request = new Request(input as RequestInfo, init as RequestInit);
      fetched.push(request);
      return origin(request);
    },
    fetchProvider: async (input, init) => wire(new Request(input as RequestInfo, init as RequestInit), async (request) => simulator.fetch(request)),
    gatherMs: 0,
    codec: {
      transcode: (...parameters) => {
        work.transcodes += 1;
        return codec.transcode(...parameters);
      },
      thumbnail: codec.thumbnail,
      canConvert: codec.canConvert,
    },
    ledger,
    // Tests that send hundreds at once are about something else.
    door: isolateDoor(1_000),
    clock: { nowMs: () => nowMs },
    tracer: { begin: () => (name) => (spans.push(name), () => spans.push(`/${name}`)) },
  });
  const service = {
    config,
    log: (entry: LogEntry) => logs.push(entry),
    ports: wrap({
      ...composed,
      flights: {
        join: (key, options) => {
          work.joins += 1;
          return composed.flights.join(`${minute}:${key}`, options);
        },
        forget: (key) => composed.flights.forget(`${minute}:${key}`),
      },
      bursts: { network: { allows: async () => true }, key: { allows: async () => true } },
      ...ports,
    }),
  };
  const app = createApp(service);
  const rpc = createRpc(service);

  async function start(path: string, init: RequestInit): Promise<{ readonly response: Response; readonly context: ExecutionContext; readonly asked: Asked }> {
    const headers = new Headers(init.headers);
    if (!headers.has('authorization') && !headers.has('x-api-key')) headers.set('authorization', `Bearer ${ACME_KEY}`);
    const context = createExecutionContext();
    const request = new Request(`https://vignette.test${path}`, { ...init, headers });
    const asked = { method: request.method, path: new URL(request.url).pathname, isProviderFaked };
    const response = await app.fetch(request, env, context);
    checkHead(asked, response);
    return { response, context, asked };
  }

  /** One request with ACME's key, unless headers say otherwise; work after the response is waited for. */
  async function send(path: string, init: RequestInit = {}): Promise<Response> {
    const { response, context, asked } = await start(path, init);
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
    // The work behind a stream ends only when somebody reads it.
    const read = isStream ? new Response(await response.arrayBuffer(), response) : response;
    await waitOnExecutionContext(context);
    // A body that breaks off is the test's own matter.
    const text = isJson(read) ? await textOf(read.clone()) : undefined;
    if (text !== undefined) checkJson(asked, read, text);
    return read;
  }

  return {
    /** The operations as another Worker calls them; work after the answer is waited for. */
    call: async <T>(use: (operations: RpcOperations) => Promise<T>): Promise<T> => {
      const kept: Promise<unknown>[] = [];
      const answer = await use(rpc((work) => void kept.push(work)));
      await Promise.all(kept);
      return answer;
    },
    send,
    /** `POST` of a JSON body whose answer is read while it comes; `settled` when all work for it is done. */
    open: async (path: string, body: unknown, headers: Record<string, string> = {}) => {
      const { response, context, asked } = await start(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });
      return { response: isJson(response) ? checkedWhenRead(asked, response) : response, settled: waitOnExecutionContext(context) };
    },
    /** A `GET` with these headers alone, of which nothing is left to be waited for: for very many. */
    sendOnly: async (path: string, headers: Record<string, string>) => {
      const asked = { method: 'GET', path: new URL(`https://vignette.test${path}`).pathname };
      const response = await app.fetch(new Request(`https://vignette.test${path}`, { headers }), env, createExecutionContext());
      checkHead(asked, response);
      return isJson(response) ? checkedWhenRead(asked, response) : response;
    },
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

async function textOf(response: Response): Promise<string | undefined> {
  try {
    return await response.text();
  } catch {
    return undefined;
  }
}

/** The same response, whose JSON is held to the contract when the test reads it: as it comes, and not a copy of it. */
function checkedWhenRead(asked: Asked, response: Response): Response {
  const text = response.text.bind(response);
  const checked = async () => {
    const read = await text();
    checkJson(asked, response, read);
    return read;
  };
  return Object.defineProperties(response, { text: { value: checked }, json: { value: async () => JSON.parse(await checked()) } });
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
