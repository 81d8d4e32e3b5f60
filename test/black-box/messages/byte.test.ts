/** What passes through, passes through to the byte: what reaches upstream, and what comes back. */
import { gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sample } from '../support/origin.ts';
// @ts-expect-error -- a script without types
import { startStack } from '../../../scripts/local/stack.mjs';
import { type Target, TARGETS } from './support/rig.ts';
import { ANSWER, answerJson, type Recorder, startRecorder } from './support/recorder.ts';

/** Valid JSON that every parser and serialiser would give back otherwise: spaces, escapes, numbers, order, unknown fields. */
const ODD = `\n{ "model" : "claude-haiku-5-5",\t"max_tokens":1e2, "messages":[ {"role":"user","content":"a\\u00e9\\/\\ud83d\\ude00 😀"} ,
 {"content":[{"type":"text","text":"one"}],"role":"assistant"},{"role":"user","content":[{"text":"two","type":"text","cache_control":{"type":"ephemeral","ttl":"1h"}}]}],
 "metadata":{"user_id":"0"}, "future":{"10":1,"2":-0.0,"big":12345678901234567890,"e":1E-7,"nested":[[],{},[null,true]]} }\n\n`;

const SSE =
  'event: message_start\ndata: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":1,"output_tokens":1}}}\n\n' +
  ': a comment\n\nevent: ping\ndata: {"type": "ping"}\n\nevent: future_event\ndata: {"type":"future_event","x":1.0}\n\n' +
  'event: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":2}}\n\nevent: message_stop\ndata: {"type":"message_stop"}\n\n';

let recorder: Recorder;
let service: Target & { stop(): Promise<void> };
beforeAll(async () => {
  recorder = await startRecorder();
  service = await startStack({ isTemporary: true, variables: { ANTHROPIC_BASE_URL: recorder.url } });
});
afterAll(async () => {
  await service?.stop();
  recorder?.stop();
});

describe.each(TARGETS)('through %s', (name) => {
  let target: Target;
  beforeAll(() => {
    target = name === 'vignette' ? service : { url: recorder.url, key: 'any' };
  });
  beforeEach(() => {
    recorder.received.length = 0;
    recorder.answer = answerJson;
  });

  const post = (body: string, headers: Record<string, string> = {}, path = '/v1/messages'): Promise<Response> =>
    fetch(target.url + path, {
      method: 'POST',
      headers: { 'x-api-key': target.key, 'anthropic-version': '2023-06-01', 'content-type': 'application/json', ...headers },
      body,
    });
  const arrived = (): string => recorder.received.at(-1)?.body.toString() ?? '';

  it('a request without pictures arrives to the byte', async () => {
    expect((await post(ODD)).status).toBe(200);
    expect(arrived()).toBe(ODD);
    expect(recorder.received[0]).toMatchObject({ method: 'POST', path: '/v1/messages' });
  });

  it('so does a picture that fits, with its odd neighbours', async () => {
    const picture = await sharp(sample('receipt.jpg')).resize(400).jpeg().toBuffer();
    const block = `{"cache_control":{"type":"ephemeral"},"type":"image", "source":{"data":"${picture.toString('base64')}","type":"base64","media_type":"image/jpeg"}}`;
    const body = ODD.replace('[{"text":"two"', `[${block},{"text":"two"`);
    await post(body);
    expect(arrived()).toBe(body);
  });

  it('a picture that must be made smaller changes its source and nothing else', async () => {
    const block = {
      type: 'image',
      source: { type: 'base64', media_type: 'image/jpeg', data: sample('phone-photo.jpg').toString('base64') },
      cache_control: { type: 'ephemeral' },
    };
    const body = ODD.replace('[{"text":"two"', `[${JSON.stringify(block)},{"text":"two"`);
    await post(body);
    const around = (text: string): string[] => text.split(/"source"\s*:\s*\{[^}]*\}/);
    expect(around(arrived()).map((part) => part.replace(/,?\s*"transformations"\s*:\s*\{[^}]*\}/, ''))).toEqual(around(body));
  });

  it('headers of the API pass, and the key of the service does not', async () => {
    await post(ODD, { 'anthropic-version': '2026-10-21', 'anthropic-beta': 'a-2026-01-01,b-2026-02-02', cookie: 'session=1' });
    const headers = recorder.received[0]?.headers ?? {};
    expect(headers).toMatchObject({ 'anthropic-version': '2026-10-21', 'anthropic-beta': 'a-2026-01-01,b-2026-02-02', 'content-type': 'application/json' });
    if (name === 'direct') return;
    expect(JSON.stringify(headers)).not.toContain(target.key);
    expect(headers.cookie).toBeUndefined();
  });

  it('an answer comes back to the byte, with its headers', async () => {
    const response = await post(ODD);
    expect(await response.text()).toBe(ANSWER);
    expect(response.headers.get('request-id')).toBe('req_upstream');
    expect(response.headers.get('anthropic-ratelimit-requests-remaining')).toBe('3999');
  });

  it('so does one that was compressed on its way', async () => {
    recorder.answer = (response) => response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(gzipSync(ANSWER));
    expect(await (await post(ODD)).text()).toBe(ANSWER);
  });

  it('a stream comes back to the byte, comments and unknown events too', async () => {
    recorder.answer = (response) => response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' }).end(SSE);
    const response = await post(ODD.replace('"max_tokens"', '"stream":true,"max_tokens"'));
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(await response.text()).toBe(SSE);
  });

  it('an event is handed on before the next one exists', async () => {
    const [first = '', ...rest] = SSE.split(/(?<=\n\n)/);
    let goOn = (): void => {};
    recorder.answer = (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(first);
      goOn = () => response.end(rest.join(''));
    };
    const response = await post(ODD.replace('"max_tokens"', '"stream":true,"max_tokens"'));
    const reader = (response.body ?? new ReadableStream()).getReader();
    const decoder = new TextDecoder();
    expect(decoder.decode((await reader.read()).value)).toBe(first);
    goOn();
    let text = '';
    for (let part = await reader.read(); !part.done; part = await reader.read()) text += decoder.decode(part.value, { stream: true });
    expect(text).toBe(rest.join(''));
  });

  it('a connection that breaks before the answer is an error that may be tried again', async () => {
    recorder.answer = (response) => response.socket?.destroy();
    const outcome = await post(ODD).then(
      async (response) => [response.status, await response.json()] as const,
      () => undefined,
    );
    if (name === 'direct') return expect(outcome).toBeUndefined();
    expect(outcome?.[0]).toBeGreaterThanOrEqual(500);
    expect(outcome?.[1]).toMatchObject({ type: 'error', error: { type: 'api_error' } });
  });
});
