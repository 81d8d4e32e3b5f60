import { describe, expect, it } from 'vitest';
import { Fault, type FaultOptions, type ErrorCode } from '../../../src/core/fault.ts';
import { followersFault, keepMs, shareFault } from '../../../src/core/flight/outcome.ts';

const PARAMS = ['images.0.url', 'images.1.base64'];
const MINE = ['image.0', 'image.1'];

describe('the failure of a leader', () => {
  it.each<[ErrorCode, 'before' | 'after', boolean]>([
    ['image_undecodable', 'before', true],
    ['overloaded', 'before', true],
    ['budget_exceeded', 'before', false],
    ['forbidden', 'before', false],
    ['rate_limited', 'before', false],
    ['rate_limited', 'after', true],
    ['model_refused', 'after', true],
    ['upstream_timeout', 'after', true],
    ['internal', 'after', true],
  ])('%s %s the call is that of its followers: %s', (code, when, isShared) => {
    expect(shareFault(new Fault(code, 'Words.'), PARAMS, when === 'after') !== undefined).toBe(isShared);
  });

  it('reaches them whole, except that they were not billed', () => {
    const options = { param: 'max_tokens', retryable: false, retryAfterSeconds: 7, billed: true };
    const shared = shareFault(new Fault('model_truncated', 'Words.', options), PARAMS, true);
    expect(shared && followersFault(shared, MINE)).toMatchObject({ ...options, code: 'model_truncated', message: 'Words.', billed: false });
  });

  it('speaks of their own picture', () => {
    const shared = shareFault(new Fault('image_undecodable', 'Words.', { param: 'images.1.base64' }), PARAMS, true);
    expect(shared && followersFault(shared, MINE).param).toBe('image.1');
  });

  it.each<[ErrorCode, FaultOptions, number]>([
    ['model_refused', { billed: true }, 5_000],
    ['model_truncated', { billed: true }, 5_000],
    ['upstream_error', { billed: true }, 0],
    ['upstream_timeout', { billed: true }, 0],
    ['image_undecodable', {}, 0],
  ])('%s is kept for %3$i ms', (code, options, ms) => {
    const fault = shareFault(new Fault(code, 'Words.', options), PARAMS, true);
    expect(fault && keepMs({ kind: 'fault', fault })).toBe(ms);
  });
});

describe('the result of a leader', () => {
  it('is kept for longer than KV may hold a miss', () => {
    expect(keepMs({ kind: 'result', result: '{}' })).toBeGreaterThan(60_000);
  });
});
