/** From faults in several places of a request to one that names them all. */
import { Fault, type ParamFault } from './fault.ts';

/** One fault that says what is wrong in the first place, and lists all. Each detail names its place itself. */
export function invalidRequest(errors: readonly ParamFault[]): Fault {
  const [first] = errors;
  const rest = errors.length > 1 ? ` (and ${errors.length - 1} more, see "errors")` : '';
  return new Fault('invalid_request', `${first?.detail}${rest}`, { ...(first === undefined ? {} : { param: first.param }), errors });
}
