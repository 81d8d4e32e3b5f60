/** The operations by the names of their routes. One that is forgotten does not compile, nor does a parameter of its path. */
import type { ErrorCode } from '../core/fault.ts';
import * as adminKey from './admin-key.ts';
import { purge } from './admin-purge.ts';
import { describe } from './describe.ts';
import { estimate } from './estimate.ts';
import * as file from './file.ts';
import * as image from './image.ts';
import { countTokens, createMessage } from './message.ts';
import { listModels } from './model.ts';
import type { Operation } from './operation.ts';
import { type RouteName, type ROUTES, routeOf } from './route.ts';
import { getError, health, listErrors, metrics } from './service.ts';
import { getLedgerRow, getUsage } from './usage.ts';

const OPERATIONS: { readonly [Name in RouteName]: Operation<(typeof ROUTES)[Name]['path']> } = {
  describe,
  estimate,
  storeImage: image.storeImage,
  getImage: image.getImage,
  deleteImage: image.deleteImage,
  getSentImage: image.getSentImage,
  createMessage,
  countTokens,
  uploadFile: file.uploadFile,
  listFiles: file.listFiles,
  getFile: file.getFile,
  getFileContent: file.getFileContent,
  deleteFile: file.deleteFile,
  listModels,
  getUsage,
  getLedgerRow,
  createKey: adminKey.createKey,
  listKeys: adminKey.listKeys,
  getKey: adminKey.getKey,
  changeKey: adminKey.changeKey,
  revokeKey: adminKey.revokeKey,
  rotateKey: adminKey.rotateKey,
  purge,
  metrics,
  health,
  listErrors,
  getError,
};

/** What is said of a route. */
export function operationOf(name: RouteName): Operation & { readonly path: Readonly<Record<string, unknown>> } {
  return OPERATIONS[name];
}

/** Every code with which a route may end: what its row brings, and its own. */
export function faultsOf(name: RouteName): readonly ErrorCode[] {
  const { scope, isIdempotent } = routeOf(name);
  const { body, faults } = OPERATIONS[name];
  return [
    ...new Set<ErrorCode>([
      'invalid_request',
      'internal',
      ...(scope === 'public' ? [] : (['unauthorized', 'forbidden', 'rate_limited', 'overloaded'] as const)),
      ...(body === undefined ? [] : (['body_too_large', 'unsupported_media_type'] as const)),
      ...(isIdempotent ? (['idempotency_conflict', 'idempotency_mismatch'] as const) : []),
      ...faults,
    ]),
  ];
}
