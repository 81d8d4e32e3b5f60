import { afterEach, describe, expect, it, vi } from 'vitest';
import { singleFlightClient } from '../../../src/adapter/single-flight/client.ts';
import type { SingleFlight } from '../../../src/adapter/single-flight/object.ts';
import { KEEP_RESULT_MS } from '../../../src/core/flight/limit.ts';
import { namespace, openFlight, result } from './flight.ts';

describe('the client of a flight', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('asks again when an object cannot be reached, and refuses when it stays so', async () => {
    let failures = 2;
    const flaky = {
      idFromName: (name: string) => name,
      get: () => ({
        join: async () => {
          failures -= 1;
          if (failures >= 0) throw new Error('Network connection lost.');
          return { role: 'landed', outcome: result('"a"'), isKept: true };
        },
      }),
    } as unknown as DurableObjectNamespace<SingleFlight>;
    const client = singleFlightClient(flaky, () => undefined);
    expect(await client.join('k', { takesKept: true })).toMatchObject({ kind: 'landed' });
    failures = 3;
    await expect(client.join('k', { takesKept: true })).rejects.toMatchObject({ code: 'overloaded', billed: false, retryAfterSeconds: 2 });
  });

  it('does not ask an object again that has too much to do', async () => {
    let asked = 0;
    const busy = {
      idFromName: (name: string) => name,
      get: () => ({
        join: async () => {
          asked += 1;
          throw Object.assign(new Error('Durable Object is overloaded.'), { overloaded: true });
        },
      }),
    } as unknown as DurableObjectNamespace<SingleFlight>;
    await expect(singleFlightClient(busy, () => undefined).join('k', { takesKept: true })).rejects.toMatchObject({ code: 'overloaded' });
    expect(asked).toBe(1);
  });

  it('says when an outcome could not be written down', async () => {
    const reports: string[] = [];
    const leader = await openFlight((event) => reports.push(event)).lead();
    vi.spyOn(namespace, 'get').mockImplementation(() => ({ land: async () => Promise.reject(new Error('gone')) }) as never);
    expect(await leader.land(result('"a"'), KEEP_RESULT_MS)).toBe(false);
    expect(reports).toEqual(['flight_landing_failed']);
  });
});
