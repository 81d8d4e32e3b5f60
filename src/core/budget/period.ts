/** Days and months of the calendar in UTC (proleptic Gregorian, ISO 8601), from milliseconds since 1970. */

export const PERIODS = ['day', 'month'] as const;
export type Period = (typeof PERIODS)[number];

const DAY_MS = 86_400_000;
/** Days from 1 March of the year 0 to 1 January 1970: years are counted from March, so that the leap day comes last. */
const DAYS_BEFORE_1970 = 719_468;
const DAYS_A_CYCLE = 146_097;
const YEARS_A_CYCLE = 400;

/** `2026-11-21` */
export function dayOf(nowMs: number): string {
  const { year, month, day } = civilOf(Math.floor(nowMs / DAY_MS));
  return `${monthText(year, month)}-${String(day).padStart(2, '0')}`;
}

/** `2026-11` */
export function monthOf(nowMs: number): string {
  const { year, month } = civilOf(Math.floor(nowMs / DAY_MS));
  return monthText(year, month);
}

/** The period that a moment falls in, as text: a day or a month. */
export function periodOf(period: Period, nowMs: number): string {
  return period === 'day' ? dayOf(nowMs) : monthOf(nowMs);
}

/** The period that a day written as `2026-11-21` belongs to. */
export function periodWith(period: Period, day: string): string {
  return period === 'day' ? day : day.slice(0, '2026-11'.length);
}

/** The first moment of the next day or month: when a budget is whole again. */
export function periodEndMs(period: Period, nowMs: number): number {
  const today = Math.floor(nowMs / DAY_MS);
  if (period === 'day') return (today + 1) * DAY_MS;
  const { year, month } = civilOf(today);
  return (month === 12 ? daysTo(year + 1, 1, 1) : daysTo(year, month + 1, 1)) * DAY_MS;
}

/** Milliseconds of the beginning of a day written as `2026-11-21`, or `undefined` when there is no such day. */
export function dayStartMs(day: string): number | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day);
  if (match === null) return undefined;
  const startMs = daysTo(Number(match[1]), Number(match[2]), Number(match[3])) * DAY_MS;
  return dayOf(startMs) === day ? startMs : undefined;
}

/** A moment as RFC 3339 has it, to the second: `2026-11-21T00:00:00Z`. */
export function timeText(nowMs: number): string {
  const seconds = Math.floor((nowMs % DAY_MS) / 1000);
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  return `${dayOf(nowMs)}T${two(seconds / 3600)}:${two((seconds % 3600) / 60)}:${two(seconds % 60)}Z`;
}

/** Day of the year that begins in March, by months: 0, 31, 61, 92 … (153 days in five months). */
function marchDay(month: number): number {
  return Math.floor((153 * ((month + 9) % 12) + 2) / 5);
}

function daysTo(year: number, month: number, day: number): number {
  const marchYear = month <= 2 ? year - 1 : year;
  const cycle = Math.floor(marchYear / YEARS_A_CYCLE);
  const inCycle = marchYear - cycle * YEARS_A_CYCLE;
  return cycle * DAYS_A_CYCLE + inCycle * 365 + Math.floor(inCycle / 4) - Math.floor(inCycle / 100) + marchDay(month) + day - 1 - DAYS_BEFORE_1970;
}

function civilOf(days: number): { readonly year: number; readonly month: number; readonly day: number } {
  // 400 years of 365.2425 days; the guess is one year late at most, at the end of a March year.
  let marchYear = Math.floor(((days + DAYS_BEFORE_1970) * YEARS_A_CYCLE) / DAYS_A_CYCLE);
  if (daysTo(marchYear, 3, 1) > days) marchYear -= 1;
  else if (daysTo(marchYear + 1, 3, 1) <= days) marchYear += 1;
  const dayOfYear = days - daysTo(marchYear, 3, 1);
  const month = ((Math.floor((5 * dayOfYear + 2) / 153) + 2) % 12) + 1;
  return { year: month <= 2 ? marchYear + 1 : marchYear, month, day: dayOfYear - marchDay(month) + 1 };
}

function monthText(year: number, month: number): string {
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}`;
}
