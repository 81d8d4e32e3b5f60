/** Ports to the provider of Claude. */
import type { Message } from '../core/message/answer.ts';
import type { MessageRequest } from '../core/message/request.ts';
import type { TraceHeaders } from '../core/trace/trace-context.ts';

export interface ModelReply {
  readonly message: Message;
  /** The API's own request id, for support questions. */
  readonly upstreamRequestId: string | undefined;
}

export interface ModelClient {
  /** One answered call, with retries inside the deadline where nothing was billed. */
  createMessage(request: MessageRequest, options: { readonly signal: AbortSignal; readonly trace?: TraceHeaders }): Promise<ModelReply>;
}

/** What a provider of the Messages API takes; the plan of a relayed request follows it. */
export interface UpstreamLimits {
  /** Kinds of image source. */
  readonly sources: readonly ('base64' | 'url' | 'file')[];
  /** Characters of base64 text an image may have. */
  readonly base64CharactersMax: number;
  /** Bytes of a request body. */
  readonly bodyBytesMax: number;
  /** Image blocks a request, where the provider holds fewer than the model. */
  readonly imagesMax?: number;
  /** Whether `transformations: {oversized_image: "error"}` is known there. */
  readonly supportsOversizedGuard: boolean;
}

/** A caller's own credential of the provider, passed on for one request; never stored, never logged. */
export interface CallerCredential {
  readonly kind: 'x-api-key' | 'bearer';
  readonly value: string;
}

export interface UpstreamCall {
  readonly path: 'messages' | 'messages/count_tokens';
  /** The query string to pass on, with its question mark: Anthropic's clients mark beta calls with `?beta=true`. */
  readonly query?: string;
  /** Only what is to be passed on (`anthropic-*`, some of `cf-aig-*`, `content-type`, `accept`); credentials are the adapter's. */
  readonly headers: Headers;
  readonly body: ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer>;
  /** Exact length of `body`. */
  readonly bodyBytes: number;
  /** `model` and `stream` of the body, for providers that have them in the address. */
  readonly model: string;
  readonly isStream: boolean;
  /** Takes the place of the deployment's own key. */
  readonly credential?: CallerCredential;
  readonly signal: AbortSignal;
}

/** The Messages API as raw HTTP: bodies pass through as they are. */
export interface MessagesUpstream {
  readonly limits: UpstreamLimits;
  /**
   * One request, no retry. Gives the provider's response as it is: any status, all headers, the body as a stream.
   * @throws upstream_error (no connection), upstream_timeout (no response in time)
   */
  send(call: UpstreamCall): Promise<Response>;
}
