import { beforeEach, describe, expect, it } from 'vitest';
import { fixture } from '../../support/fixture.ts';
import { pngClaim } from '../../support/picture.ts';
import { emptyStorage } from '../../support/storage.ts';
import { errorOf, imageBlock, QUESTION, startRelay } from './relay.ts';

const HEIC = Uint8Array.from([0, 0, 0, 24, ...new TextEncoder().encode('ftypheic'), 0, 0, 0, 0, ...new TextEncoder().encode('mif1heic')]);
const RIGHT = imageBlock(fixture('jpeg-baseline-420.jpg'), 'image/jpeg');
const urlBlock = (url: string) => ({ type: 'image', source: { type: 'url', url } });

describe('POST /v1/messages answers 400 in the envelope of Anthropic', () => {
  beforeEach(emptyStorage);

  it.each([
    ['HEIC', imageBlock(HEIC, 'image/jpeg'), 'unsupported_media_type', /^messages\.0\.content\.1: This is a HEIC file; .*Convert it/],
    ['nothing', imageBlock(new Uint8Array(), 'image/jpeg'), 'image_undecodable', /^messages\.0\.content\.1: The image is empty/],
    ['text', imageBlock(new TextEncoder().encode('hello world'), 'image/png'), 'unsupported_media_type', /^messages\.0\.content\.1: /],
    [
      'no base64',
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'a!' } },
      'invalid_request',
      /^messages\.0\.content\.1: .*not base64/,
    ],
    ['a header without pixels', imageBlock(pngClaim(3000, 2000), 'image/png'), 'image_undecodable', /^messages\.0\.content\.1: /],
    ['a private address', urlBlock('http://169.254.169.254/latest'), 'url_forbidden', /^messages\.0\.content\.1: .*IP literals/],
    ['an address that is none', urlBlock('a.jpg'), 'invalid_request', /^messages\.0\.content\.1: .*not an absolute URL/],
    ['a missing page', urlBlock('https://images.example.com/gone.jpg'), 'image_unfetchable', /^messages\.0\.content\.1: The server answered 404/],
    [
      'a data URI as an address',
      urlBlock(`data:image/png;base64,${'A'.repeat(9000)}`),
      'invalid_request',
      /^messages\.0\.content\.1: The URL has 9022 bytes.*base64 source/,
    ],
    ['a stored image without a name', urlBlock('vignette:a'), 'invalid_request', /^messages\.0\.content\.1: A stored image is named/],
    [
      'a file in a document',
      { type: 'document', source: { type: 'file', file_id: 'file_011' } },
      'invalid_request',
      /^messages\.0\.content\.1: this file was not made through this service/,
    ],
    [
      'an upload to a container',
      { type: 'container_upload', file_id: 'file_011' },
      'invalid_request',
      /^messages\.0\.content\.1: this file was not made through this service/,
    ],
  ] as const)('for %s, and names the block', async (_, block, code, message) => {
    const service = startRelay();
    const response = await service.ask([RIGHT, block, QUESTION]);
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('request-id')).toBe(response.headers.get('x-request-id'));
    expect(await errorOf(response)).toMatchObject({ type: 'invalid_request_error', message: expect.stringMatching(message), details: { error_code: code } });
    expect(service.outgoing).toEqual([]);
  });

  it('names every bad image, and none of the good', async () => {
    const service = startRelay();
    const response = await service.ask([
      imageBlock(HEIC, 'image/heic'),
      RIGHT,
      { type: 'tool_result', tool_use_id: 't', content: [RIGHT, imageBlock(new Uint8Array(1), 'image/png')] },
    ]);
    const { message, details } = await errorOf(response);
    expect(message.split('\n').map((line) => line.slice(0, line.indexOf(':')))).toEqual(['messages.0.content.0', 'messages.0.content.2.content.1']);
    expect(details).toMatchObject({ error_code: 'unsupported_media_type', param: 'messages.0.content.0' });
  });

  it('counts bad images beyond the first twenty', async () => {
    const service = startRelay();
    const { message } = await errorOf(await service.ask(Array.from({ length: 25 }, () => imageBlock(HEIC, 'image/heic'))));
    expect(message.split('\n')).toHaveLength(21);
    expect(message).toMatch(/\nand 5 more images$/);
  });

  it.each([
    ['no JSON', '{"model":', /not valid JSON: at byte 9/],
    ['a brace alone', '{', /not valid JSON: at byte 1, a double quote is missing\.$/],
    ['no colon', '{"model"}', /not valid JSON: at byte 8, a colon is missing\.$/],
    ['no object', '[]', /not a JSON object/],
    ['no model', '{"messages":[]}', /model: Field required/],
    ['the model twice', '{"model":"a","model":"b"}', /more than once/],
    ['a byte order mark', '\ufeff{"model":"a"}', /not a JSON object/],
    ['two hundred and one levels', `{"model":"a","x":${'['.repeat(200)}${']'.repeat(200)}}`, /deeper than 200/],
  ])('for a body that has %s', async (_, body, message) => {
    const service = startRelay();
    const response = await service.sendText(body);
    expect(response.status).toBe(400);
    expect(await errorOf(response)).toMatchObject({ type: 'invalid_request_error', message: expect.stringMatching(message) });
    expect(service.outgoing).toEqual([]);
  });

  it.each([
    ['x-vignette-source', 'base64'],
    ['x-vignette-cache', 'yes'],
    ['x-vignette-on-disconnect', 'stay'],
  ])('for %s: %s, and names its values', async (name, value) => {
    const response = await startRelay().ask([RIGHT], {}, { [name]: value });
    expect(response.status).toBe(400);
    expect((await errorOf(response)).message).toMatch(new RegExp(`^${name}: "${value}" is not known. Use one of: `));
  });

  it('for a source that the provider does not take', async () => {
    const upstream = {
      limits: { sources: ['base64'], base64CharactersMax: 5_242_880, bodyBytesMax: 20_000_000, supportsOversizedGuard: false },
      send: () => Promise.reject(new Error('unreachable')),
    } as const;
    const response = await startRelay({ ports: { upstream } }).ask([RIGHT], {}, { 'x-vignette-source': 'url' });
    expect(response.status).toBe(400);
    expect((await errorOf(response)).message).toContain('takes no url sources');
  });

  it('for what is not JSON by its content type, or compressed', async () => {
    const service = startRelay();
    const body = JSON.stringify({ model: 'm', messages: [] });
    expect((await errorOf(await service.sendText(body, { 'content-type': 'text/plain' }))).message).toContain('application/json');
    expect((await errorOf(await service.sendText(body, { 'content-encoding': 'gzip' }))).message).toContain('Content-Encoding');
  });

  it("an error of the API comes back as the API's own, with its request id", async () => {
    const service = startRelay();
    const response = await service.ask([{ type: 'image', source: { type: 'video' } }]);
    expect(response.status).toBe(400);
    expect(response.headers.get('request-id')).not.toBe(response.headers.get('x-request-id'));
    const { message, details } = await errorOf(response);
    expect(message).toContain('messages.0.content.0');
    expect(details).toBe(undefined);
  });
});
