import { describe, expect, it } from 'vitest';
import { readIdempotencyKey } from '../../../src/core/idempotency/key.ts';

describe('an Idempotency-Key', () => {
  it.each([
    ['"8e03978e-40d5-43dd-bc93-6894a57f9324"', '8e03978e-40d5-43dd-bc93-6894a57f9324'],
    ['8e03978e-40d5-43dd-bc93-6894a57f9324', '8e03978e-40d5-43dd-bc93-6894a57f9324'],
    ['  "with spaces inside"  ', 'with spaces inside'],
    [String.raw`"a \"quote\" and a \\"`, String.raw`a "quote" and a \ `.trim()],
    ['order/4711:alt', 'order/4711:alt'],
    ['k', 'k'],
    [`"${'k'.repeat(255)}"`, 'k'.repeat(255)],
    ['k'.repeat(255), 'k'.repeat(255)],
  ])('%j is %j', (header, key) => {
    expect(readIdempotencyKey(header)).toBe(key);
  });

  it.each([
    ['', /not allowed/],
    ['""', /is empty/],
    ['two words', /not allowed/],
    ['one, two', /given twice/],
    ['"one", "two"', /given twice/],
    ['"open', /not allowed/],
    [String.raw`"bad \escape"`, /not allowed/],
    ['käse', /not allowed/],
    ['"tab\there"', /not allowed/],
    ['k'.repeat(256), /has 256 characters; at most 255/],
    [`"${'k'.repeat(256)}"`, /has 256 characters; at most 255/],
  ])('%j is refused', (header, message) => {
    expect(() => readIdempotencyKey(header)).toThrow(expect.objectContaining({ code: 'invalid_request', param: 'idempotency-key' }));
    expect(() => readIdempotencyKey(header)).toThrow(message);
  });
});
