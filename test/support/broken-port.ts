/** Ports of which one call fails, in one of four ways. */
import type { FlightTurn } from '../../src/port/flight.ts';
import type { IdempotentTurn } from '../../src/port/idempotency.ts';
import type { Ports } from '../../src/port/ports.ts';
import { AsyncLocalStorage } from 'node:async_hooks';

/** `throws` before or after its work is done; `dies`: the whole request ends there, as when its isolate does. */
export const BREAKS = ['throws before', 'throws after', 'dies before', 'dies after'] as const;
export type Break = (typeof BREAKS)[number];

/** Calls that never reject by their contract say so by what they give. */
const FAILED_RESULTS: Readonly<Record<string, unknown>> = {
  'aliases.get': undefined,
  'aliases.put': false,
  'cache.get': undefined,
  'cache.put': false,
  'index.open': { generation: -1, wasDeleted: true },
  'index.note': false,
  'index.settle': false,
  'index.findFile': undefined,
  'index.drop': undefined,
  'messages.get': undefined,
  'messages.put': false,
  'flights.land': false,
  'idempotency.finish': false,
  'accounts.release': undefined,
  'accounts.settle': undefined,
  'accounts.record': undefined,
};
/** No calls to others. */
const PURE: readonly string[] = ['clock', 'tracer', 'bursts'];

export interface BrokenPorts {
  readonly wrap: (ports: Ports) => Ports;
  /** Sends the request that may die: once it has, none of its calls does anything. */
  readonly mortal: <T>(send: () => Promise<T>) => Promise<T>;
  /** The call that failed, once it has. */
  readonly broken: () => string | undefined;
  /** Settles when the request has died. */
  readonly death: Promise<'dead'>;
  /** All calls so far, as they began. */
  readonly names: () => readonly string[];
  /** Those that have done their work. */
  readonly done: () => readonly string[];
}

/** A call by its name, and the how manieth of that name it is, from 1: calls beside each other come in any order. */
export interface Place {
  readonly name: string;
  readonly occurrence: number;
}

/** The places of calls, in their order. */
export function placesOf(names: readonly string[]): readonly Place[] {
  return names.map((name, index) => ({ name, occurrence: names.slice(0, index + 1).filter((other) => other === name).length }));
}

/** Without a place nothing fails, and the calls are counted. */
export function brokenPorts(place?: Place, how: Break = 'throws before'): BrokenPorts {
  const names: string[] = [];
  const done: string[] = [];
  const death = Promise.withResolvers<'dead'>();
  const lines: (() => void)[] = [];
  let broken: string | undefined;
  const request = new AsyncLocalStorage<'mortal'>();
  let isDead = false;
  const isGone = () => isDead && request.getStore() === 'mortal';

  /** What the platform does when a request ends: its lines to Durable Objects break. */
  const die = (): Promise<never> => {
    isDead = true;
    for (const cut of lines) cut();
    death.resolve('dead');
    return new Promise(() => undefined);
  };
  const fail = (name: string): unknown => {
    if (Object.hasOwn(FAILED_RESULTS, name)) return FAILED_RESULTS[name];
    throw new TypeError(`injected into ${name}`);
  };
  const guard =
    <P extends unknown[], R>(name: string, work: (...parameters: P) => Promise<R>) =>
    async (...parameters: P): Promise<R> => {
      if (isGone()) return new Promise(() => undefined);
      names.push(name);
      const isHere = name === place?.name && names.filter((other) => other === name).length === place.occurrence;
      if (!isHere) {
        const given = await work(...parameters);
        const linesBefore = lines.length;
        const result = watch(given);
        done.push(name);
        if (!isGone()) return result;
        // Under way when its request died.
        for (const cut of lines.splice(linesBefore)) cut();
        return new Promise(() => undefined);
      }
      broken = name;
      if (how === 'dies before') return die();
      if (how === 'throws before') return fail(name) as R;
      const linesBefore = lines.length;
      watch(await work(...parameters));
      done.push(name);
      if (how === 'dies after') return die();
      // What it gave is lost, and with it a line that it may have opened.
      const [line] = lines.splice(linesBefore);
      line?.();
      return fail(name) as R;
    };
  /** Turns have methods of their own, and lines that break with the request. */
  const watch = <R>(result: R): R => {
    const turn = result as Partial<FlightTurn & { kind: 'lead' }> & Partial<IdempotentTurn & { kind: 'run' }>;
    if (turn?.land !== undefined && turn.abandon !== undefined) {
      lines.push(turn.abandon);
      return { ...turn, land: guard('flights.land', turn.land) } as R;
    }
    if (turn?.finish !== undefined && turn.release !== undefined) {
      lines.push(turn.release);
      return { ...turn, finish: guard('idempotency.finish', turn.finish) } as R;
    }
    return result;
  };
  const wrapPort = (name: string, port: unknown): unknown => {
    if (PURE.includes(name)) return port;
    if (typeof port === 'function') return guard(name, port as () => Promise<unknown>);
    const methods = Object.entries(port as Record<string, unknown>);
    return Object.fromEntries(
      methods.map(([method, value]) => [method, typeof value === 'function' ? guard(`${name}.${method}`, value as () => Promise<unknown>) : value]),
    );
  };
  return {
    wrap: (ports) => Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, wrapPort(name, port)])) as unknown as Ports,
    mortal: (send) => request.run('mortal', send),
    broken: () => broken,
    death: death.promise,
    names: () => names,
    done: () => done,
  };
}
