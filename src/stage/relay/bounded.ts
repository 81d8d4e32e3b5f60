/**
 * What the drop-in does not know, it does not promise about: with any limit in force only members and headers pass whose price and
 * reach are known here. Without one, all pass as they come.
 */
import { Fault, type ParamFault } from '../../core/fault.ts';
import { repeatedName } from '../../core/json/repeated-name.ts';
import { splice, splicedBytes } from '../../core/json/splice.ts';
import type { CallerLimits } from '../../core/key/caller.ts';
import { type CostFacts, costFactsOf } from '../../core/relay/cost-facts.ts';
import { unboundedHeaders } from '../../core/relay/header-check.ts';
import { MEMBER_NAMES, type Unbounded, unboundedIn } from '../../core/relay/member-check.ts';
import type { Context } from '../session/context.ts';
import type { ScannedRequest } from './request.ts';

/** What a request without its images says of its cost, and what in it has no bound. */
export interface Bounds {
  readonly facts: CostFacts;
  readonly unbounded: readonly Unbounded[];
}

/** The limit that a request is held to, in words that follow "under"; `undefined` where none is in force. */
export function limitInForce({ options, credential }: ScannedRequest, { caller, config }: Context): string | undefined {
  if (caller.models !== undefined) return "this key's list of models";
  // Who pays the provider with a key of their own has no budget here.
  if (credential !== undefined) return undefined;
  if (options.maxCostUsd !== undefined) return '"x-vignette-max-cost-usd"';
  if (hasBudget(caller.limits)) return "this key's limits";
  if (hasBudget(caller.tenantLimits)) return "this tenant's limits";
  return hasBudget(config.deploymentLimits) ? "this deployment's cap" : undefined;
}

/** A bound on requests alone is held whatever is in them. */
function hasBudget(limits: CallerLimits): boolean {
  return Object.entries(limits).some(([name, limit]) => name !== 'requestsMinute' && limit !== undefined);
}

/** @throws invalid_request naming every member and header that has no bound; overloaded */
export function requireBounded(request: ScannedRequest, context: Context): void {
  const limit = limitInForce(request, context);
  if (limit === undefined) return;
  const found = [...unboundedHeaders(request.headers), ...boundsOf(request).unbounded];
  if (found.length > 0) throw unboundedFault(found, limit);
}

/** Reads the text of a request once more, without its images; it is held only while it is looked at. @throws overloaded */
export function boundsOf(request: ScannedRequest): Bounds {
  const { body, reservation, scan } = request;
  const pictures = scan.images.map(({ source }) => ({ span: source.value, pieces: ['null'] }));
  const textBytes = splicedBytes(body, pictures);
  // Bytes, text of up to two bytes a character, and values made of it.
  const held = textBytes * 5;
  reservation.grow(held);
  try {
    const bytes = new Uint8Array(textBytes);
    let at = 0;
    for (const chunk of splice(body, pictures)) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    const repeated = repeatedName(bytes, MEMBER_NAMES);
    const twice: readonly Unbounded[] =
      repeated === undefined ? [] : [{ param: repeated, reach: 'unknown', why: 'it is given twice in one object, and which of the two counts is not sure' }];
    return { facts: costFactsOf(value), unbounded: [...twice, ...unboundedIn(value)] };
  } finally {
    reservation.grow(-held);
  }
}

/** Names each of them, and what to do. */
export function unboundedFault(found: readonly Unbounded[], limit: string): Fault {
  const errors: ParamFault[] = found.map(({ param, why }) => ({ param, detail: `${param}: ${why}` }));
  const [first] = errors;
  const it = errors.length === 1 ? 'it' : 'them';
  return new Fault(
    'invalid_request',
    `${errors.map(({ detail }) => detail).join('\n')}\nUnder ${limit} only what has a known price and reach is sent on, so nothing was sent and nothing is billed. Leave ${it} out, or use a key without limits.`,
    { ...(first === undefined ? {} : { param: first.param }), errors },
  );
}
