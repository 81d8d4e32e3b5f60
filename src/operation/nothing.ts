/** A request for what is not there: counted like every other, so that guessing is not free. */
import type { Fault } from '../core/fault.ts';
import type { Route } from '../contract/route.ts';
import { operation } from './perform.ts';

/** `scope`: of the routes beside it; callers without it learn of the scope alone. @throws the fault that is the request */
export function refuseNothing(scope: Route['scope']) {
  return operation({ scope, isIdempotent: false, isRecorded: false, admission: 'none' }, (fault: Fault): never => {
    throw fault;
  });
}
