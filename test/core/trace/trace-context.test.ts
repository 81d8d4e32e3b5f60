import { describe, expect, it } from 'vitest';
import { continueTrace, traceHeaders } from '../../../src/core/trace/trace-context.ts';

const OWN = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) };
/** The example of W3C Trace Context §3.2.4. */
const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const CALLER = `00-${TRACE_ID}-00f067aa0ba902b7-01`;

const passedOn = (traceparent?: string, tracestate?: string) => traceHeaders(continueTrace(traceparent, tracestate, OWN));

describe('a trace', () => {
  it('of the caller goes on under a span of ours', () => {
    expect(passedOn(CALLER)).toEqual({ traceparent: `00-${TRACE_ID}-${OWN.spanId}-01` });
    expect(continueTrace(CALLER, undefined, OWN)).toMatchObject({ traceId: TRACE_ID, spanId: OWN.spanId });
  });

  it('begins here when the caller has none', () => {
    expect(passedOn()).toEqual({ traceparent: `00-${OWN.traceId}-${OWN.spanId}-01` });
    expect(passedOn(undefined, 'vendor=1')).toEqual({ traceparent: `00-${OWN.traceId}-${OWN.spanId}-01` });
  });

  it.each([
    ['00', '00'],
    ['01', '01'],
    ['02', '02'],
    ['03', '03'],
    ['fc', '00'],
    ['ff', '03'],
  ])('with flags %s is passed on with %s: reserved bits are not repeated', (flags, expected) => {
    expect(passedOn(`00-${TRACE_ID}-00f067aa0ba902b7-${flags}`).traceparent).toBe(`00-${TRACE_ID}-${OWN.spanId}-${expected}`);
  });

  it.each([`01-${TRACE_ID}-00f067aa0ba902b7-01`, `cc-${TRACE_ID}-00f067aa0ba902b7-01-what-comes-later`, `fe-${TRACE_ID}-00f067aa0ba902b7-01-`])(
    'of a later version is read as far as it is known, and passed on as version 00: %s',
    (traceparent) => {
      expect(passedOn(traceparent).traceparent).toBe(`00-${TRACE_ID}-${OWN.spanId}-01`);
    },
  );

  it.each([
    ['an empty header', ''],
    ['the forbidden version', `ff-${TRACE_ID}-00f067aa0ba902b7-01`],
    ['more than version 00 has', `${CALLER}-`],
    ['a later version that runs on without a dash', `cc-${TRACE_ID}-00f067aa0ba902b7-01x`],
    ['capital letters', CALLER.toUpperCase()],
    ['a trace id of zeros', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`],
    ['a parent id of zeros', `00-${TRACE_ID}-${'0'.repeat(16)}-01`],
    ['a short trace id', `00-${TRACE_ID.slice(1)}-00f067aa0ba902b7-01`],
    ['a long parent id', `00-${TRACE_ID}-00f067aa0ba902b70-01`],
    ['digits that are none', `00-${TRACE_ID.slice(1)}g-00f067aa0ba902b7-01`],
    ['flags of one digit', `00-${TRACE_ID}-00f067aa0ba902b7-1`],
    ['two headers in one', `${CALLER}, ${CALLER}`],
    ['space around it', ` ${CALLER}`],
    ['a line break', `${CALLER}\n`],
  ])('with %s is dropped, with its state, and a new one begins', (_, traceparent) => {
    expect(passedOn(traceparent, 'vendor=1')).toEqual({ traceparent: `00-${OWN.traceId}-${OWN.spanId}-01` });
  });
});

describe('the state of a trace', () => {
  const state = (text: string) => passedOn(CALLER, text).tracestate;

  it.each([
    ['rojo=00f067aa0ba902b7,congo=t61rcWkgMzE', 'rojo=00f067aa0ba902b7,congo=t61rcWkgMzE'],
    ['rojo=1 , \t congo=2', 'rojo=1,congo=2'],
    ['rojo=1,,congo=2,', 'rojo=1,congo=2'],
    ['fw529a3039@dt=FfAe3', 'fw529a3039@dt=FfAe3'],
    ['0a_-*/=a b', '0a_-*/=a b'],
    [`${'k'.repeat(256)}=v`, `${'k'.repeat(256)}=v`],
  ])('is passed on: %s', (text, expected) => {
    expect(state(text)).toBe(expected);
  });

  it.each([
    '',
    ' , ',
    'rojo',
    'rojo=',
    '=1',
    'Rojo=1',
    '-rojo=1',
    'rojo=a=b',
    'rojo=ü',
    'rojo=a\u0000',
    'rojo=1,rojo=2',
    `${'k'.repeat(257)}=v`,
    `k=${'v'.repeat(257)}`,
  ])('is dropped alone when it is not exactly right: %j', (text) => {
    expect(passedOn(CALLER, text)).toEqual({ traceparent: `00-${TRACE_ID}-${OWN.spanId}-01` });
  });

  it('has at most 32 members', () => {
    const members = (count: number) => Array.from({ length: count }, (_, index) => `k${index}=v`).join(',');
    expect(state(members(32))).toBe(members(32));
    expect(state(members(33))).toBeUndefined();
  });

  it('is cut to 512 characters at a member, long ones first', () => {
    const fill = (key: string, characters: number) => `${key}=${'v'.repeat(characters - key.length - 1)}`;
    const exact = [fill('a', 128), fill('b', 128), fill('c', 128), fill('d', 125)].join(',');
    expect(exact).toHaveLength(512);
    expect(state(exact)).toBe(exact);
    const more = [fill('a', 128), fill('long', 129), fill('b', 128), fill('c', 128), fill('d', 126)];
    expect(state(more.join(','))).toBe([more[0], more[2], more[3]].join(','));
    expect(state([fill('a', 257), fill('b', 257)].join(','))).toBeUndefined();
  });
});
