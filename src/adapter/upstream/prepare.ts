/**
 * What Anthropic's package for a cloud would send, without letting it send: it gets the head of a request, a few
 * small members, and its address, headers and changes to the body are read off. The body itself, many megabytes
 * of base64, never becomes a string, a parsed value and a string again, for which an isolate has no room.
 */
import type { BaseAnthropic } from '@anthropic-ai/sdk/client';
import { type MemberEdit, membersOf, memberValue } from '../../core/json/member.ts';
import type { UpstreamCall } from '../../port/upstream.ts';
import { bodyBytesOf } from './body.ts';

/** A request as the provider wants it. */
export interface Prepared {
  readonly url: string;
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer>;
  /** What is still to be changed in `body`. */
  readonly edit: MemberEdit;
}

/** Members that the packages read or move; the rest of a body means nothing to them. */
const HEAD: readonly string[] = ['model', 'stream', 'anthropic_version', 'anthropic_beta'];

/** Runs a package's preparation. `open` makes its client over the given wire; `set` are members that the body is to have before. */
export async function prepare(open: (wire: typeof fetch) => BaseAnthropic, call: UpstreamCall, set: Readonly<Record<string, string>>): Promise<Prepared> {
  const body = await bodyBytesOf(call);
  const found = membersOf(body).filter(({ name }) => HEAD.includes(name));
  const head: Record<string, unknown> = Object.fromEntries(found.map((member) => [member.name, memberValue(body, member)]));
  let captured: { readonly url: string; readonly init: RequestInit | undefined } | undefined;
  const client = open(async (url, init) => {
    captured = { url: String(url), init };
    return Response.json({});
  });
  await client
    .post(`/v1/${call.path}${call.query ?? ''}`, { body: { ...set, ...head, model: set['model'] ?? call.model }, headers: call.headers, signal: call.signal })
    .asResponse();
  if (captured === undefined) throw new Error('the package sent nothing');
  const adapted = JSON.parse(String(captured.init?.body)) as Record<string, unknown>;
  return { url: captured.url, headers: new Headers(captured.init?.headers), body, edit: difference(head, adapted) };
}

function difference(before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>): MemberEdit {
  return {
    remove: Object.keys(before).filter((name) => !Object.hasOwn(after, name)),
    set: Object.fromEntries(Object.entries(after).filter(([name, value]) => JSON.stringify(before[name]) !== JSON.stringify(value))),
  };
}
