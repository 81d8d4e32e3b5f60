import { describe, expect, it } from 'vitest';
import { foundryProvider } from '../../../src/adapter/upstream/foundry.ts';
import { callOf, openOn } from './wire.ts';

const FOUNDRY = { PROVIDER: 'foundry', ANTHROPIC_FOUNDRY_RESOURCE: 'studio', ANTHROPIC_FOUNDRY_API_KEY: 'foundry-key' };
const BODY = '{ "model":"claude-sonnet-5-5", "stream":true, "seed":12345678901234567890 }';

const open = (environment: Record<string, string>, answer?: () => Response) => openOn(environment, answer, { foundry: foundryProvider });

describe('Microsoft Foundry', () => {
  it('gets the very bytes of the body, with its own key alone', async () => {
    const { upstream, sent } = open(FOUNDRY);
    await upstream.send(callOf(BODY));
    expect(sent[0]).toMatchObject({ url: 'https://studio.services.ai.azure.com/anthropic/v1/messages', method: 'POST', text: BODY });
    expect(sent[0]?.headers.get('x-api-key')).toBe('foundry-key');
    expect(sent[0]?.headers.has('authorization')).toBe(false);
    expect(sent[0]?.headers.get('anthropic-version')).toBe('2023-06-01');
    expect(sent[0]?.headers.get('content-type')).toBe('application/json');
  });

  it('gets counts and the name of a deployment at another address', async () => {
    const { upstream, sent } = open({
      ...FOUNDRY,
      ANTHROPIC_FOUNDRY_BASE_URL: 'https://private.test/anthropic/',
      PROVIDER_MODELS: '{"claude-sonnet-5-5":"my-deployment"}',
    });
    await upstream.send(callOf(BODY, { path: 'messages/count_tokens' }));
    expect(sent[0]?.url).toBe('https://private.test/anthropic/v1/messages/count_tokens');
    expect(sent[0]?.text).toBe('{"model":"my-deployment","stream":true,"seed":12345678901234567890}');
  });

  it('gives answers and errors as they are', async () => {
    const headers = { 'retry-after': '4', 'request-id': 'req_9' };
    const response = await open(FOUNDRY, () => new Response('raw', { status: 429, headers })).upstream.send(callOf(BODY));
    expect([response.status, response.headers.get('retry-after'), response.headers.get('request-id'), await response.text()]).toEqual([
      429,
      '4',
      'req_9',
      'raw',
    ]);
  });

  it('takes what the Anthropic API takes, files too', async () => {
    const { upstream, files, sent } = open(FOUNDRY);
    expect(upstream.limits).toMatchObject({ sources: ['base64', 'url', 'file'], base64CharactersMax: 10_485_760 });
    await files?.('DELETE', 'files/file_1', undefined, new AbortController().signal);
    expect(sent[0]).toMatchObject({ method: 'DELETE', url: 'https://studio.services.ai.azure.com/anthropic/v1/files/file_1' });
    expect(sent[0]?.headers.get('x-api-key')).toBe('foundry-key');
  });
});
