/** AWS Signature Version 4 of a received request, computed from the specification ("Create a signed AWS API request") and WebCrypto. */
import type { Recorded } from './wire.ts';

const encoder = new TextEncoder();
const hex = (bytes: ArrayBuffer) => new Uint8Array(bytes).toHex();
const sha256 = async (text: string) => hex(await crypto.subtle.digest('SHA-256', encoder.encode(text)));

async function hmac(key: BufferSource, text: string): Promise<ArrayBuffer> {
  const imported = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return crypto.subtle.sign('HMAC', imported, encoder.encode(text));
}

/** The `authorization` header that this request must have. */
export async function expectedAuthorization(request: Recorded, accessKeyId: string, secret: string, region: string): Promise<string> {
  const url = new URL(request.url);
  const signedHeaders = /SignedHeaders=([^,]+)/.exec(request.headers.get('authorization') ?? '')?.[1] ?? '';
  const valueOf = (name: string) => (name === 'host' ? url.host : (request.headers.get(name) ?? '').trim());
  const canonical = [
    request.method,
    url.pathname
      .split('/')
      .map((segment) => encodeURIComponent(segment))
      .join('/'),
    url.search.slice(1),
    ...signedHeaders.split(';').map((name) => `${name}:${valueOf(name)}`),
    '',
    signedHeaders,
    await sha256(request.text),
  ].join('\n');
  const date = request.headers.get('x-amz-date') ?? '';
  const scope = `${date.slice(0, 8)}/${region}/bedrock/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', date, scope, await sha256(canonical)].join('\n');
  let key: BufferSource = encoder.encode(`AWS4${secret}`);
  for (const part of scope.split('/')) key = await hmac(key, part);
  return `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${hex(await hmac(key, toSign))}`;
}
