/**
 * Things that the provider keeps between requests. All tenants share the deployment's key, so a name is enough to reach what another
 * one left there: it passes only where an answer to this tenant brought it into being.
 */
import { Fault } from '../../core/fault.ts';
import { keepSeconds } from '../../core/keep/keeping.ts';
import { pictureOf } from '../../core/keep/uploaded-file.ts';
import { type MadeState, STATE_TTL_SECONDS, type StateKind, type StateReference } from '../../core/relay/provider-state.ts';
import type { MessagesScan } from '../../core/relay/scan.ts';
import type { Context } from '../session/context.ts';
import type { ScannedRequest } from './request.ts';

const NOUN: Readonly<Record<StateKind, string>> = { message: 'message', container: 'container', file: 'file', skill: 'skill' };

const REMEDY: Readonly<Record<StateKind, string>> = {
  message: 'Name the id of an answer to a request of this key that had "diagnostics", or give null.',
  container: 'Name one that an answer to this key gave, or leave it out for a new one.',
  file: 'Send the content itself.',
  skill: 'Skills of type "anthropic" are open to all.',
};

/** @throws invalid_request for a conversation that the provider would hold: clients of Anthropic's then send the whole of it */
export function requireUnthreaded({ hasThread }: MessagesScan): void {
  if (hasThread) throw threadUnsupported();
}

/** @throws invalid_request for a name that is not this tenant's */
export async function requireOwnState({ scan, credential }: ScannedRequest, context: Context): Promise<void> {
  // What the caller's own key of the provider reaches is theirs.
  if (credential !== undefined) return;
  const names = new Map(scan.references.map((reference) => [`${reference.kind} ${reference.id}`, reference]));
  const owned = await Promise.all(Array.from(names.values(), async (reference) => ({ reference, isOwn: await isOwn(reference, context) })));
  const foreign = owned.find((each) => !each.isOwn)?.reference;
  if (foreign !== undefined) throw notOwn(foreign);
}

/** Remembers what an answer brought into being. Never rejects: what is not remembered cannot be named again. */
export async function rememberState(made: readonly MadeState[], { caller, ports, tenant }: Context): Promise<void> {
  const ttlSeconds = keepSeconds(caller, STATE_TTL_SECONDS);
  await Promise.allSettled(made.map((state) => ports.states.remember(tenant, state, ttlSeconds)));
}

async function isOwn({ kind, id }: StateReference, { ports, tenant, pictures }: Context): Promise<boolean> {
  if (id === undefined || kind === 'skill') return false;
  if (await ports.states.isKnown(tenant, { kind, id })) return true;
  const upload = kind === 'file' ? await ports.uploads?.find(tenant, id) : undefined;
  if (upload === undefined) return false;
  await pictures.meet(pictureOf(upload));
  return true;
}

function notOwn({ kind, path }: StateReference): Fault {
  const noun = NOUN[kind];
  return new Fault(
    'invalid_request',
    `${path}: this ${noun} was not made through this service with a key of this tenant, and every ${noun} at the provider can be reached with the key behind this service. ${REMEDY[kind]}`,
    { param: path },
  );
}

/** The code is the API's own: its clients know it, and send the whole conversation then. */
function threadUnsupported(): Fault {
  return new Fault(
    'invalid_request',
    'thread: conversations that the provider holds are not supported here, since their images and tokens cannot be counted. Send the whole conversation in "messages".',
    { param: 'thread', extension: { error_code: 'thread_unsupported_request', unsupported: ['thread'] } },
  );
}
