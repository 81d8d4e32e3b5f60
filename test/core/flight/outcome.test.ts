import { describe, expect, it } from 'vitest';
import { Fault, type FaultOptions, type ErrorCode } from '../../../src/core/fault.ts';
import { followersFault, keepMs, shareFault } from '../../../src/core/flight/outcome.ts';

const PARAMS = ['images.0.url', 'images.1.base64'];
const MINE = ['image.0', 'image.1'];

describe('the failure of a leader', () => {
  it.each<[ErrorCode, FaultOptions, boolean]>([
    ['model_refused', { billed: true }, true],
    ['upstream_timeout', { billed: true }, true],
    ['overloaded', {}, true],
    ['rate_limited', { retryable: false }, true],
    ['image_undecodable', {}, true],
    ['budget_exceeded', {}, false],
    ['forbidden', {}, false],
    ['budget_exceeded', { billed: true }, true],
  ])('%s %j is that of its followers: %s', (code, options, isShared) => {
    expect(shareFault(new Fault(code, 'Words.', options), PARAMS) !== undefined).toBe(isShared);
  });

  it('reaches them whole, except that they were not billed', () => {
    const options = { param: 'max_tokens', retryable: false, retryAfterSeconds: 7, billed: true };
    const shared = shareFault(new Fault('model_truncated', 'Words.', options), PARAMS);
    expect(shared && followersFault(shared, MINE)).toMatchObject({ ...options, code: 'model_truncated', message: 'Words.', billed: false });
  });

  it('speaks of their own picture', () => {
    const shared = shareFault(new Fault('image_undecodable', 'Words.', { param: 'images.1.base64' }), PARAMS);
    expect(shared && followersFault(shared, MINE).param).toBe('image.1');
  });

  it.each<[ErrorCode, FaultOptions, number]>([
    ['model_refused', { billed: true }, 5_000],
    ['model_truncated', { billed: true }, 5_000],
    ['upstream_error', { billed: true }, 0],
    ['upstream_timeout', { billed: true }, 0],
    ['image_undecodable', {}, 0],
  ])('%s is kept for %3$i ms', (code, options, ms) => {
    const fault = shareFault(new Fault(code, 'Words.', options), PARAMS);
    expect(fault && keepMs({ kind: 'fault', fault })).toBe(ms);
  });
});

describe('the result of a leader', () => {
  it('is kept for longer than KV may hold a miss', () => {
    expect(keepMs({ kind: 'result', result: '{}' })).toBeGreaterThan(60_000);
  });
});
