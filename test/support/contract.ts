/**
 * Holds every answer of the service to its contract: the status, media type, headers and body of a success, the code, status and
 * form of an error are those that the row of its route says. Whatever is not said there fails, a member that nobody described too.
 */
import * as z from 'zod';
import { ANTHROPIC_ERRORS } from '../../src/contract/anthropic-error.ts';
import { faultsOf, operationOf } from '../../src/contract/catalogue.ts';
import type { Contents } from '../../src/contract/operation.ts';
import { anthropicErrorSchema, problemSchema } from '../../src/contract/problem.ts';
import { envelopeAt, ROUTE_NAMES, type RouteName, routeOf } from '../../src/contract/route.ts';
import { ERROR_TABLE, type ErrorCode } from '../../src/error.ts';

/** How a request without a row may end: before it was looked at, or because there is nothing. */
const WITHOUT_ROUTE: readonly ErrorCode[] = ['not_found', 'unauthorized', 'forbidden', 'rate_limited', 'internal'];

/** The request line that an answer is for. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  /** Whether a test stands between the service and the provider: what it makes up reaches the caller as it comes. */
  readonly isProviderFaked?: boolean;
}

/** The row that takes a request. HEAD is taken by that of GET. */
export function rowFor({ method, path }: Asked): RouteName | undefined {
  const asked = method === 'HEAD' ? 'GET' : method;
  const isTaken = (name: RouteName) => routeOf(name).method === asked && pattern(routeOf(name).path).test(path);
  return ROUTE_NAMES.find(isTaken);
}

function pattern(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(/:\w+/g, '[^/]+')}$`);
}

/** Checks everything but the body. @throws where the contract does not say so */
export function checkHead(asked: Asked, { status, headers }: Response): void {
  const name = rowFor(asked);
  if (isPassedOn(asked, name, status)) return;
  const fail = failure(asked, status);
  if (!/^req_[0-9a-f]{32}$/.test(headers.get('x-request-id') ?? '')) fail(`x-request-id is ${headers.get('x-request-id')}`);
  const answer = name === undefined ? undefined : operationOf(name).answers[status];
  if (answer === undefined) {
    // An address with a slash too many leads to the one without.
    if (status === 308 && name === undefined && asked.path.endsWith('/')) return;
    if (!statusesOf(name, asked.path).has(status)) fail('this status is not documented');
    return;
  }
  if (answer.headers !== undefined) {
    const result = z.looseObject(answer.headers.shape).safeParse(Object.fromEntries(headers));
    if (!result.success) fail(`headers: ${z.prettifyError(result.error)}`);
  }
  if (answer.content === undefined) {
    if ((headers.get('content-length') ?? '0') !== '0') fail('a body is not documented');
  } else if (contentOf(answer.content, headers) === undefined) fail(`the media type ${headers.get('content-type')} is not documented`);
}

/** A success that a test made up in the provider's place, on a route that passes its answers on. */
function isPassedOn({ isProviderFaked }: Asked, name: RouteName | undefined, status: number): boolean {
  return isProviderFaked === true && status < 400 && name !== undefined && operationOf(name).passesErrorsOn === true;
}

/** Whether the body is JSON, which has a schema. */
export function isJson({ headers }: Response): boolean {
  return /^application\/(problem\+)?json$/.test(mediaTypeOf(headers));
}

/** Checks a body of JSON. @throws where the contract does not say so */
export function checkJson(asked: Asked, { status, headers }: Response, text: string): void {
  if (asked.method === 'HEAD' || text === '') return;
  const name = rowFor(asked);
  if (isPassedOn(asked, name, status)) return;
  const fail = failure(asked, status);
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    fail('the body is not JSON');
  }
  const answer = name === undefined ? undefined : operationOf(name).answers[status];
  if (answer !== undefined) {
    const content = contentOf(answer.content ?? {}, headers);
    if (content?.kind !== 'json') return fail('a JSON body is not documented');
    const result = content.schema.safeParse(body);
    if (!result.success) fail(`body: ${z.prettifyError(result.error)}\n${text.slice(0, 2_000)}`);
    return;
  }
  checkError(asked, name, status, mediaTypeOf(headers), body);
}

function checkError(asked: Asked, name: RouteName | undefined, status: number, mediaType: string, body: unknown): void {
  const fail = failure(asked, status);
  const envelope = name === undefined ? envelopeAt(asked.path) : routeOf(name).envelope;
  const faults = name === undefined ? WITHOUT_ROUTE : faultsOf(name);
  const isKnown = (code: string): code is ErrorCode => (faults as readonly string[]).includes(code);
  const result = (envelope === 'anthropic' ? anthropicErrorSchema : problemSchema).safeParse(body);
  if (!result.success) return fail(`error: ${z.prettifyError(result.error)}\n${JSON.stringify(body).slice(0, 2_000)}`);
  if (mediaType !== (envelope === 'anthropic' ? 'application/json' : 'application/problem+json')) fail(`an error has the media type ${mediaType}`);
  const data = result.data;
  const code = 'error' in data ? data.error.details?.error_code : data.code;
  if (code === undefined) {
    if (name === undefined || operationOf(name).passesErrorsOn !== true) fail('an error without a code of ours');
  } else if (name !== undefined && operationOf(name).clientCodes?.includes(code) === true) return;
  else if (!isKnown(code)) fail(`the code ${code} is not documented`);
  else if (status !== (envelope === 'anthropic' ? ANTHROPIC_ERRORS : ERROR_TABLE)[code].status) fail(`the code ${code} has another status`);
}

/** Statuses with which a request may end that is not answered. */
function statusesOf(name: RouteName | undefined, path: string): { has(status: number): boolean } {
  if (name !== undefined && operationOf(name).passesErrorsOn === true) return { has: (status) => status >= 400 };
  const table = (name === undefined ? envelopeAt(path) : routeOf(name).envelope) === 'anthropic' ? ANTHROPIC_ERRORS : ERROR_TABLE;
  return new Set<number>((name === undefined ? WITHOUT_ROUTE : faultsOf(name)).map((code) => table[code].status));
}

function contentOf(contents: Contents, headers: Headers) {
  const type = mediaTypeOf(headers);
  return Object.entries(contents).find(([documented]) => {
    const essence = documented.split(';')[0] ?? '';
    return essence === type || (essence === 'image/*' && type.startsWith('image/'));
  })?.[1];
}

function mediaTypeOf(headers: Headers): string {
  return (headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

function failure({ method, path }: Asked, status: number): (what: string) => never {
  return (what) => {
    throw new Error(`${method} ${path} → ${status} is not as src/contract says: ${what}`);
  };
}
