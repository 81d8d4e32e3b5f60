import { describe, expect, it } from 'vitest';
import type { ProviderFactories } from '../../../src/adapter/upstream/provider.ts';
import { fixture } from '../../support/fixture.ts';
import { problemOf, startService } from '../../support/service.ts';

const PNG = fixture('png-rgb8.png').toBase64();
const environment = { PROVIDER: 'bedrock', AWS_REGION: 'eu-central-1', AWS_BEARER_TOKEN_BEDROCK: 'b' };

/** A provider that takes base64 alone, and two pictures at most; what it gets is recorded. */
function small() {
  const bodies: any[] = [];
  const providers: ProviderFactories = {
    bedrock: () => ({
      upstream: {
        limits: { sources: ['base64'], base64CharactersMax: 5_242_880, bodyBytesMax: 20_971_520, imagesMax: 2, supportsOversizedGuard: false },
        send: async ({ body }) => {
          bodies.push(JSON.parse(await new Response(body).text()));
          return Response.json({
            type: 'message',
            role: 'assistant',
            model: 'claude-haiku-5-5',
            content: [{ type: 'text', text: 'A square' }],
            stop_reason: 'end_turn',
            usage: { input_tokens: 1, output_tokens: 1 },
          });
        },
      },
    }),
  };
  return { service: startService({ environment, providers }), bodies };
}

describe('a provider that takes base64 alone', () => {
  it.each(['/v1/describe', '/v1/estimate'])('has every other source refused before anything is fetched: %s', async (path) => {
    const { service, bodies } = small();
    for (const source of ['url', 'file']) {
      const problem = await problemOf(await service.post(path, { image: { url: 'https://pictures.example.com/a.png' }, source }));
      expect(problem).toMatchObject({ status: 400, code: 'invalid_request', param: 'source' });
      expect(problem.detail).toContain('only base64');
    }
    expect([service.fetched.length, bodies.length]).toEqual([0, 0]);
  });

  it('gets no guard that it does not know', async () => {
    const { service, bodies } = small();
    expect((await service.post('/v1/describe', { image: { base64: PNG }, prompt: 'What?', source: 'base64' })).status).toBe(200);
    expect(bodies[0].messages[0].content[0]).not.toHaveProperty('transformations');
  });

  it('has its own number of pictures', async () => {
    const { service } = small();
    const problem = await problemOf(await service.post('/v1/describe', { images: [{ base64: PNG }, { base64: PNG }, { base64: PNG }] }));
    expect(problem).toMatchObject({ status: 400, param: 'images' });
    expect(problem.detail).toContain('at most 2');
  });
});
