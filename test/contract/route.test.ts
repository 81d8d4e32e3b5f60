import { describe, expect, it } from 'vitest';
import { envelopeAt, methodsByPath, ROUTE_NAMES, routeOf } from '../../src/contract/route.ts';

describe('the rows of the routes', () => {
  it('are one for each method and path', () => {
    const pairs = ROUTE_NAMES.map((name) => `${routeOf(name).method} ${routeOf(name).path}`);
    expect(new Set(pairs).size).toBe(pairs.length);
  });

  it('give HEAD with GET, and every method of a path at one place', () => {
    expect(methodsByPath().get('/v1/files')).toEqual(['GET', 'HEAD', 'POST']);
    expect(methodsByPath().get('/v1/images/:imageId')).toEqual(['GET', 'HEAD', 'DELETE']);
    expect(methodsByPath().get('/v1/describe')).toEqual(['POST']);
  });

  it('let nothing that spends or stores pass by the door, the key or Idempotency-Key', () => {
    for (const name of ROUTE_NAMES) {
      const { method, scope, isIdempotent, isRecorded, admission } = routeOf(name);
      if (isRecorded) expect([name, isIdempotent, admission]).toEqual([name, true, 'door']);
      if (isIdempotent) expect([name, method, scope !== 'any' && scope !== 'public']).toEqual([name, 'POST', true]);
    }
  });

  it.each([
    ['/v1/messages', 'anthropic'],
    ['/v1/messages/batches', 'anthropic'],
    ['/v1/files/file_1/content', 'anthropic'],
    ['/v1/filesystem', 'problem'],
    ['/v1/v1/messages', 'problem'],
    ['/v1/images', 'problem'],
    ['/nothing', 'problem'],
  ] as const)('%s has errors of the form %s', (path, envelope) => {
    expect(envelopeAt(path)).toBe(envelope);
  });
});
