/**
 * What a schema finds wrong, in our own words: the value, the bound, and with it the remedy. The schemas are zod's; what is
 * read here of them and of their issues is what zod documents for those who build on it (`_zod.def`).
 */
import type { ParamFault } from './fault.ts';
import { invalidRequest } from './invalid-request.ts';
import { nearName } from './near-name.ts';

/** Characters of a value, or of a name that we do not know, that a sentence shows. */
const SHOWN_CHARACTERS_MAX = 40;

/** Unknown names that are compared with the known ones: a body may hold thousands. */
const HINTS_MAX = 20;

/** Fields whose texts are pictures, addresses (which may hold a signature), prompts or secrets: never shown. */
const HIDDEN_FIELDS: readonly unknown[] = ['image', 'images', 'url', 'base64', 'prompt', 'system', 'context', 'metadata', 'key', 'secret'];
/** A key or a picture in a field where it does not belong. */
const HIDDEN_TEXT = /vgn_|sk-ant-|\bbearer\s|^\s*data:/i;

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

interface Issue {
  readonly code: string;
  readonly path: readonly PropertyKey[];
  /** What the schema itself says, beginning with "must"; empty where it leaves the words to us. */
  readonly message: string;
  readonly input?: unknown;
  readonly expected?: string;
  readonly minimum?: unknown;
  readonly maximum?: unknown;
  readonly values?: readonly unknown[];
  readonly keys?: readonly PropertyKey[];
}

/** A schema, or one of its checks, and what it is made of. */
interface SchemaPart {
  readonly _zod: { readonly def: Definition };
}

interface Definition {
  readonly shape?: Readonly<Record<PropertyKey, SchemaPart>>;
  readonly element?: SchemaPart;
  readonly innerType?: SchemaPart;
  readonly options?: readonly SchemaPart[];
  readonly checks?: readonly SchemaPart[];
  /** What a check is called, and the bound that it sets. */
  readonly check?: string;
  readonly value?: unknown;
  readonly minimum?: unknown;
  readonly maximum?: unknown;
}

/** The part of a zod schema that is used here. */
export interface Schema<T> extends SchemaPart {
  safeParse(
    value: unknown,
    options: { readonly reportInput: boolean; readonly error: () => string },
  ): { readonly success: true; readonly data: T } | { readonly success: false; readonly error: { readonly issues: readonly Issue[] } };
}

/** The value as the schema describes it. @throws invalid_request, with one sentence for each place that is wrong */
export function readBySchema<T>(schema: Schema<T>, value: unknown): T {
  // An empty message marks the issues for which the schema has no words of its own.
  const parsed = schema.safeParse(value, { reportInput: true, error: () => '' });
  if (parsed.success) return parsed.data;
  // Of several checks that one value fails, the first says enough.
  const faults = new Map<string, ParamFault>();
  for (const fault of parsed.error.issues.flatMap((issue) => faultsOf(issue, schema))) if (!faults.has(fault.param)) faults.set(fault.param, fault);
  throw invalidRequest([...faults.values()]);
}

function faultsOf(issue: Issue, schema: SchemaPart): readonly ParamFault[] {
  const { path, keys } = issue;
  if (issue.code === 'unrecognized_keys' && keys !== undefined)
    return keys.map((key, index) => {
      const known = Object.keys(definitionOf(partAt(schema, path)).shape ?? {});
      const near = index < HINTS_MAX ? nearName(String(key), known) : undefined;
      return {
        param: [...path, key].map(String).join('.'),
        detail: `There is no field ${quoted(nameOf([...path, key]))} here. ${near === undefined ? '' : `Did you mean "${near}"? `}Check the spelling.`,
      };
    });
  return [{ param: path.length === 0 ? 'body' : path.map(String).join('.'), detail: sentence(issue, schema) }];
}

