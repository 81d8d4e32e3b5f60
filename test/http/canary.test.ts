import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { crc32 } from '../../src/core/crc32.ts';
import { logLine } from '../../src/log.ts';
import { canaries, storedTraces, type Trace, tracesOf } from '../support/canary.ts';
import { fixture } from '../support/fixture.ts';
import { startService } from '../support/service.ts';
import { bindings, emptyStorage } from '../support/storage.ts';
import { withoutWaiting } from '../support/waiting.ts';

/** Long enough to be met nowhere by chance, each unlike the others. */
const VALUES = {
  'our key': 'vgn_canary-caller-7f31c0d2a9',
  'key of Anthropic': 'sk-ant-canary-4be0172c65',
  // Of no form that a secret is known by.
  'token of the gateway': 'canary/gateway+token=0e83a1',
  'wrong key': 'canary-wrong-key-90d1f2',
  prompt: 'canary-prompt-1c4f',
  system: 'canary-system-b82e',
  context: 'canary-context-63d9',
  metadata: 'canary-metadata-e05a',
  'marker in the picture': 'canary-chunk-9a77',
  'query of an address': 'canary-query-2f6b',
  'name of a file': 'canary-file-d413',
  cookie: 'canary-cookie-58aa',
};

/** A PNG with a text chunk after its header (PNG §11.3.3.3), so that its own bytes carry a canary. */
function marked(name: string): Uint8Array<ArrayBuffer> {
  const file = fixture(name);
  const body = new TextEncoder().encode(`tEXtComment\0${VALUES['marker in the picture']} ${name}`);
  const chunk = new Uint8Array(body.length + 8);
  new DataView(chunk.buffer).setUint32(0, body.length - 4);
  chunk.set(body, 4);
  new DataView(chunk.buffer).setUint32(body.length + 4, crc32(body));
  const afterHeader = 8 + 25;
  return new Uint8Array([...file.subarray(0, afterHeader), ...chunk, ...file.subarray(afterHeader)]);
}

const PICTURES = ['png-rgb8.png', 'png-orientation-6-big-endian.png', 'png-palette.png'].map(marked);
const [small, turned, palette] = PICTURES as [Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>];
const searcher = canaries(VALUES, PICTURES);

const wrong = { authorization: `Bearer ${VALUES['wrong key']}` };
const withKey = { authorization: `Bearer ${VALUES['our key']}`, cookie: VALUES.cookie };
const asked = {
  prompt: VALUES.prompt,
  system: VALUES.system,
  context: { page_title: VALUES.context, role: 'informative' },
  metadata: { note: VALUES.metadata },
  fields: ['alt_text'],
};
const message = {
  model: 'claude-haiku-5-5',
  max_tokens: 64,
  system: VALUES.system,
  messages: [
    {
      role: 'user',
      content: [
        { type: 'image', source: { type: 'base64', media_type: 'image/png', data: turned.toBase64() } },
        { type: 'text', text: VALUES.prompt },
      ],
    },
  ],
};

/** How Claude answers with all that it was sent: with an error of this status, or with one in the middle of a stream. */
type Echo = number | 'in a stream';

async function echoOf(request: Request, echo: Echo): Promise<Response> {
  const sent = `bad request: ${JSON.stringify([...request.headers])} ${new TextDecoder().decode(await request.arrayBuffer())}`;
  const headers = { 'x-echo': VALUES['key of Anthropic'], 'request-id': 'req_echo', 'cf-aig-authorization': VALUES['token of the gateway'] };
  const error = { type: 'error', error: { type: 'invalid_request_error', message: sent } };
  if (echo !== 'in a stream') return Response.json(error, { status: echo, headers });
  const events = ['event: message_start\ndata: {"type":"message_start","message":{}}\n\n', `event: error\ndata: ${JSON.stringify(error)}\n\n`];
  return new Response(events.join(''), { headers: { ...headers, 'content-type': 'text/event-stream' } });
}

/** A service whose Claude and whose servers of images may answer with all that they were sent. */
function startLeaky() {
  let echoes: Echo | undefined;
  const service = startService({
    environment: {
      VIGNETTE_API_KEYS: `acme:${VALUES['our key']}`,
      ANTHROPIC_API_KEY: VALUES['key of Anthropic'],
      AI_GATEWAY_TOKEN: VALUES['token of the gateway'],
    },
    origin: (request) => {
      if (request.url.includes('broken')) throw new Error(`cannot reach ${request.url}`);
      if (request.url.includes('missing')) return new Response(request.url, { status: 404, headers: { 'x-echo': request.url } });
      return new Response(request.url.includes('page') ? `<html>${request.url}` : palette);
    },
    wire: async (request, next) => (echoes === undefined ? next(request) : echoOf(request, echoes)),
  });
  return {
    service,
    /** From now on; `undefined`: as it should. */
    echo: (echo: Echo | undefined) => {
      echoes = echo;
    },
  };
}

