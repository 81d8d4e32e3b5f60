/**
 * The text behind a cache key: everything in a request that can change its answer, and nothing else. Spelling does not
 * (white space, escapes, the order of members), nor do `stream` (the same Message either way) and `metadata`, which the
 * API keeps for its own statistics.
 */
import type { Span } from '../json/reader.ts';
import { repeatedName } from '../json/repeated-name.ts';
import { splice, splicedBytes, type Edit } from '../json/splice.ts';
import { TRANSCODE_VERSION } from '../stored/version.ts';
import { betasIn } from './header-check.ts';

/** Bytes of a request without its images that are worth a key: beyond it, e.g. with a PDF in base64, there is no cache. */
const TEXT_BYTES_MAX = 4 * 1024 * 1024;

const IRRELEVANT: readonly string[] = ['stream', 'metadata'];
const IRRELEVANT_HEADERS: readonly string[] = ['anthropic-dangerous-direct-browser-access'];

export interface KeyParts {
  readonly tenant: string;
  readonly body: Uint8Array;
  /** Each image's source, and the SHA-256 (hex) that stands for it. */
  readonly sources: readonly { readonly span: Span; readonly sha256: string }[];
  /** How a file is brought to size, where the hashes are those of files as they came. */
  readonly sizing: string;
  /** All that are sent, in lower case. */
  readonly headers: readonly (readonly [string, string])[];
}

/**
 * `undefined` when the request is too long to be worth it, when it names a document by its address, which may be another one next time, and
 * when an object has a name twice: which of them the API takes is not known here.
 */
export function canonicalText({ tenant, body, sources, sizing, headers }: KeyParts): string | undefined {
  const edits = sources.map(({ span, sha256 }): Edit => ({ span, pieces: [JSON.stringify({ sha256 })] }));
  if (splicedBytes(body, edits) > TEXT_BYTES_MAX) return undefined;
  const decoder = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true });
  // Spans begin and end at ASCII characters, so no chunk cuts one of several bytes.
  const text = Array.from(splice(body, edits), (chunk) => decoder.decode(chunk)).join('');
  if (repeatedName(new TextEncoder().encode(text)) !== undefined) return undefined;
  const request = parseExactly(text);
  if (namesAddress(request)) return undefined;
  const members = Object.entries(Object(request)).filter(([name]) => !IRRELEVANT.includes(name));
  const settings = [tenant, settingHeaders(headers), sizing, TRANSCODE_VERSION];
  return JSON.stringify(settings) + canonical(Object.fromEntries(members));
}

/** Whether anything in a request has a source that Claude fetches; its images are replaced already. Depth is bounded by the scan. */
function namesAddress(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if ('source' in value && Object(value.source).type === 'url') return true;
  return Object.values(value).some(namesAddress);
}

/** Headers of the API that can change an answer: version and betas, and which workspace or profile it is for. */
function settingHeaders(headers: KeyParts['headers']): readonly (readonly [string, string])[] {
  return headers
    .filter(([name]) => name.startsWith('anthropic-') && !IRRELEVANT_HEADERS.includes(name))
    .map(([name, value]) => [name, name === 'anthropic-beta' ? betasIn(value).toSorted().join(',') : value.trim()] as const)
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
}

/** A number that JavaScript does not hold as it is written: beyond 2^53, with more than fifteen digits, or -0. It stands for its text. */
class WrittenNumber {
  readonly source: string;
  constructor(source: string) {
    this.source = source;
  }
}

/** Decimal digits that a double holds, whatever they are (IEEE 754 binary64). */
const DIGITS_EXACT = 15;

function parseExactly(text: string): unknown {
  return JSON.parse(text, function keepNumber(_name: string, value: unknown, context?: { readonly source?: string }): unknown {
    const source = context?.source;
    return typeof value !== 'number' || source === undefined || isExact(value, source) ? value : new WrittenNumber(source);
  } as (this: unknown, name: string, value: unknown) => unknown);
}

function isExact(value: number, source: string): boolean {
  const digits = source
    .replace(/e.*$/i, '')
    .replace(/[^0-9]/g, '')
    .replace(/^0+/, '');
  return Number.isFinite(value) && !Object.is(value, -0) && digits.length <= DIGITS_EXACT && (value !== 0 || digits === '');
}

/** JSON with the members of every object in the order of their names. Depth is bounded by the scan. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value instanceof WrittenNumber) return `#${value.source}`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`;
}
