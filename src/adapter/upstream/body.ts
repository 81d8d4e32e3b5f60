/** Bodies of outgoing requests, changed where a provider wants other members than the Anthropic API. */
import { editMembers, type MemberEdit } from '../../core/json/member.ts';
import type { UpstreamCall } from '../../port/upstream.ts';
import type { ModelIds } from '../../provider-config.ts';

/** The version that is asked for where a request names none. */
export const API_VERSION = '2026-10-21';

type Body = Pick<UpstreamCall, 'body' | 'bodyBytes'>;

/** The whole body in memory: one buffer of exactly its length. @throws when it is shorter or longer than it was said to be */
export async function bodyBytesOf({ body, bodyBytes }: Body): Promise<Uint8Array<ArrayBuffer>> {
  if (body instanceof Uint8Array) return body;
  const bytes = new Uint8Array(bodyBytes);
  let filled = 0;
  for await (const chunk of body) {
    bytes.set(chunk, filled);
    filled += chunk.length;
  }
  if (filled !== bodyBytes) throw new Error(`the body has ${filled} bytes instead of ${bodyBytes}`);
  return bytes;
}

/** A body made of these parts, streamed: they are never joined. */
export function bodyOf(parts: readonly Uint8Array[]): Body {
  let next = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const part = parts[next++];
      if (part === undefined) controller.close();
      else controller.enqueue(part);
    },
  });
  return { body, bodyBytes: parts.reduce((sum, part) => sum + part.length, 0) };
}

/** The same body with members removed or set. Without a change it is not even read. @throws invalid_request */
export async function rewriteBody(body: Body, edit: MemberEdit): Promise<Body> {
  if (edit.remove.length === 0 && Object.keys(edit.set).length === 0) return body;
  return bodyOf(editMembers(await bodyBytesOf(body), edit));
}

/** The same body with the provider's id of the model, where it has another. */
export function rewriteModel(call: Body & Pick<UpstreamCall, 'model'>, modelIds: ModelIds): Promise<Body> {
  const id = providerModel(call.model, modelIds);
  return rewriteBody(call, { remove: [], set: id === call.model ? {} : { model: id } });
}

/** A model's id at the provider. */
export function providerModel(model: string, modelIds: ModelIds): string {
  return Object.hasOwn(modelIds, model) ? (modelIds[model] ?? model) : model;
}

/** The API version of a request as a cloud's body has it: one name everywhere since 2026-10-21, and before a name of the cloud's own. */
export function cloudVersion(headers: Headers, nameOf2023: string): string {
  const version = headers.get('anthropic-version') ?? API_VERSION;
  return version === '2023-06-01' ? nameOf2023 : version;
}