describe('what leaves the service, and what stays', () => {
  withoutWaiting();
  const written: string[] = [];
  beforeEach(async () => {
    await emptyStorage();
    written.length = 0;
    for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const)
      vi.spyOn(console, method).mockImplementation((...values: unknown[]) => void written.push(values.map(String).join(' ')));
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('holds nothing of keys, prompts, contexts, addresses or pictures, on every route and whatever goes wrong', { timeout: 60_000 }, async () => {
    const { service, echo } = startLeaky();
    const traces: Trace[] = [];
    const send = async (path: string, init: RequestInit = {}) => {
      const headers = { ...withKey, ...(init.headers as Record<string, string> | undefined) };
      traces.push(...(await tracesOf(`${init.method ?? 'GET'} ${path.split('?')[0]}`, await service.send(path, { ...init, headers }))));
    };
    const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
      send(path, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } });
    const everyPost = async () => {
      await post('/v1/describe', { ...asked, image: { base64: small.toBase64() }, cache: 'refresh' });
      await post('/v1/describe', { ...asked, image: { url: `https://a.example.com/b?signature=${VALUES['query of an address']}` }, cache: 'refresh' });
      await send(`/v1/describe?prompt=${VALUES.prompt}&cache=refresh`, { method: 'POST', body: turned, headers: { 'content-type': 'image/png' } });
    };
    // The drop-in gives Claude's errors as they are, so callers may meet their own words there, and nothing else.
    const everyMessage = async () => {
      for (const version of ['2023-06-01', '2026-10-21']) {
        const headers = { 'anthropic-version': version };
        await post('/v1/messages', message, headers);
        await post('/v1/messages', { ...message, stream: true }, headers);
        await post('/v1/messages', { ...message, stream: true }, { ...headers, 'x-vignette-cache': 'default' });
        await post('/v1/messages/count_tokens', { ...message, max_tokens: undefined }, headers);
      }
    };
    // The name of a file that is uploaded is kept with it.
    const uploadFile = () => {
      const body = new FormData();
      body.set('file', new File([palette], 'palette.png', { type: 'image/png' }));
      return send('/v1/files', { method: 'POST', body });
    };

    // All is well: misses, hits, estimates, stored originals, forms, the drop-in.
    await everyPost();
    await post('/v1/describe', { ...asked, image: { base64: small.toBase64() } });
    await post('/v1/estimate', { ...asked, image: { base64: small.toBase64() } });
    const form = new FormData();
    form.set('image', new File([palette], `${VALUES['name of a file']}.png`, { type: 'image/png' }));
    form.set('prompt', VALUES.prompt);
    await send('/v1/describe', { method: 'POST', body: form });
    await send('/v1/images', { method: 'POST', body: small, headers: { 'content-type': 'image/png' } });
    const { objects } = await bindings.IMAGES.list();
    const id = `sha256:${objects[0]?.key.split('/').at(-1)}`;
    for (const path of [`/v1/images/${id}`, `/v1/images/${id}/sent`, '/v1/models', '/v1/usage', '/healthz', '/docs/error/internal']) await send(path);
    await everyMessage();
    await uploadFile();
    const [fileId] = ((await (await service.send('/v1/files', { headers: withKey })).json()) as any).data.map(({ id: fileId }: any) => fileId);
    await send(`/v1/files/${fileId}`);
    await send(`/v1/files/${fileId}/content`);

    // Callers' faults.
    await post(`/v1/describe?token=${VALUES['query of an address']}`, asked);
    await send('/v1/describe', { method: 'POST', body: `{"${VALUES.prompt}": `, headers: { 'content-type': 'application/json' } });
    await post('/v1/describe', { image: { base64: btoa(`<html>${VALUES.prompt}`) } });
    await post('/v1/describe', { ...asked, image: { base64: small.subarray(0, 60).toBase64() } });
    for (const path of ['broken', 'missing', 'page'])
      await post('/v1/describe', { image: { url: `https://a.example.com/${path}?signature=${VALUES['query of an address']}` } });
    await post('/v1/images', { url: `https://user:${VALUES['query of an address']}@a.example.com/` });
    await send(`/v1/models?key=${VALUES['query of an address']}`, { headers: wrong });
    await send('/v1/usage?from=never', { headers: {} });
    await send(`/nothing?key=${VALUES['query of an address']}`);
    await send('/v1/admin/keys');
    await send(`/v1/images/${id}`, { method: 'PUT', body: small });
    await post('/v1/messages', { ...message, messages: 'none' }, { 'anthropic-version': '2023-06-01' });

    // Claude's faults: its own, and errors that repeat all that they were sent.
    for (const kind of [
      'rate_limit',
      'spend_cap',
      'overloaded',
      'internal',
      'unavailable',
      'timeout',
      'html',
      'malformed_body',
      'reset',
      'refusal',
      'max_tokens',
    ]) {
      await service.fail(kind);
      await post('/v1/describe', { ...asked, image: { base64: small.toBase64() }, cache: 'refresh' });
      await service.simulate('faults');
    }
    for (const status of [400, 401, 403, 404, 413, 429, 500, 503, 504, 529] as const) {
      echo(status);
      await everyPost();
      await post('/v1/describe', { ...asked, image: { base64: small.toBase64() }, cache: 'refresh', source: 'file' });
      await everyMessage();
      await uploadFile();
      await send(`/v1/files/${fileId}`, { method: 'DELETE' });
    }
    echo('in a stream');
    await everyMessage();
    echo(undefined);
    traces.push(...(await storedTraces()));
    await send(`/v1/images/${id}`, { method: 'DELETE' });
    traces.push(...(await storedTraces()));
    traces.push(...service.logs.map((entry) => ({ place: 'a line of the log', text: JSON.stringify(entry) })));
    traces.push(...service.logs.map((entry) => ({ place: 'a written line', text: logLine(entry) })));
    traces.push(...written.map((text) => ({ place: 'the console', text })));

    const places = new Set(traces.map(({ place }) => place.replace(/ .*$/, '')));
    for (const place of ['headers', 'stream', '400', '401', '403', '404', '422', '429', '502', '503', '504', 'R2', 'ACCOUNTS,', 'FLIGHTS,'])
      expect(places).toContain(place);
    expect(traces.filter(({ place }) => place.startsWith('a value of KV')).length).toBeGreaterThan(3);
    expect(service.logs.length).toBeGreaterThan(60);
    const own = (leak: string) => /^(\d+|stream) of POST \/v1\/messages(\/count_tokens)?: (prompt|system|base64 of a picture)$/.test(leak);
    expect([...new Set(searcher.leaksIn(traces))].filter((leak) => !own(leak))).toEqual([]);
  });

  it('is searched in earnest: a leak in any place is found', async () => {
    const place = 'a line of the log';
    for (const [name, value] of Object.entries(VALUES)) expect(searcher.leaksIn([{ place, text: `{"stack":"at ${value}:1"}` }])).toEqual([`${place}: ${name}`]);
    for (const start of [0, 1, 2, 17]) {
      const text = new Uint8Array(turned.subarray(start)).toBase64();
      expect(searcher.leaksIn([{ place, text: `x ${text.slice(3, 67)} x` }])).toEqual([`${place}: base64 of a picture`]);
      expect(searcher.leaksIn([{ place, text: text.slice(3, 66) }])).toEqual([]);
    }
    expect(searcher.leaksIn([{ place, text: new Uint8Array(turned).toBase64({ alphabet: 'base64url' }) }])).toEqual([`${place}: base64 of a picture`]);
    await bindings.DESCRIPTIONS.put(`leak:${VALUES.prompt}`, small, { metadata: { cookie: VALUES.cookie } });
    await bindings.IMAGES.put('leak', small, { customMetadata: { name: VALUES['name of a file'] } });
    const found = searcher.leaksIn(await storedTraces());
    expect(found).toContain('a key of KV: prompt');
    expect(found).toContain('metadata in KV: cookie');
    expect(found).toContain('a value of KV (leak): marker in the picture');
    expect(found).toContain('R2: name of a file');
    const problem = new Response(VALUES.prompt, { status: 400, headers: { 'x-echo': VALUES.system } });
    expect(searcher.leaksIn(await tracesOf('POST /', problem))).toEqual(['headers of POST /: system', '400 of POST /: prompt']);
  });
});
