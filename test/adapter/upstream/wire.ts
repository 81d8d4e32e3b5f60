/** A provider in front of a recorded wire, and requests as the relay makes them. */
import { openProvider, type ProviderFactories, providersIn } from '../../../src/adapter/upstream/provider.ts';
import { readConfig } from '../../../src/config.ts';
import type { UpstreamCall } from '../../../src/port/upstream.ts';

export interface Recorded {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly text: string;
}

/** Opens the provider that these variables configure. `answer` stands at the other end of the wire. */
export function openOn(
  environment: Record<string, string>,
  answer: (request: Request) => Response | Promise<Response> = () => Response.json({ type: 'message' }),
  factories: ProviderFactories = {},
) {
  const sent: Recorded[] = [];
  const { provider: config } = readConfig(environment, providersIn(factories));
  const provider = openProvider(config, factories, async (input, init) => {
    init?.signal?.throwIfAborted();
    const request = new Request(input as string, init as RequestInit);
    const { url, method, headers } = request;
    sent.push({ url, method, headers, text: await request.clone().text() });
    return answer(request);
  });
  return { ...provider, sent };
}

/** A relayed request with this body. */
export function callOf(body: Record<string, unknown> | string, rest: Partial<UpstreamCall> = {}): UpstreamCall {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const bytes = new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>;
  const { model, stream } = JSON.parse(text) as { model: string; stream?: boolean };
  return {
    path: 'messages',
    headers: new Headers({ 'content-type': 'application/json', 'anthropic-version': '2023-06-01' }),
    body: bytes,
    bodyBytes: bytes.length,
    model,
    isStream: stream === true,
    signal: new AbortController().signal,
    ...rest,
  };
}

/** The same bytes as a stream of odd pieces. */
export function streamOf(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (let at = 0; at < bytes.length; at += 7) controller.enqueue(bytes.slice(at, at + 7));
      controller.close();
    },
  });
}
