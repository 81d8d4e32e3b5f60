import { beforeEach, describe, expect, it } from 'vitest';
import { isolateDoor } from '../../../src/isolate/door.ts';
import { memoryLedger } from '../../../src/isolate/memory-ledger.ts';
import { fixture } from '../../support/fixture.ts';
import { expectProblem } from '../../support/problem.ts';
import { startService } from '../../support/service.ts';
import { emptyStorage, storedNames } from '../../support/storage.ts';
import { withoutWaiting } from '../../support/waiting.ts';

const PNG = fixture('png-gray8.png');
const TURNED = fixture('png-orientation-6-big-endian.png');

describe('POST /v1/describe under overload', () => {
  const waitedMs = withoutWaiting();
  beforeEach(emptyStorage);

  it.each(['overloaded', 'unavailable'])('%s at the API is tried three times, then told', async (fault) => {
    const service = startService();
    await service.fail({ kind: fault, times: 3 });
    const response = await service.upload('/v1/describe', PNG, 'image/png');
    expect(response.headers.get('retry-after')).toBe('5');
    const problem = await expectProblem(response, 'overloaded');
    expect(problem).toMatchObject({ billed: false, retryable: true, detail: expect.stringMatching(/Claude API is overloaded.*Try again later/) });
    expect((await service.calls()).length).toBe(3);
    expect(waitedMs).toHaveLength(2);
    expect(await storedNames()).toEqual([]);
  });

  it.each(['overloaded', 'unavailable'])('%s twice at the API is not noticed by the caller', async (fault) => {
    const service = startService();
    await service.fail({ kind: fault, times: 2 });
    expect((await service.upload('/v1/describe', PNG, 'image/png')).status).toBe(200);
    expect((await service.simulate('bill')).total.calls).toBe(1);
  });

  it('a request that finds no place is refused before its body is read; what is stored can be read all the same', async () => {
    const door = isolateDoor(1);
    await door.enter();
    const service = startService({ ports: { door, readBody: () => Promise.reject(new Error('the body was read')) } });
    const response = await service.upload('/v1/describe', PNG, 'image/png');
    expect(response.headers.get('retry-after')).toBe('2');
    await expectProblem(response, 'overloaded');
    expect(service.work.joins).toBe(0);
    expect((await service.send('/v1/models')).status).toBe(200);
  });

  it('a request gives its place back, whatever became of it', async () => {
    const service = startService({ ports: { door: isolateDoor(1) } });
    expect((await service.upload('/v1/describe', PNG, 'image/png')).status).toBe(200);
    expect((await service.upload('/v1/describe', new TextEncoder().encode('no picture'), 'image/png')).status).toBe(415);
    expect((await service.upload('/v1/describe', PNG, 'image/png')).status).toBe(200);
    expect(waitedMs).toEqual([]);
  });

  it.each([
    [true, 'overloaded'],
    [false, 'invalid_request'],
  ] as const)('a body that took too long while others waited (%s) is %s', async (isBusy, code) => {
    const door = { ...isolateDoor(), isBusy: () => isBusy };
    const readBody = () => Promise.reject(new DOMException('the body took too long', 'TimeoutError'));
    const response = await startService({ ports: { door, readBody } }).upload('/v1/describe', PNG, 'image/png');
    expect(response.headers.get('retry-after')).toBe(isBusy ? '5' : null);
    await expectProblem(response, code);
  });

  it('a body that finds no memory is refused at once', async () => {
    const ledger = memoryLedger(1_000_000);
    const other = await ledger.reserve(999_990);
    const service = startService({ ports: { ledger } });
    const response = await service.upload('/v1/describe', PNG, 'image/png');
    expect(response.headers.get('retry-after')).toBe('2');
    const problem = await expectProblem(response, 'overloaded');
    expect(problem).toMatchObject({ billed: false, retryable: true, detail: expect.stringMatching(/memory is short.*Try again in 2 s/) });
    expect(await service.calls()).toEqual([]);
    expect(await storedNames()).toEqual([]);
    other.release();
    expect((await service.upload('/v1/describe', PNG, 'image/png')).status).toBe(200);
  });

  it('a picture that finds no memory to be decoded in waits five seconds, then is refused', async () => {
    const ledger = memoryLedger(1_000_000);
    await ledger.reserve(500_000);
    const service = startService({ ports: { ledger } });
    const response = await service.upload('/v1/describe', TURNED, 'image/png');
    expect(response.headers.get('retry-after')).toBe('2');
    await expectProblem(response, 'overloaded');
    expect(waitedMs.reduce((sum, ms) => sum + ms, 0)).toBe(5_000);
    expect(service.work.transcodes).toBe(0);
    expect(await service.calls()).toEqual([]);
  });

  it('a call that finds no memory for its request waits five seconds, then is refused unbilled', async () => {
    // Room for the body, which is read into a first buffer of 64 KiB, and for a part of the call.
    const ledger = memoryLedger(65_536 + PNG.length);
    const service = startService({ ports: { ledger } });
    const response = await service.upload('/v1/describe', PNG, 'image/png');
    expect(response.headers.get('retry-after')).toBe('2');
    expect(await expectProblem(response, 'overloaded')).toMatchObject({ billed: false });
    expect(waitedMs.reduce((sum, ms) => sum + ms, 0)).toBe(5_000);
    expect(await service.calls()).toEqual([]);
  });

  it('gives all memory back, however a request ends', async () => {
    const ledger = memoryLedger();
    const service = startService({ ports: { ledger }, origin: () => new Response(TURNED.slice(0, 100)) });
    await service.fail('refusal', 'internal', 'reset');
    await service.upload('/v1/describe', PNG, 'image/png');
    await service.upload('/v1/describe', PNG, 'image/png');
    await service.upload('/v1/describe', PNG, 'image/png');
    await service.upload('/v1/describe', TURNED, 'image/png');
    await service.upload('/v1/describe', TURNED.slice(0, 100), 'image/png');
    await service.upload('/v1/describe', TURNED, 'text/plain');
    await service.post('/v1/describe', { image: { url: 'https://a.example.com/a.png' } });
    await service.post('/v1/describe', { image: { base64: '!' } });
    await service.post('/v1/estimate', { image: { base64: TURNED.toBase64() } });
    await service.upload('/v1/images', TURNED, 'image/png');
    expect(ledger.peakBytes()).toBeGreaterThan(1_000);
    // With anything still held, all of it could not be had.
    const all = await ledger.reserve(1);
    expect(() => all.grow(112 * 1024 * 1024 - 1)).not.toThrow();
    expect(() => all.grow(1)).toThrow(/memory is short/);
  });
});