function sentence(issue: Issue, schema: SchemaPart): string {
  const { path, input, code, message } = issue;
  const name = path.length === 0 ? 'The body' : quoted(nameOf(path));
  if (input === undefined) return `${name} is missing.`;
  const value = shown(input, path);
  const must = (words: string) => `${name} ${value === undefined ? '' : `is ${input === '' ? 'empty' : value}; it `}${words}.`;
  // Of an object it says nothing that it is one.
  if (message !== '') return isObject(input) ? `${name} ${message}.` : must(message);
  const range = rangeOf(issue, partAt(schema, path));
  if (code === 'too_small' || code === 'too_big') {
    if (typeof input === 'number') return must(`must be ${range}`);
    const [length, unit, units] = Array.isArray(input) ? [input.length, 'entry', 'entries'] : [String(input).length, 'character', 'characters'];
    const has = length === 0 ? 'is empty' : `has ${length} ${length === 1 ? unit : units}`;
    return `${name} ${has}; it must have ${range} ${range.endsWith(' 1') ? unit : units}.`;
  }
  if (code === 'invalid_value' && issue.values !== undefined)
    return must(`must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map((one) => JSON.stringify(one)).join(', ')}`);
  if (code === 'invalid_type') {
    const kind = [KINDS[issue.expected ?? ''] ?? 'of another type', ...(range === '' ? [] : [range])].join(' ');
    if (typeof input !== 'number' || !isNumeric(issue.expected)) return `${name} must be ${kind}, not ${value ?? 'a text'}.`;
    return Number.isFinite(input) ? must(`must be ${kind}`) : `${name} is beyond what a number can hold; it must be ${kind}.`;
  }
  return must('must have another form');
}

/** `from 1 to 5`, `at least 1`, `at most 5`; empty where nothing bounds. */
function rangeOf({ code, expected, minimum, maximum }: Issue, part: SchemaPart | undefined): string {
  if (code === 'invalid_type' && !isNumeric(expected)) return '';
  const { checks = [] } = definitionOf(part);
  const bound = (...names: readonly string[]) => {
    const found = checks.map(definitionOf).find(({ check = '' }) => names.includes(check));
    return found?.value ?? found?.minimum ?? found?.maximum;
  };
  const low = bound('greater_than', 'min_length') ?? minimum;
  const high = bound('less_than', 'max_length') ?? maximum;
  if (low !== undefined && high !== undefined) return `from ${low} to ${high}`;
  if (low !== undefined) return `at least ${low}`;
  return high === undefined ? '' : `at most ${high}`;
}

function isNumeric(expected: string | undefined): boolean {
  return expected === 'number' || expected === 'int';
}

/** The schema of what stands at a path; `undefined` where its bounds cannot be told. */
function partAt(part: SchemaPart | undefined, path: readonly PropertyKey[]): SchemaPart | undefined {
  const { innerType, options, shape, element } = definitionOf(part);
  if (innerType !== undefined) return partAt(innerType, path);
  const [step, ...rest] = path;
  if (part === undefined || step === undefined) return part;
  if (options !== undefined) return options.map((option) => partAt(option, path)).find((found) => found !== undefined);
  return partAt(shape?.[step] ?? element, rest);
}

function definitionOf(part: SchemaPart | undefined): Definition {
  return part?._zod.def ?? {};
}

/** A value as a sentence shows it; `undefined` for a text that is not to be seen. */
function shown(value: unknown, path: readonly PropertyKey[]): string | undefined {
  if (Array.isArray(value)) return 'a list';
  if (isObject(value)) return 'an object';
  if (typeof value !== 'string') return String(value);
  const field = path.findLast((step) => typeof step !== 'number');
  return HIDDEN_FIELDS.includes(field) || HIDDEN_TEXT.test(value) ? undefined : quoted(value);
}

/** `fields[0]`, `limits.usd_per_day`. */
function nameOf(path: readonly PropertyKey[]): string {
  return path.map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${String(step)}`)).join('');
}

/** In quotes and short; what would not be seen, or would move what is, as a replacement character. */
function quoted(text: string): string {
  const characters = Array.from(text.slice(0, SHOWN_CHARACTERS_MAX * 2 + 2));
  const isLong = characters.length > SHOWN_CHARACTERS_MAX;
  return `"${characters.slice(0, SHOWN_CHARACTERS_MAX).join('').replace(/\p{C}/gu, '\u{fffd}')}${isLong ? '…' : ''}"`;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
