/** From what a schema found wrong to one fault that says it in the caller's terms. */
import { Fault, type ParamFault } from './fault.ts';

/** An issue as zod gives it; `keys` are those that the schema does not know. */
interface SchemaIssue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly PropertyKey[];
  readonly code?: string;
}

/** One entry a place: a path such as `images.0.url`, and a sentence. */
export function toParamFaults(issues: readonly SchemaIssue[]): ParamFault[] {
  return issues.flatMap(({ path: at, message, code, keys }) => {
    const path = at.map(String).join('.');
    if (code === 'unrecognized_keys' && keys !== undefined) {
      return keys.map(String).map((key) => ({
        param: path === '' ? key : `${path}.${key}`,
        detail: `There is no field "${key}" here. Check the spelling, or leave it out.`,
      }));
    }
    return [{ param: path === '' ? 'body' : path, detail: sentence(message) }];
  });
}

/** One fault that names the first place and lists all. */
export function invalidRequest(errors: readonly ParamFault[]): Fault {
  const [first] = errors;
  const rest = errors.length > 1 ? ` (and ${errors.length - 1} more, see "errors")` : '';
  return new Fault('invalid_request', `${first?.param}: ${first?.detail}${rest}`, { ...(first === undefined ? {} : { param: first.param }), errors });
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}
