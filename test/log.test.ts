import { afterEach, describe, expect, it, vi } from 'vitest';
import { consoleLog, type LogEntry, type LogLevel, logLine } from '../src/log.ts';

const lineOf = (entry: LogEntry) => JSON.parse(logLine(entry)) as Record<string, unknown>;

describe('a line of the log', () => {
  it('has its level first, and leaves out what is absent', () => {
    expect(logLine({ event: 'request', status: 200, tenant: undefined, stages_ms: { body: 3 } })).toBe(
      '{"level":"info","event":"request","status":200,"stages_ms":{"body":3}}',
    );
    expect(lineOf({ event: 'fault', level: 'error' })).toEqual({ level: 'error', event: 'fault' });
  });

  it('leaves out every field that is not listed, whatever an object carries', () => {
    const carried = { event: 'request', prompt: 'What is this?', authorization: 'x', headers: { cookie: 'x' } } as LogEntry;
    expect(lineOf(carried)).toEqual({ level: 'info', event: 'request' });
  });

  it.each([
    ['a key of Anthropic', 'refused sk-ant-api03-AbC_d-9 there', 'refused [redacted] there'],
    ['a key of ours', 'key vgn_0123456789abcdef.', 'key [redacted]'],
    ['the secret of a webhook', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', '[redacted]'],
    ['bearer credentials', 'Authorization: Bearer abc.def-123', 'Authorization: [redacted]'],
    ['basic credentials', 'authorization: basic dXNlcjpwYXNz', 'authorization: [redacted]'],
    ['the query of an address', 'at https://a.example.com/b?signature=abc&x=1 now', 'at https://a.example.com/b[redacted] now'],
    ['base64', `data ${'iVBORw0KGgoAAAANSUhEUgAA'.repeat(5)}== end`, 'data [redacted] end'],
  ])('shows nothing of %s, should it ever stand in a field', (_, text, expected) => {
    expect(lineOf({ event: 'fault', stack: text }).stack).toBe(expected);
  });

  it('stays JSON when a secret ends at a quote, and keeps ids and hashes', () => {
    const id = 'req_0123456789abcdef0123456789abcdef';
    expect(lineOf({ event: 'request', request_id: id, trace_id: 'a'.repeat(32), cause: '"sk-ant-x"', faults: 'f'.repeat(64) })).toEqual({
      level: 'info',
      event: 'request',
      request_id: id,
      trace_id: 'a'.repeat(32),
      cause: '"[redacted]"',
      faults: 'f'.repeat(64),
    });
  });
});

describe('the log on the console', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it.each<[LogLevel, readonly string[]]>([
    ['info', ['log', 'log', 'warn', 'error']],
    ['warn', ['warn', 'error']],
    ['error', ['error']],
  ])('from %s on writes each line by the method of its level', (least, expected) => {
    const written: string[] = [];
    for (const method of ['log', 'warn', 'error'] as const) vi.spyOn(console, method).mockImplementation(() => void written.push(method));
    const log = consoleLog(least);
    log({ event: 'a' });
    for (const level of ['info', 'warn', 'error'] as const) log({ event: 'b', level });
    expect(written).toEqual(expected);
  });
});
