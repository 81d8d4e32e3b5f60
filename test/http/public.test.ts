import { describe, expect, it } from 'vitest';
import { expectProblem } from '../support/problem.ts';
import { startService } from '../support/service.ts';

/** The contract's codes with their statuses, those that later versions use included. */
const CODES: Readonly<Record<string, number>> = {
  invalid_request: 400,
  unauthorized: 401,
  budget_exceeded: 402,
  forbidden: 403,
  not_found: 404,
  idempotency_conflict: 409,
  body_too_large: 413,
  image_too_large: 413,
  unsupported_media_type: 415,
  image_undecodable: 422,
  image_unfetchable: 422,
  url_forbidden: 422,
  idempotency_mismatch: 422,
  rate_limited: 429,
  model_refused: 422,
  model_truncated: 422,
  upstream_error: 502,
  overloaded: 503,
  upstream_timeout: 504,
  internal: 500,
};

describe('GET /v1/models', () => {
  it('lists the models with tiers, limits and prices', async () => {
    const body = (await (await startService().send('/v1/models')).json()) as any;
    expect(body).toMatchObject({ type: 'list', default_model: 'claude-haiku-5-5', prices_as_of: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/) });
    expect(body.tiers).toEqual([
      { id: 'standard', max_long_edge_px: 1568, max_image_tokens: 1568 },
      { id: 'high', max_long_edge_px: 2576, max_image_tokens: 4784 },
    ]);
    expect(body.data[0]).toEqual({
      id: 'claude-haiku-5-5',
      type: 'model',
      tier: 'high',
      context_tokens: 1_000_000,
      max_images: 600,
      price_usd_per_million_tokens: { input: 0.1, output: 0.5, cache_read: 0.01 },
      long_prompt: { above_input_tokens: 100_000, price_usd_per_million_tokens: { input: 0.5, output: 2.5, cache_read: 0.05 } },
    });
    expect(body.data.find((model: any) => model.id === 'claude-fable-5-2')).toMatchObject({ context_tokens: null, price_usd_per_million_tokens: null });
    expect(new Set(body.data.map((model: any) => model.id)).size).toBe(body.data.length);
  });

  it('holds what the operator says of models', async () => {
    const overrides = { 'claude-opus-5': { tier: 'standard' }, 'my-model': { price: { base: { input: 1, output: 2, cacheRead: 0.1 } }, imagesMax: 5 } };
    const service = startService({ environment: { MODEL_OVERRIDES: JSON.stringify(overrides), DEFAULT_MODEL: 'my-model' } });
    const body = (await (await service.send('/v1/models')).json()) as any;
    expect(body.default_model).toBe('my-model');
    expect(body.data.find((model: any) => model.id === 'claude-opus-5').tier).toBe('standard');
    expect(body.data.at(-1)).toMatchObject({
      id: 'my-model',
      tier: 'standard',
      max_images: 5,
      price_usd_per_million_tokens: { input: 1, output: 2, cache_read: 0.1 },
    });
  });

  it('takes no parameter, and says so', async () => {
    const { param, detail } = await expectProblem(await startService().send('/v1/models?limt=5'), 'invalid_request');
    expect([param, detail]).toEqual(['limt', 'There is no parameter "limt" here; this route takes none. Check the spelling, or leave it out.']);
  });

  it('takes HEAD and names its methods to others', async () => {
    const service = startService();
    expect((await service.send('/v1/models', { method: 'HEAD' })).status).toBe(200);
    const response = await service.send('/v1/models', { method: 'POST' });
    expect(response.headers.get('allow')).toBe('GET, HEAD');
    await expectProblem(response, 'not_found');
  });
});

