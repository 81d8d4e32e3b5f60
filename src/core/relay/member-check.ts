/** Finds the members of a Messages request that nothing here bounds: what passes is known in price and reach. */
import { type Members, type Reach, REQUEST_MEMBERS, type Rule } from './member-table.ts';

/** A member that has no bound. */
export interface Unbounded {
  /** Such as `messages.0.content.1`. */
  readonly param: string;
  readonly reach: Reach;
  readonly why: string;
}

/** More are not looked for: a list of faults must not be longer than what it speaks of. */
const FOUND_MAX = 20;

const UNKNOWN = 'what it costs or reaches is not known here';
const ODD = 'a value of this form is not known here';

/** The unbounded members of a parsed body whose image sources are replaced by `null`, in order; at most twenty. */
export function unboundedIn(body: unknown): readonly Unbounded[] {
  const found: Unbounded[] = [];
  checkMembers(body, REQUEST_MEMBERS, '', found);
  return found;
}

/** Names that a rule speaks of. One that stands twice in an object could mean one thing here and another to the API. */
export const MEMBER_NAMES: ReadonlySet<string> = new Set(namesIn({ kind: 'object', members: REQUEST_MEMBERS }));

/** Depth is bounded by the table, not by the body. */
function check(value: unknown, rule: Rule, param: string, found: Unbounded[]): void {
  if (value === null || value === undefined || found.length >= FOUND_MAX) return;
  switch (rule.kind) {
    case 'any':
      return;
    case 'only':
      if (!rule.values.some((allowed) => allowed === value)) found.push({ param, reach: 'unknown', why: rule.why });
      return;
    case 'none':
      if (!Array.isArray(value) || value.length > 0) found.push({ param, reach: rule.reach, why: rule.why });
      return;
    case 'list':
      if (!Array.isArray(value)) found.push({ param, reach: 'unknown', why: ODD });
      else value.forEach((item, index) => check(item, rule.item, `${param}.${index}`, found));
      return;
    case 'text-or':
      if (typeof value !== 'string') check(value, rule.other, param, found);
      return;
    case 'object':
      checkMembers(value, rule.members, param, found);
      return;
    case 'typed': {
      const type = isObject(value) ? (value['type'] ?? rule.untyped) : undefined;
      if (typeof type !== 'string' || !Object.hasOwn(rule.types, type)) found.push({ param, reach: 'unknown', why: rule.why });
      else checkMembers(value, rule.types[type] ?? {}, param, found);
    }
  }
}

function checkMembers(value: unknown, members: Members, param: string, found: Unbounded[]): void {
  if (!isObject(value)) {
    found.push({ param: param === '' ? 'body' : param, reach: 'unknown', why: ODD });
    return;
  }
  for (const [name, member] of Object.entries(value)) {
    const path = param === '' ? name : `${param}.${name}`;
    if (Object.hasOwn(members, name)) check(member, members[name] ?? { kind: 'any' }, path, found);
    else if (found.length < FOUND_MAX) found.push({ param: path.slice(0, 200), reach: 'unknown', why: UNKNOWN });
  }
}

function namesIn(rule: Rule): readonly string[] {
  const inMembers = (members: Members): readonly string[] => Object.entries(members).flatMap(([name, member]) => [name, ...namesIn(member)]);
  switch (rule.kind) {
    case 'list':
      return namesIn(rule.item);
    case 'text-or':
      return namesIn(rule.other);
    case 'object':
      return inMembers(rule.members);
    case 'typed':
      return Object.values(rule.types).flatMap(inMembers);
    default:
      return [];
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
