import { beforeAll, describe, expect, it } from 'vitest';
import { googleToken } from '../../../src/adapter/upstream/google-token.ts';

const EMAIL = 'vignette@my-project.iam.gserviceaccount.com';
const TOKEN_URL = 'https://oauth2.test/token';
const RSA = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) };

let publicKey: CryptoKey;
let privateKey: string;

beforeAll(async () => {
  const pair = (await crypto.subtle.generateKey(RSA, true, ['sign', 'verify'])) as CryptoKeyPair;
  ({ publicKey } = pair);
  const pkcs8 = new Uint8Array((await crypto.subtle.exportKey('pkcs8', pair.privateKey)) as ArrayBuffer);
  const lines = pkcs8.toBase64().match(/.{1,64}/g) ?? [];
  privateKey = `-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n`;
});

function tokens(answer: (count: number) => Response, key = privateKey) {
  const asked: Request[] = [];
  const credentials = { kind: 'service-account', email: EMAIL, privateKey: key, tokenUrl: TOKEN_URL } as const;
  const token = googleToken(credentials, async (input, init) => {
    asked.push(new Request(input as string, init as RequestInit));
    return answer(asked.length);
  });
  return { token: () => token(new AbortController().signal), asked };
}

const base64url = (text: string) => Uint8Array.fromBase64(text, { alphabet: 'base64url' });

describe('a service account', () => {
  it('gets a token for an assertion that its key has signed', async () => {
    const { token, asked } = tokens(() => Response.json({ access_token: 'ya29.first', expires_in: 3599, token_type: 'Bearer' }));
    expect(await token()).toBe('ya29.first');
    const form = new URLSearchParams(await asked[0]?.text());
    expect([asked[0]?.url, form.get('grant_type')]).toEqual([TOKEN_URL, 'urn:ietf:params:oauth:grant-type:jwt-bearer']);
    const [header = '', claims = '', signature = ''] = (form.get('assertion') ?? '').split('.');
    const isValid = await crypto.subtle.verify(RSA.name, publicKey, base64url(signature), new TextEncoder().encode(`${header}.${claims}`));
    expect(isValid).toBe(true);
    const decoded = [header, claims].map((part) => JSON.parse(new TextDecoder().decode(base64url(part))));
    expect(decoded[0]).toEqual({ alg: 'RS256', typ: 'JWT' });
    expect(decoded[1]).toMatchObject({ iss: EMAIL, aud: TOKEN_URL, scope: 'https://www.googleapis.com/auth/cloud-platform' });
    expect(decoded[1].exp - decoded[1].iat).toBe(3600);
  });

  it('uses a token until shortly before its end', async () => {
    const lasting = tokens((count) => Response.json({ access_token: `t${count}`, expires_in: 3600 }));
    expect([await lasting.token(), await lasting.token()]).toEqual(['t1', 't1']);
    const ending = tokens((count) => Response.json({ access_token: `t${count}`, expires_in: 300 }));
    expect([await ending.token(), await ending.token()]).toEqual(['t1', 't2']);
  });

  it.each([
    [() => Response.json({ error: 'invalid_grant' }, { status: 400 }), false],
    [() => new Response('<html>', { status: 503 }), true],
    [() => Response.json({ id_token: 'x' }), false],
    [() => new Response('not json'), false],
  ])('that is granted none is upstream_error', async (answer, retryable) => {
    await expect(tokens(answer).token()).rejects.toMatchObject({ code: 'upstream_error', retryable, billed: false });
  });

  it('with a key that is none is upstream_error, which does not quote it', async () => {
    const { token, asked } = tokens(() => Response.json({}), '-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----');
    const fault = (await token().catch((error: unknown) => error)) as Error;
    expect(fault).toMatchObject({ code: 'upstream_error', retryable: false });
    expect([fault.cause, /c2VjcmV0|secret/.test(fault.message)]).toEqual([undefined, false]);
    expect(asked).toEqual([]);
  });
});

it('a configured token is used as it is', async () => {
  const token = googleToken({ kind: 'access-token', token: 'ya29.own' }, fetch);
  expect(await token(new AbortController().signal)).toBe('ya29.own');
});
