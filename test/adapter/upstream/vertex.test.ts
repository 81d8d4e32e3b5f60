import { describe, expect, it } from 'vitest';
import { vertexProvider } from '../../../src/adapter/upstream/vertex.ts';
import { callOf, openOn } from './wire.ts';

const VERTEX = { PROVIDER: 'vertex', CLOUD_ML_REGION: 'europe-west1', ANTHROPIC_VERTEX_PROJECT_ID: 'my-project', GOOGLE_ACCESS_TOKEN: 'ya29.token' };
const REST = '"seed":12345678901234567890,"messages":[{"role":"user","content":"H\\u00e9 é"}]';
const BODY = `{"model":"claude-sonnet-4-5@20250929",${REST}}`;

const open = (environment: Record<string, string>, answer?: (request: Request) => Response | Promise<Response>) =>
  openOn(environment, answer, { vertex: vertexProvider });

describe('Google Cloud', () => {
  it('gets the model in the path, the version in the body, the token, and the rest as it came', async () => {
    const { upstream, sent } = open(VERTEX);
    await upstream.send(callOf(BODY));
    expect(sent[0]?.url).toBe(
      'https://europe-west1-aiplatform.googleapis.com/v1/projects/my-project/locations/europe-west1/publishers/anthropic/models/claude-sonnet-4-5@20250929:rawPredict',
    );
    expect(sent[0]?.text).toBe(`{"anthropic_version":"vertex-2023-10-16",${REST}}`);
    expect(sent[0]?.headers.get('authorization')).toBe('Bearer ya29.token');
    expect(sent[0]?.headers.has('anthropic-version')).toBe(false);
    expect(sent[0]?.headers.has('x-api-key')).toBe(false);
  });

  it('streams by another method, and keeps the member', async () => {
    const { upstream, sent } = open(VERTEX);
    await upstream.send(callOf(`{"model":"claude-x","stream":true,${REST}}`, { headers: new Headers({ 'anthropic-version': '2026-10-21' }) }));
    expect(sent[0]?.url.endsWith('/claude-x:streamRawPredict')).toBe(true);
    expect(sent[0]?.text).toBe(`{"anthropic_version":"2026-10-21","stream":true,${REST}}`);
  });

  it("leaves a body's own version alone", async () => {
    const { upstream, sent } = open(VERTEX);
    await upstream.send(callOf({ anthropic_version: 'own', model: 'claude-x' }));
    expect(sent[0]?.text).toBe('{"anthropic_version":"own"}');
  });

  it.each([
    ['global', 'https://aiplatform.googleapis.com/v1/'],
    ['eu', 'https://aiplatform.eu.rep.googleapis.com/v1/'],
  ])('of region %s has its own address', async (region, address) => {
    const { upstream, sent } = open({ ...VERTEX, CLOUD_ML_REGION: region });
    await upstream.send(callOf(BODY));
    expect(sent[0]?.url.startsWith(address)).toBe(true);
  });

  it('counts tokens under its own name, with its own id of the model in the body', async () => {
    const { upstream, sent } = open({ ...VERTEX, ANTHROPIC_VERTEX_BASE_URL: 'http://vertex.test/v1', PROVIDER_MODELS: '{"claude-x":"claude-x@1"}' });
    await upstream.send(callOf(`{"model":"claude-x",${REST}}`, { path: 'messages/count_tokens' }));
    expect(sent[0]?.url).toBe('http://vertex.test/v1/projects/my-project/locations/europe-west1/publishers/anthropic/models/count-tokens:rawPredict');
    expect(sent[0]?.text).toBe(`{"anthropic_version":"vertex-2023-10-16","model":"claude-x@1",${REST}}`);
  });

  it('takes base64 alone, of 5 MB, in bodies of 30 MB', () => {
    expect(open(VERTEX).upstream.limits).toEqual({
      sources: ['base64'],
      base64CharactersMax: 5_242_880,
      bodyBytesMax: 31_457_280,
      supportsOversizedGuard: false,
    });
  });

  it.each([
    [{ error: { code: 429, message: 'Quota', status: 'RESOURCE_EXHAUSTED' } }, 429, 'rate_limit_error'],
    [[{ error: { code: 403, message: 'Quota', status: 'PERMISSION_DENIED' } }], 403, 'permission_error'],
  ])('has its errors in the envelope of the Anthropic API', async (body, status, type) => {
    const response = await open(VERTEX, () => Response.json(body, { status })).upstream.send(callOf(BODY));
    expect([response.status, response.headers.get('retry-after')]).toEqual([status, status === 429 ? '5' : null]);
    expect(await response.json()).toMatchObject({ type: 'error', error: { type, message: 'Quota' } });
  });
});
