/**
 * The log: one line of JSON an event, made of the fields listed here and of nothing else. No payloads, no keys, no
 * addresses: what a field may hold is known where it is written. Redaction is only the second net, for a mistake there.
 */
import type { ErrorCode } from './core/fault.ts';

export type LogLevel = 'info' | 'warn' | 'error';

export interface LogEntry {
  /** What happened, in snake_case: `request` for the one line that every request has. */
  readonly event: string;
  /** Default `info`. */
  readonly level?: LogLevel | undefined;
  readonly request_id?: string | undefined;
  /** W3C trace id, 32 hex digits, and the span of ours that upstream calls name as their parent. */
  readonly trace_id?: string | undefined;
  readonly span_id?: string | undefined;
  readonly method?: string | undefined;
  /** The pattern of the route, never the address. */
  readonly route?: string | undefined;
  readonly status?: number | undefined;
  readonly code?: ErrorCode | undefined;
  readonly tenant?: string | undefined;
  /** Id of the API key, never the key. */
  readonly key?: string | undefined;
  /** Id of the key that changed another one. */
  readonly by?: string | undefined;
  readonly model?: string | undefined;
  readonly cache?: string | undefined;
  readonly images?: number | undefined;
  readonly input_tokens?: number | undefined;
  readonly output_tokens?: number | undefined;
  readonly cost_usd?: number | undefined;
  readonly saved_usd?: number | undefined;
  readonly upstream_request_id?: string | undefined;
  readonly duration_ms?: number | undefined;
  /** Time in which nobody else was waited for. */
  readonly overhead_ms?: number | undefined;
  /** Milliseconds by stage; the names are ours. */
  readonly stages_ms?: Readonly<Record<string, number>> | undefined;
  /** Name of an error's class, and the places in our code that it came through. */
  readonly cause?: string | undefined;
  readonly stack?: string | undefined;
  /** Faults of the configuration, by variable; values of secrets never stand in them. */
  readonly faults?: string | undefined;
}

/** Takes an entry to where logs are kept. */
export type Log = (entry: LogEntry) => void;

/** Every field there is, in the order of the line; a field that is not here is not written, whatever an object carries. */
const FIELDS = {
  level: true,
  event: true,
  request_id: true,
  trace_id: true,
  span_id: true,
  method: true,
  route: true,
  status: true,
  code: true,
  tenant: true,
  key: true,
  by: true,
  model: true,
  cache: true,
  images: true,
  input_tokens: true,
  output_tokens: true,
  cost_usd: true,
  saved_usd: true,
  upstream_request_id: true,
  duration_ms: true,
  overhead_ms: true,
  stages_ms: true,
  cause: true,
  stack: true,
  faults: true,
} satisfies Record<keyof LogEntry, true>;
const NAMES = Object.keys(FIELDS) as readonly (keyof LogEntry)[];

/** Anthropic's keys, ours, secrets of webhooks, credentials of a header, what follows a "?" in an address, and runs of base64 (tried once a run, not at each of its characters). */
const SECRETS = /\b(?:sk-ant-|vgn_|whsec_)[\w+/=.-]+|\b(?:bearer|basic)\s+[\w.~+/=-]+|(?<=https?:\/\/[^\s"?]*)\?[^\s"]+|(?<![\w+/-])[\w+/-]{100,}={0,2}/gi;

const SEVERITY = { info: 0, warn: 1, error: 2 } as const satisfies Record<LogLevel, number>;

/** A log that writes entries of this level and above to the console, by the method of their level, from which Workers Logs takes it. */
export function consoleLog(least: LogLevel): Log {
  return (entry) => {
    const level = entry.level ?? 'info';
    if (SEVERITY[level] < SEVERITY[least]) return;
    const line = logLine(entry);
    if (level === 'error') console.error(line);
    else if (level === 'warn') console.warn(line);
    else console.log(line);
  };
}

/** The line of an entry: JSON, absent fields left out, whatever looks like a secret replaced. */
export function logLine(entry: LogEntry): string {
  const line: Record<string, unknown> = { level: 'info' };
  for (const name of NAMES) {
    const value = entry[name];
    if (value !== undefined) line[name] = value;
  }
  return JSON.stringify(line).replace(SECRETS, '[redacted]');
}
