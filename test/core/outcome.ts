/** What a call came to, where the only failure allowed is a typed one. */
import { Fault } from '../../src/core/fault.ts';

/** The fault that `run` ends in. Any other error passes through, and a run without a fault is an error here. */
export function faultOf(run: () => unknown): Fault {
  try {
    run();
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error('it ended without a fault');
}

/** The value of `run`, or its fault's code. Any other error passes through and fails the test. */
export function valueOrCode<T>(run: () => T): T | string {
  try {
    return run();
  } catch (error) {
    if (error instanceof Fault) return error.code;
    throw error;
  }
}
