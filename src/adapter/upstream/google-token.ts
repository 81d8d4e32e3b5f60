/** Access tokens of a Google service account, by the JWT bearer grant (RFC 7523), signed with WebCrypto. */
import * as z from 'zod';
import { Fault } from '../../core/fault.ts';
import type { VertexConfig } from '../../provider-config.ts';
import { transport } from './transport.ts';

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';
const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
/** Google grants an hour at most. */
const LIFETIME_SECONDS = 3600;
/** A token is renewed before it ends, so that none ends on its way. */
const RENEWAL_SECONDS = 300;

const tokenSchema = z.object({ access_token: z.string().min(1), expires_in: z.number().min(1) });

/** Gives a token that holds for some minutes at least; one an isolate, renewed when it is about to end. @throws upstream_error, upstream_timeout */
export function googleToken(credentials: VertexConfig['credentials'], fetch: typeof globalThis.fetch): (signal: AbortSignal) => Promise<string> {
  if (credentials.kind === 'access-token') return async () => credentials.token;
  let known: { readonly token: string; readonly renewAtMs: number } | undefined;
  return async (signal) => {
    const nowMs = Date.now();
    if (known !== undefined && nowMs < known.renewAtMs) return known.token;
    // Requests that come at once may each fetch one: a promise shared between requests would end with the first of them.
    const { access_token: token, expires_in: seconds } = await grant(credentials, Math.floor(nowMs / 1000), signal, fetch);
    known = { token, renewAtMs: nowMs + (seconds - RENEWAL_SECONDS) * 1000 };
    return token;
  };
}

type ServiceAccount = VertexConfig['credentials'] & { readonly kind: 'service-account' };

async function grant(account: ServiceAccount, nowSeconds: number, signal: AbortSignal, fetch: typeof globalThis.fetch) {
  const assertion = await sign(account, { iss: account.email, scope: SCOPE, aud: account.tokenUrl, iat: nowSeconds, exp: nowSeconds + LIFETIME_SECONDS });
  const body = new TextEncoder().encode(new URLSearchParams({ grant_type: GRANT, assertion }).toString()) as Uint8Array<ArrayBuffer>;
  const headers = new Headers({ 'content-type': 'application/x-www-form-urlencoded' });
  const response = await transport({ url: account.tokenUrl, method: 'POST', headers, body, signal }, fetch);
  const parsed = tokenSchema.safeParse(response.ok ? await response.json().catch(() => undefined) : undefined);
  if (parsed.success) return parsed.data;
  await response.body?.cancel().catch(() => undefined);
  throw refused(response.status);
}

/** A compact JWS with RS256 (RFC 7515 §3.1, RFC 7518 §3.3). @throws upstream_error when the key cannot be used */
async function sign({ privateKey }: ServiceAccount, claims: Readonly<Record<string, unknown>>): Promise<string> {
  const encoder = new TextEncoder();
  const text = [{ alg: 'RS256', typ: 'JWT' }, claims]
    .map((part) => encoder.encode(JSON.stringify(part)).toBase64({ alphabet: 'base64url', omitPadding: true }))
    .join('.');
  try {
    const der = Uint8Array.fromBase64(privateKey.replace(/-----[A-Z ]+-----|\s/g, ''));
    const key = await crypto.subtle.importKey('pkcs8', der, { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, false, ['sign']);
    const signature = await crypto.subtle.sign('RSASSA-PKCS1-v1_5', key, encoder.encode(text));
    return `${text}.${new Uint8Array(signature).toBase64({ alphabet: 'base64url', omitPadding: true })}`;
  } catch {
    // The cause might quote the key.
    throw new Fault('upstream_error', 'The private key of the service account cannot be used. The operator must check GOOGLE_SERVICE_ACCOUNT_KEY.', {
      retryable: false,
    });
  }
}

function refused(status: number): Fault {
  return new Fault('upstream_error', `Google granted no access token (${status}). The operator must check GOOGLE_SERVICE_ACCOUNT_KEY.`, {
    retryable: status >= 500 || status === 429,
  });
}
