/** Bindings and providers → ports: the one wiring, for the Worker and for the tests' service. */
import { durableAccounts } from './adapter/account/client.ts';
import type { Account } from './adapter/account/object.ts';
import { anthropicClient } from './adapter/anthropic.ts';
import { burstLimiter } from './adapter/burst-limiter.ts';
import { filesApi } from './adapter/files-api.ts';
import { httpImageFetcher } from './adapter/http-image-fetcher.ts';
import { idempotencyClient } from './adapter/idempotency/client.ts';
import type { Idempotency } from './adapter/idempotency/object.ts';
import { imageIndexClient } from './adapter/image-index/client.ts';
import type { ImageIndexObject } from './adapter/image-index/object.ts';
import { keyStore } from './adapter/key-store/client.ts';
import type { KeyRegisterObject } from './adapter/key-store/object.ts';
import { kvAlias } from './adapter/kv-alias.ts';
import { kvCache } from './adapter/kv-cache.ts';
import { kvMessageCache } from './adapter/kv-message-cache.ts';
import { kvPurge } from './adapter/kv-purge.ts';
import { kvState } from './adapter/kv-state.ts';
import { nearDuplicateClient } from './adapter/near-duplicate/client.ts';
import type { NearDuplicates } from './adapter/near-duplicate/object.ts';
import { r2ImageStore } from './adapter/r2-image-store.ts';
import { readBody, sha256 } from './adapter/read-hashed.ts';
import { singleFlightClient } from './adapter/single-flight/client.ts';
import type { SingleFlight } from './adapter/single-flight/object.ts';
import { uploadedFiles } from './adapter/uploaded-file.ts';
import { openProvider, type ProviderFactories } from './adapter/upstream/provider.ts';
import type { Config } from './config.ts';
import type { Log } from './log.ts';
import type { Ports } from './port/ports.ts';
import { urlPolicy } from './stage/picture/load.ts';

export interface Bindings {
  readonly IMAGES: R2Bucket;
  readonly DESCRIPTIONS: KVNamespace;
  readonly IMAGE_INDEX: DurableObjectNamespace<ImageIndexObject>;
  readonly NEAR_DUPLICATES: DurableObjectNamespace<NearDuplicates>;
  readonly FLIGHTS: DurableObjectNamespace<SingleFlight>;
  readonly IDEMPOTENCY: DurableObjectNamespace<Idempotency>;
  readonly ACCOUNTS: DurableObjectNamespace<Account>;
  readonly KEY_REGISTER: DurableObjectNamespace<KeyRegisterObject>;
  /** Points for charts where it is bound. */
  readonly ANALYTICS?: AnalyticsEngineDataset;
  /** Sheds floods where they are bound. */
  readonly NETWORK_BURSTS?: RateLimit;
  readonly KEY_BURSTS?: RateLimit;
}

/** What is not bound but stands around: the network, the clock, the memory and the thread of the isolate. */
export interface Surroundings extends Pick<Ports, 'codec' | 'door' | 'ledger' | 'tracer' | 'clock'> {
  readonly log: Log;
  /** To the servers of images. */
  readonly fetchImage: typeof fetch;
  /** To the provider of Claude. */
  readonly fetchProvider: typeof fetch;
  readonly providers: ProviderFactories;
  /** Rows of the ledger that nobody waits for go to their accounts once in so long. */
  readonly gatherMs: number;
}

/** Where anything is kept that was made from a picture. */
export function composeStores(bindings: Bindings, config: Config, { log, clock, fetchProvider, providers }: StoreSurroundings) {
  const report = reporter(log);
  const provider = openProvider(config.provider, providers, fetchProvider);
  return {
    images: r2ImageStore(bindings.IMAGES),
    aliases: kvAlias(bindings.DESCRIPTIONS, report),
    cache: kvCache(bindings.DESCRIPTIONS, report),
    near: nearDuplicateClient(bindings.NEAR_DUPLICATES, report),
    messages: kvMessageCache(bindings.DESCRIPTIONS, report),
    states: kvState(bindings.DESCRIPTIONS),
    flights: singleFlightClient(bindings.FLIGHTS, report),
    idempotency: idempotencyClient(bindings.IDEMPOTENCY, report),
    upstream: provider.upstream,
    ...(provider.files === undefined
      ? {}
      : { files: filesApi(provider.files), uploads: uploadedFiles({ namespace: bindings.DESCRIPTIONS, nowMs: clock.nowMs }) }),
  };
}

type StoreSurroundings = Pick<Surroundings, 'log' | 'clock' | 'fetchProvider' | 'providers'>;

export function compose(bindings: Bindings, config: Config, surroundings: Surroundings): Ports {
  const { codec, door, ledger, tracer, clock, log, fetchImage, gatherMs } = surroundings;
  const report = reporter(log);
  const stores = composeStores(bindings, config, surroundings);
  return {
    ...stores,
    fetcher: httpImageFetcher(urlPolicy(config), fetchImage),
    purge: kvPurge(bindings.DESCRIPTIONS),
    index: imageIndexClient(bindings.IMAGE_INDEX, report),
    model: anthropicClient(stores.upstream),
    codec,
    ledger,
    door,
    keys: keyStore(bindings.DESCRIPTIONS, bindings.KEY_REGISTER),
    accounts: durableAccounts(bindings.ACCOUNTS, { gatherMs, report, chart: bindings.ANALYTICS }),
    bursts: { network: burstLimiter(bindings.NETWORK_BURSTS, report), key: burstLimiter(bindings.KEY_BURSTS, report) },
    clock,
    tracer,
    readBody,
    sha256,
  };
}

/** Of a store that failed; the request goes on without it. */
function reporter(log: Log) {
  return (event: string, error: unknown) => log({ event, level: 'warn', cause: error instanceof Error ? error.name : 'unknown' });
}
