import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayOf, dayStartMs, monthOf, periodEndMs, timeText } from '../../../src/core/budget/period.ts';

const at = (text: string): number => Date.parse(text);

describe('days and months in UTC', () => {
  it('are those of the platform, from 1970 to 2200', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: at('2200-01-01T00:00:00Z') }), (nowMs) => {
        const text = new Date(nowMs).toISOString();
        expect(dayOf(nowMs)).toBe(text.slice(0, 10));
        expect(monthOf(nowMs)).toBe(text.slice(0, 7));
        expect(timeText(nowMs)).toBe(`${text.slice(0, 19)}Z`);
        expect(dayStartMs(dayOf(nowMs))).toBe(at(text.slice(0, 10)));
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['2026-11-21T23:59:59.999Z', '2026-11-21', '2026-11-22T00:00:00Z', '2026-12-01T00:00:00Z'],
    ['2026-11-22T00:00:00.000Z', '2026-11-22', '2026-11-23T00:00:00Z', '2026-12-01T00:00:00Z'],
    ['2026-12-31T23:59:59.999Z', '2026-12-31', '2027-01-01T00:00:00Z', '2027-01-01T00:00:00Z'],
    ['2027-01-01T00:00:00.000Z', '2027-01-01', '2027-01-02T00:00:00Z', '2027-02-01T00:00:00Z'],
    ['2028-02-28T12:00:00.000Z', '2028-02-28', '2028-02-29T00:00:00Z', '2028-03-01T00:00:00Z'],
    ['2028-02-29T12:00:00.000Z', '2028-02-29', '2028-03-01T00:00:00Z', '2028-03-01T00:00:00Z'],
    ['2100-02-28T12:00:00.000Z', '2100-02-28', '2100-03-01T00:00:00Z', '2100-03-01T00:00:00Z'],
  ])('%s is on %s; its day ends at %s, its month at %s', (now, day, dayEnd, monthEnd) => {
    expect(dayOf(at(now))).toBe(day);
    expect(timeText(periodEndMs('day', at(now)))).toBe(dayEnd);
    expect(timeText(periodEndMs('month', at(now)))).toBe(monthEnd);
  });

  it.each(['2026-02-29', '2026-13-01', '2026-00-10', '2026-01-00', '2026-1-1', '20260101', '2026-11-21T00:00:00Z', ''])('%j is no day', (day) => {
    expect(dayStartMs(day)).toBeUndefined();
  });
});
