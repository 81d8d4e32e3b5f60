/** A relayed request as its stages see it. */
import type { PlanSummary } from '../../core/relay/plan.ts';
import type { RelayOptions } from '../../core/relay/options.ts';
import type { MessagesScan } from '../../core/relay/scan.ts';
import type { AskedModel } from '../../core/vision/asked-model.ts';
import type { Model } from '../../core/vision/model.ts';
import type { Reservation } from '../../port/memory.ts';
import type { CallerCredential } from '../../port/upstream.ts';

export interface RelayRequest {
  readonly path: 'messages' | 'messages/count_tokens';
  /** With its question mark, or empty. */
  readonly query: string;
  /** As it came; never changed. */
  readonly body: Uint8Array<ArrayBuffer>;
  /** Headers that are passed on, in lower case. */
  readonly headers: readonly (readonly [string, string])[];
  readonly options: RelayOptions;
  /** Only sizes are wanted, of every image that can be reached: nothing is worked on or kept. */
  readonly isMeasuring: boolean;
  /** The caller's own key of the provider, where the deployment allows that. */
  readonly credential?: CallerCredential;
  /** Memory of this request, the body included; given back by whoever read the body. */
  readonly reservation: Reservation;
}

/** The request with what was found in it. */
export interface ScannedRequest extends RelayRequest {
  readonly scan: MessagesScan;
  readonly model: Model;
  readonly asked: AskedModel;
}

export interface RelayResult {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;
  /** What was done to the images; unknown on a hit, where nothing was. */
  readonly plan: PlanSummary | undefined;
  readonly cache: { readonly status: 'hit' | 'joined' | 'miss' | 'bypass' | 'refresh'; readonly ageSeconds: number };
}
