import jpeg from '@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm';
import png from '@jsquash/png/codec/pkg/squoosh_png_bg.wasm';
import webp from '@jsquash/webp/codec/dec/webp_dec.wasm';
import { createSimulator } from '../../simulator/app.ts';
import type { SimulatorOptions } from '../../simulator/options.ts';

export const MODEL = 'claude-haiku-5-5';
export const HEADERS = { 'x-api-key': 'test', 'anthropic-version': '2023-06-01' };

/** A simulator with decoders, and short ways to call it. */
export class Client {
  readonly app;

  constructor(options: SimulatorOptions = {}) {
    this.app = createSimulator({ decoders: { jpeg, png, webp }, ...options });
  }

  /** POSTs JSON with a key and a version; `headers` override them. */
  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    const init = { method: 'POST', headers: { ...HEADERS, ...headers }, body: JSON.stringify(body) };
    return Promise.resolve(this.app.request(path, init));
  }

  get(path: string): Promise<Response> {
    return Promise.resolve(this.app.request(path, { headers: HEADERS }));
  }

  /** A Messages request with this content in one user turn. */
  ask(content: unknown, fields: Record<string, unknown> = {}, headers: Record<string, string> = {}): Promise<Response> {
    return this.post('/v1/messages', request(content, fields), headers);
  }

  /** Queues faults for the next requests. */
  async fault(...faults: unknown[]): Promise<void> {
    const response = await this.post('/simulator/faults', { faults });
    if (response.status !== 200) throw new Error(await response.text());
  }

  async bill(): Promise<{ total: Record<string, number> }> {
    return (await this.get('/simulator/bill')).json();
  }

  async records(): Promise<Record<string, unknown>[]> {
    const body: { requests: Record<string, unknown>[] } = await (await this.get('/simulator/requests')).json();
    return body.requests;
  }
}

/** A Messages body with one user turn. */
export function request(content: unknown, fields: Record<string, unknown> = {}): Record<string, unknown> {
  return { model: MODEL, max_tokens: 1024, messages: [{ role: 'user', content }], ...fields };
}

/** A base64 image block. */
export function imageBlock(bytes: Uint8Array, mediaType: string, extra: Record<string, unknown> = {}): unknown {
  return {
    type: 'image',
    source: { type: 'base64', media_type: mediaType, data: toBase64(bytes) },
    ...extra,
  };
}

export function toBase64(bytes: Uint8Array): string {
  return (bytes as Uint8Array & { toBase64(): string }).toBase64();
}

export interface Message {
  readonly content: readonly { readonly type: string; readonly text?: string; readonly input?: unknown }[];
  readonly stop_reason: string;
  readonly stop_details: unknown;
  readonly usage: {
    readonly input_tokens: number;
    readonly output_tokens: number;
    readonly service_tier: string;
  };
}

/** The text of the first text block of a 200 answer. */
export async function textOf(response: Response): Promise<string> {
  if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
  const message: Message = await response.json();
  const text = message.content.find((block) => block.type === 'text')?.text;
  if (text === undefined) throw new Error('no text block');
  return text;
}

/** Status, type and text of an error answer. */
export async function errorOf(response: Response): Promise<{ status: number; type: string; message: string }> {
  const body: { type: string; error: { type: string; message: string }; request_id: string } = await response.json();
  if (body.type !== 'error' || body.request_id !== response.headers.get('request-id')) {
    throw new Error(`not the documented envelope: ${JSON.stringify(body)}`);
  }
  return { status: response.status, ...body.error };
}
