/** Query parameters of routes that have no body. */
import { Fault } from '../error.ts';
import type { AppContext } from './context.ts';

/** Characters of an unknown name that are shown. */
const NAME_CHARACTERS_MAX = 60;

/** The parameters of a request, each given once at most and none but those that the route has. @throws invalid_request */
export function parametersOf<Name extends string>(c: AppContext, names: readonly Name[]): { readonly [K in Name]?: string } {
  const found = new Map<string, string>();
  for (const [given, text] of new URL(c.req.url).searchParams) {
    const param = given.slice(0, NAME_CHARACTERS_MAX);
    if (!(names as readonly string[]).includes(given)) {
      const known = names.length === 0 ? 'this route takes none' : `there ${names.length === 1 ? 'is' : 'are'} ${names.join(', ')}`;
      throw new Fault('invalid_request', `There is no parameter "${param}" here; ${known}. Check the spelling, or leave it out.`, { param });
    }
    if (found.has(given)) throw new Fault('invalid_request', `The parameter "${param}" is given more than once. Give it once.`, { param });
    found.set(given, text);
  }
  return Object.fromEntries(found) as { readonly [K in Name]?: string };
}
