/** What a caller may ask of the relay, in headers, since the body is Anthropic's: `x-vignette-*`. */
import { Fault } from '../fault.ts';

/** How images travel to the provider: as planned, in the request, by our upload to the Files API, or fetched by Claude. */
const SOURCES = ['auto', 'file', 'url'] as const;
const CACHES = ['bypass', 'default', 'refresh', 'only'] as const;
const ON_DISCONNECT = ['cancel', 'finish'] as const;

export interface RelayOptions {
  /** `url`: addresses in the request are left for Claude to fetch. `file`: our images go through the Files API. */
  readonly source: (typeof SOURCES)[number];
  /** `bypass` unless asked: answers to conversations are not expected to repeat. */
  readonly cache: (typeof CACHES)[number];
  /** What becomes of the call when the caller leaves in the middle. */
  readonly onDisconnect: (typeof ON_DISCONNECT)[number];
  /** The most that the call may cost, US$. */
  readonly maxCostUsd: number | undefined;
}

/** @throws invalid_request naming the header and its values */
export function readRelayOptions(header: (name: string) => string | undefined): RelayOptions {
  const read = <T extends string>(name: string, values: readonly [T, ...T[]]): T => {
    const text = header(name)?.trim().toLowerCase();
    if (text === undefined || text === '') return values[0];
    const value = values.find((candidate) => candidate === text);
    if (value === undefined)
      throw new Fault('invalid_request', `${name}: "${text.slice(0, 40)}" is not known. Use one of: ${values.join(', ')}.`, { param: name });
    return value;
  };
  return {
    source: read('x-vignette-source', SOURCES),
    cache: read('x-vignette-cache', CACHES),
    onDisconnect: read('x-vignette-on-disconnect', ON_DISCONNECT),
    maxCostUsd: readUsd('x-vignette-max-cost-usd', header('x-vignette-max-cost-usd')),
  };
}

function readUsd(name: string, text: string | undefined): number | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  if (/^\d{1,9}(\.\d{1,12})?$/.test(text.trim())) return Number(text.trim());
  throw new Fault('invalid_request', `${name}: "${text.slice(0, 40)}" is no amount of US$. Write one such as 0.01.`, { param: name });
}
