/** What the pipeline needs of the world, said in its own words: one member a port. `src/adapter/` has one file for each. */
import type { Accounts } from './account.ts';
import type { BurstLimiter } from './burst.ts';
import type { Codec } from './codec.ts';
import type { Door } from './door.ts';
import type { BodyOptions, HttpMessage, ImageFetcher } from './fetch.ts';
import type { FilesApi, UploadedFiles } from './file.ts';
import type { FlightControl } from './flight.ts';
import type { IdempotencyStore } from './idempotency.ts';
import type { KeyStore } from './key.ts';
import type { MemoryLedger } from './memory.ts';
import type { AliasStore, CachePurger, DescriptionCache, ImageIndex, ImageStore, MessageCache, NearDuplicateIndex } from './storage.ts';
import type { Clock, Tracer } from './trace.ts';
import type { ProviderStates } from './state.ts';
import type { MessagesUpstream, ModelClient } from './upstream.ts';

export interface Ports {
  readonly fetcher: ImageFetcher;
  readonly images: ImageStore;
  readonly aliases: AliasStore;
  readonly cache: DescriptionCache;
  readonly index: ImageIndex;
  readonly purge: CachePurger;
  readonly near: NearDuplicateIndex;
  readonly messages: MessageCache;
  readonly flights: FlightControl;
  readonly idempotency: IdempotencyStore;
  readonly model: ModelClient;
  readonly upstream: MessagesUpstream;
  /** Absent where the provider has no Files API. */
  readonly files?: FilesApi;
  /** Absent where `files` is. */
  readonly uploads?: UploadedFiles;
  readonly states: ProviderStates;
  readonly codec: Codec;
  readonly ledger: MemoryLedger;
  readonly door: Door;
  readonly keys: KeyStore;
  readonly accounts: Accounts;
  /** Floods of unknown keys, by network; floods of a limited key, by its id. */
  readonly bursts: { readonly network: BurstLimiter; readonly key: BurstLimiter };
  readonly clock: Clock;
  readonly tracer: Tracer;
  /** Reads a whole body, and hashes it where the body itself is the image. */
  readBody(message: HttpMessage, options: BodyOptions): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly sha256?: string }>;
  /** SHA-256 of bytes or of UTF-8 text, 64 hex digits. */
  sha256(data: Uint8Array<ArrayBuffer> | string): Promise<string>;
}
