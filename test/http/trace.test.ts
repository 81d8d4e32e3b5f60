import { beforeEach, describe, expect, it } from 'vitest';
import { fixture } from '../support/fixture.ts';
import { startService } from '../support/service.ts';
import { emptyStorage } from '../support/storage.ts';
import { withoutWaiting } from '../support/waiting.ts';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const headers = { traceparent: `00-${TRACE_ID}-00f067aa0ba902b7-01`, tracestate: 'vendor=1' };

/** A service, and the headers of what it sends to Claude and to the servers of images. */
function startWatched() {
  const toClaude: Headers[] = [];
  const service = startService({
    origin: () => new Response(fixture('png-rgb8.png')),
    wire: (request, next) => {
      toClaude.push(request.headers);
      return next(request);
    },
  });
  return { service, toClaude };
}

describe('the trace of a request', () => {
  withoutWaiting();
  beforeEach(emptyStorage);

  it('goes on to Claude under a span of ours, and stands in the log', async () => {
    const { service, toClaude } = startWatched();
    await service.post('/v1/describe', { image: { base64: fixture('png-rgb8.png').toBase64() } }, headers);
    const [line] = service.logs;
    expect(line?.trace_id).toBe(TRACE_ID);
    expect(line?.span_id).not.toBe('00f067aa0ba902b7');
    expect(toClaude.map((sent) => [sent.get('traceparent'), sent.get('tracestate')])).toEqual([[`00-${TRACE_ID}-${line?.span_id}-01`, 'vendor=1']]);
  });

  it('stays the same over retries', async () => {
    const { service, toClaude } = startWatched();
    await service.fail('overloaded');
    await service.post('/v1/describe', { image: { base64: fixture('png-rgb8.png').toBase64() } }, headers);
    expect(toClaude).toHaveLength(2);
    expect(toClaude[0]?.get('traceparent')).toBe(toClaude[1]?.get('traceparent'));
  });

  it('begins here with the digits of the request id when the caller has none, or a faulty one', async () => {
    for (const faulty of [{}, { ...headers, traceparent: 'nonsense' }]) {
      const { service, toClaude } = startWatched();
      const response = await service.post('/v1/describe', { image: { base64: fixture('png-rgb8.png').toBase64() }, cache: 'refresh' }, faulty);
      const id = response.headers.get('x-request-id')?.slice('req_'.length);
      expect(service.logs[0]?.trace_id).toBe(id);
      expect(toClaude[0]?.get('traceparent')).toBe(`00-${id}-${service.logs[0]?.span_id}-01`);
      expect(toClaude[0]?.get('tracestate')).toBeNull();
    }
  });

  it('is not told to the servers of images', async () => {
    const { service } = startWatched();
    await service.post('/v1/describe', { image: { url: 'https://images.example.com/a.png' } }, headers);
    expect(service.fetched).toHaveLength(1);
    expect(service.fetched[0]?.headers.get('traceparent')).toBeNull();
    expect(service.fetched[0]?.headers.get('tracestate')).toBeNull();
  });

  it('has a span for each stage, ended also when the stage fails', async () => {
    const { service } = startWatched();
    await service.fail('internal');
    await service.post('/v1/describe', { image: { url: 'https://images.example.com/a.png' } });
    const begun = service.spans.filter((name) => !name.startsWith('/'));
    expect([...new Set(begun)]).toEqual(['body', 'load', 'alias', 'fetch', 'cache', 'flight', 'transcode', 'model']);
    expect(service.spans.filter((name) => name.startsWith('/')).toSorted()).toEqual(begun.map((name) => `/${name}`).toSorted());
  });
});
