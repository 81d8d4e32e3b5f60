import type { Batch } from './batch.ts';
import { emptyBill, type Bill } from './bill.ts';
import type { Fault } from './fault.ts';
import type { StoredFile } from './file.ts';
import type { Look } from './image/look.ts';
import type { RequestRecord } from './record.ts';
import type { Settings } from './options.ts';

/**
 * Everything the simulator remembers, plain data in the memory of one isolate. workerd runs one isolate a Worker in a
 * process, so all requests of a development server or a test see the same state; it ends with the process.
 */
export interface State {
  faults: Fault[];
  records: RequestRecord[];
  bill: Bill;
  files: Map<string, StoredFile>;
  batches: Map<string, Batch>;
  /** What was seen in the last pictures, by SHA-256: under load the same ones come again and again, and decoding is most of the work. */
  looks: Map<string, Look>;
}

/** What every route works with. */
export interface Simulation {
  readonly settings: Settings;
  readonly state: State;
}

/** A state in which nothing has happened. */
export function emptyState(): State {
  return { faults: [], records: [], bill: emptyBill(), files: new Map(), batches: new Map(), looks: new Map() };
}

/** Forgets everything, in place: routes hold the same object. */
export function resetState(state: State): void {
  Object.assign(state, emptyState());
}

/**
 * An identifier such as `msg_sim_5f3a…`. Random, so that a client that remembers a file id across a restart of the
 * simulator gets "not found" and never another picture.
 */
export function newId(prefix: string): string {
  return `${prefix}_sim_${crypto.randomUUID().replaceAll('-', '').slice(0, 24)}`;
}
