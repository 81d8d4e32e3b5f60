/** The service with a tap on its wire to Claude: what really left it, byte for byte. */
import { type ServiceOptions, startService } from '../../support/service.ts';

/** A request as it reached the simulated Claude. */
export interface Outgoing {
  readonly url: URL;
  readonly headers: Headers;
  readonly text: string;
  readonly body: any;
}

export function startRelay(options: ServiceOptions = {}) {
  const outgoing: Outgoing[] = [];
  const service = startService({
    ...options,
    wire: async (request, next) => {
      const bytes = await request.arrayBuffer();
      const text = new TextDecoder().decode(bytes);
      const isJson = (request.headers.get('content-type') ?? '').includes('json');
      outgoing.push({ url: new URL(request.url), headers: request.headers, text, body: isJson ? JSON.parse(text) : undefined });
      const again = new Request(request.url, { method: request.method, headers: request.headers, body: bytes, signal: request.signal });
      return options.wire === undefined ? next(again) : options.wire(again, next);
    },
  });
  return {
    ...service,
    outgoing,
    /** The content of the first message of the only request that left. */
    sentContent: (): any[] => {
      const [request, another] = outgoing;
      if (request === undefined || another !== undefined) throw new Error(`${outgoing.length} requests left`);
      return request.body.messages[0].content;
    },
    /** One turn of a user with this content. */
    ask: (content: unknown, more: Record<string, unknown> = {}, headers: Record<string, string> = {}) =>
      service.post('/v1/messages', { model: 'claude-haiku-5-5', max_tokens: 256, messages: [{ role: 'user', content }], ...more }, headers),
    /** A body as text, exactly as given. */
    sendText: (body: string, headers: Record<string, string> = {}, path = '/v1/messages') =>
      service.send(path, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body }),
  };
}

/** An image block in base64. */
export function imageBlock(bytes: Uint8Array, mediaType: string, more: Record<string, unknown> = {}) {
  return { type: 'image', source: { type: 'base64', media_type: mediaType, data: bytes.toBase64() }, ...more };
}

export const QUESTION = { type: 'text', text: 'What is on this picture?' };

/** Anthropic's envelope, with its place in the response checked. */
export async function errorOf(response: Response): Promise<{ type: string; message: string; details: { error_code: string; param: string | null } }> {
  const envelope = (await response.json()) as any;
  if (envelope.type !== 'error' || envelope.request_id !== response.headers.get('request-id'))
    throw new Error(`not Anthropic's envelope: ${JSON.stringify(envelope)}`);
  return envelope.error;
}
