/**
 * The operations for other Workers of the same account, over a service binding: the same keys, scopes, budgets and ledger as over HTTP,
 * and the same JSON, without a request in between.
 */
import { estimateBodySchema } from '../core/input/body-schema.ts';
import { parseDescribeRequest, type UploadedImage } from '../core/input/request.ts';
import type { Caller } from '../core/key/caller.ts';
import { continueTrace, traceHeaders } from '../core/trace/trace-context.ts';
import { Fault, type Problem, toProblem } from '../error.ts';
import type { Actor, Service } from '../operation/actor.ts';
import { createAuthenticate } from '../operation/authenticate.ts';
import { deleteImage } from '../operation/delete-image.ts';
import { describe } from '../operation/describe.ts';
import { estimateAny } from '../operation/estimate.ts';
import { storeImage } from '../operation/image.ts';
import { listModels } from '../operation/list-models.ts';
import type { Operation } from '../operation/perform.ts';
import type { Reservation } from '../port/memory.ts';
import { requestLine } from '../stage/session/request-line.ts';
import type { RequestRecord } from '../stage/session/record.ts';
import { Stopwatch } from '../stage/session/stopwatch.ts';
import { deletedImageResponse, describeResponse, estimateResponse, modelResponse, storedImageResponse } from '../wire/description.ts';

/** The body that the route would answer with, or the problem: faults lose what they know on their way between Workers. */
export type RpcAnswer = { readonly ok: true; readonly body: unknown } | { readonly ok: false; readonly problem: Problem };

/** All callers over bindings share one place in what is counted of wrong keys. */
const NETWORK = 'rpc';
/** Where the pages of error codes are, when no request says where this service stands. */
const ORIGIN = '';

export interface RpcOperations {
  /** `body`: as the JSON of `POST /v1/describe`; `files`: images by their bytes, as a form would have them. */
  describe(key: string, body: unknown, files?: readonly Uint8Array<ArrayBuffer>[]): Promise<RpcAnswer>;
  estimate(key: string, body: unknown, files?: readonly Uint8Array<ArrayBuffer>[]): Promise<RpcAnswer>;
  storeImage(key: string, file: Uint8Array<ArrayBuffer>): Promise<RpcAnswer>;
  deleteImage(key: string, imageId: string): Promise<RpcAnswer>;
  listModels(key: string): Promise<RpcAnswer>;
}

type Keep = (work: Promise<unknown>) => void;

/** One an isolate; `keep` keeps the work of one call alive after its answer. */
export function createRpc(service: Service): (keep: Keep) => RpcOperations {
  const authenticate = createAuthenticate(service);
  const { defaultModel: model } = service.config;

  return (keep) => {
    async function call<Request, Result>(
      name: string,
      key: string,
      operation: Operation<Request, Result>,
      read: (hold: Reservation) => Request,
      write: (result: Result, request: Request, requestId: string) => unknown,
    ): Promise<RpcAnswer> {
      const id = crypto.randomUUID().replaceAll('-', '');
      const requestId = `req_${id}`;
      const record: RequestRecord = {};
      const stopwatch = new Stopwatch(service.ports.clock.nowMs);
      const trace = continueTrace(undefined, undefined, { traceId: id, spanId: id.slice(16) });
      const refuse = (error: unknown): RpcAnswer => {
        const fault = error instanceof Fault ? error : new Fault('internal', 'unexpected', { cause: error });
        record.code = fault.code;
        return { ok: false, problem: toProblem(fault, requestId, ORIGIN) };
      };
      const statusOf = (answer: RpcAnswer) => (answer.ok ? 200 : answer.problem.status);
      let caller: Caller | undefined;
      const answering = async (): Promise<RpcAnswer> => {
        try {
          caller = await authenticate([key], NETWORK);
        } catch (error) {
          return refuse(error);
        }
        const actor: Actor = {
          service,
          caller,
          requestId,
          route: `rpc/${name}`,
          signal: () => new AbortController().signal,
          stopwatch,
          trace: traceHeaders(trace),
          record,
          afterResponse: keep,
        };
        return operation<RpcAnswer>(actor, { read, write: (result, request) => ({ ok: true, body: write(result, request, requestId) }), refuse, statusOf });
      };
      const answer = await answering();
      service.log(requestLine({ requestId, trace, method: 'RPC', route: `rpc/${name}`, status: statusOf(answer), caller, record, stopwatch }));
      return answer;
    }

    return {
      describe: (key, body, files = []) =>
        call(
          'describe',
          key,
          describe,
          (hold) => parseDescribeRequest(body, uploadsOf(files, hold), { model }),
          (result, request, requestId) => describeResponse(requestId, request, result),
        ),
      estimate: (key, body, files = []) =>
        call(
          'estimate',
          key,
          estimateAny,
          (hold) => ({ kind: 'description', request: parseDescribeRequest(body, uploadsOf(files, hold), { model }, estimateBodySchema) }) as const,
          (result, _request, requestId) => (result.kind === 'description' ? estimateResponse(requestId, result.request, result.result) : undefined),
        ),
      storeImage: (key, file) =>
        call(
          'storeImage',
          key,
          storeImage,
          (hold) => ({ kind: 'bytes', ...oneUpload(file, hold) }) as const,
          ({ imageId, info, isNew }) => storedImageResponse(imageId, info, isNew),
        ),
      deleteImage: (key, imageId) =>
        call(
          'deleteImage',
          key,
          deleteImage,
          () => ({ imageId: checkedImageId(imageId) }),
          (removed, request) => deletedImageResponse(request.imageId, removed),
        ),
      listModels: (key) =>
        call(
          'listModels',
          key,
          listModels,
          () => undefined,
          ({ models, defaultModel }) => ({ type: 'list', default_model: defaultModel, data: models.map(modelResponse) }),
        ),
    };
  };
}

function uploadsOf(files: readonly Uint8Array<ArrayBuffer>[], hold: Reservation): readonly UploadedImage[] {
  return files.map((file, index) => ({ ...oneUpload(file, hold), param: `files.${index}` }));
}

function oneUpload(bytes: Uint8Array<ArrayBuffer>, hold: Reservation): UploadedImage {
  hold.grow(bytes.length);
  return { bytes, declaredType: undefined, param: 'file' };
}

function checkedImageId(imageId: string): string {
  if (/^sha256:[0-9a-f]{64}$/.test(imageId)) return imageId;
  throw new Fault('not_found', 'Image ids are "sha256:" and 64 lower-case hex digits, as storeImage gives them.', { param: 'image_id' });
}