describe('GET /healthz', () => {
  it('says that the service is up, and in which environment', async () => {
    const response = await startService().send('/healthz', { headers: { authorization: '' } });
    expect(await response.json()).toEqual({ status: 'ok', service: 'vignette', environment: 'production' });
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  const simulator = { ANTHROPIC_BASE_URL: 'http://127.0.0.1:8788', ANTHROPIC_API_KEY: 'simulated' };
  it.each([
    ['a simulator', simulator, true],
    ['a gateway with a real key', { ...simulator, ANTHROPIC_API_KEY: 'sk-ant-real' }, undefined],
    ['the public API', { ANTHROPIC_BASE_URL: '', ANTHROPIC_API_KEY: 'simulated' }, undefined],
  ])('says whether Claude is simulated: behind %s', async (_, environment, expected) => {
    const response = await startService({ environment }).send('/healthz', { headers: { authorization: '' } });
    expect(((await response.json()) as any).simulated).toBe(expected);
  });
});

describe('an address where nothing is', () => {
  const BROWSER = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };

  it.each(['/nothing', '/docs/error/nothing'])('%s is a page with ways back for a browser', async (path) => {
    const response = await startService().send(path, { headers: BROWSER });
    expect([response.status, response.headers.get('content-type')]).toEqual([404, 'text/html; charset=UTF-8']);
    expect(await response.text()).toMatch(/<h1>Nothing is here<\/h1>[\s\S]*<a href="\/">[\s\S]*<a href="\/docs">/);
  });

  it('is named as text, whatever stands in it', async () => {
    const page = await (await startService().send('/%3Cscript%3E"<b>', { headers: BROWSER })).text();
    expect(page).not.toMatch(/<script|<b>/);
  });

  it.each([
    ['a program', '/nothing', { accept: '*/*' }],
    ['a browser below /v1', '/v1/nothing', BROWSER],
  ])('is a problem document for %s', async (_, path, headers) => {
    await expectProblem(await startService().send(path, { headers }), 'not_found');
  });
});

describe('GET /openapi.json', () => {
  it('documents every route, code and field, for this deployment', async () => {
    const service = startService();
    const document = (await (await service.send('/openapi.json', { headers: { authorization: '' } })).json()) as any;
    expect(document.openapi).toBe('3.1.0');
    expect(document.servers).toEqual([{ url: 'https://vignette.test' }]);
    expect(Object.entries(document.paths).map(([path, item]: [string, any]) => `${path} ${Object.keys(item).filter((key) => key !== 'parameters')}`)).toEqual([
      '/v1/describe post',
      '/v1/estimate post',
      '/v1/images post',
      '/v1/images/{image_id} get,delete',
      '/v1/images/{image_id}/sent get',
      '/v1/messages post',
      '/v1/messages/count_tokens post',
      '/v1/files post,get',
      '/v1/files/{file_id} get,delete',
      '/v1/models get',
      '/v1/usage get',
      '/v1/usage/{id} get',
      '/metrics get',
      '/v1/admin/keys post,get',
      '/v1/admin/keys/{id} get,patch,delete',
      '/v1/admin/keys/{id}/rotate post',
      '/v1/admin/purge post',
      '/healthz get',
    ]);
    expect(document.components.schemas.Problem.properties.code.enum.toSorted()).toEqual(Object.keys(CODES).toSorted());
    const body = document.paths['/v1/describe'].post.requestBody.content['application/json'].schema;
    expect(Object.keys(body.properties).toSorted()).toEqual(
      [
        'image',
        'images',
        'fields',
        'prompt',
        'system',
        'languages',
        'max_length',
        'context',
        'model',
        'detail',
        'source',
        'max_cost_usd',
        'max_tokens',
        'cache',
        'max_age_seconds',
        'scope',
        'near_duplicate',
        'store',
        'metadata',
      ].toSorted(),
    );
    expect(body.additionalProperties).toBe(false);
  });

  it('has no reference that leads nowhere', async () => {
    const document = (await (await startService().send('/openapi.json')).json()) as any;
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path = '']) => path);
    expect(references.length).toBeGreaterThan(0);
    for (const path of references)
      expect(
        path.split('/').reduce((value, key) => value?.[key], document),
        path,
      ).toBeDefined();
  });
});

describe('GET /docs/error/{code}', () => {
  it.each(Object.entries(CODES))('%s has a page with its status and a remedy', async (code, status) => {
    const response = await startService().send(`/docs/error/${code}`, { headers: { authorization: '' } });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/html/);
    const page = await response.text();
    expect(page).toContain(`<h1><code>${code}</code></h1>`);
    expect(page).toContain(`HTTP status ${status}`);
    expect(page).toMatch(/<h2>What to do<\/h2>\s*<ul>\s*<li>(<code>|[A-Z&])/);
  });

  it('is where the type of a problem leads, and its links lead on', async () => {
    const service = startService();
    const problem = await expectProblem(await service.send('/v1/nothing'), 'not_found');
    const page = await service.send(new URL(problem.type).pathname);
    expect(page.status).toBe(200);
    const ways = [...(await page.text()).matchAll(/href="(\/docs\/error[^"]*)"/g)].map(([, path = '']) => path);
    expect(ways).toContain('/docs/error');
    for (const path of ways) expect((await service.send(path)).status, path).toBe(200);
  });

  it('with a slash alone leads to the list of all', async () => {
    const response = await startService().send('/docs/error/', { redirect: 'manual' });
    expect([response.status, response.headers.get('location')]).toEqual([308, '/docs/error']);
  });

  it('the list of all has one link for each', async () => {
    const service = startService();
    const links = [...(await (await service.send('/docs/error')).text()).matchAll(/href="\/docs\/error\/([^"]+)"/g)].map(([, code]) => code);
    expect(links).toEqual(Object.keys(CODES));
  });

  it.each(['nothing', 'toString', '__proto__', '%3Cscript%3E'])('of "%s" is a 404', async (code) => {
    await expectProblem(await startService().send(`/docs/error/${code}`), 'not_found');
  });
});
