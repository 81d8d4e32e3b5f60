/** Faults as the documents that callers get. The table of codes is the core's. */
import { ERROR_TABLE } from './core/error-table.ts';
import { type ErrorCode, Fault } from './core/fault.ts';

export { ERROR_TABLE, type ErrorEntry } from './core/error-table.ts';
export { Fault } from './core/fault.ts';
export type { ErrorCode } from './core/fault.ts';

/** HTTP status of what was thrown, from the table. */
export function statusOfError(error: unknown): number {
  return ERROR_TABLE[error instanceof Fault ? error.code : 'internal'].status;
}

/** Path of the page of a code; the Worker serves the pages itself, so each deployment explains its own errors. */
export const ERROR_PAGE_PATH = '/docs/error/';

/** A problem details object, RFC 9457, with our extension members. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ErrorCode;
  readonly param: string | null;
  readonly request_id: string;
  readonly retryable: boolean;
  readonly billed: boolean;
  readonly errors?: readonly { readonly param: string; readonly detail: string }[];
}

/** The wire form of a fault; `origin` is that of the request. A 500 shows its request id and never its message. */
export function toProblem(fault: Fault, requestId: string, origin: string): Problem {
  const entry = ERROR_TABLE[fault.code];
  return {
    type: origin + ERROR_PAGE_PATH + fault.code,
    title: entry.title,
    status: entry.status,
    detail: fault.code === 'internal' ? `Something went wrong on our side. Quote request ${requestId} when you report it.` : fault.message,
    code: fault.code,
    param: fault.param ?? null,
    request_id: requestId,
    retryable: fault.retryable ?? entry.retryable,
    billed: fault.billed,
    ...(fault.errors.length > 1 ? { errors: fault.errors } : {}),
    ...fault.extension,
  };
}
