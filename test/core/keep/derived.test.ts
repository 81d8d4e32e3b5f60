import { describe, expect, it } from 'vitest';
import { type DerivedRow, noteRow, sweep, TOMBSTONE_MS, WRITE_MS_MAX } from '../../../src/core/keep/derived.ts';

const NOW = 1_000_000_000;
const ANSWER = { kind: 'answer', name: 'description:v2:acme:x' } as const;

function row(more: Partial<DerivedRow> = {}): DerivedRow {
  return { ...ANSWER, generation: 0, isWritten: true, isPending: false, notedAtMs: NOW, expiresAtMs: NOW + 1_000, ...more };
}

describe('a row of an index', () => {
  it.each<[string, number | undefined, number | undefined, number | undefined]>([
    ['first', 5, undefined, 5],
    ['later', 9, 5, 9],
    ['earlier', 3, 5, 5],
  ])('is kept until the last of its ends: %s', (_, expiresAtMs, before, expected) => {
    const earlier = before === undefined ? undefined : row({ expiresAtMs: before });
    expect(noteRow(ANSWER, earlier, { generation: 1, nowMs: 1, expiresAtMs }).expiresAtMs).toBe(expected);
  });

  it('without an end is kept for good, whoever writes it later', () => {
    const forever = noteRow(ANSWER, undefined, { generation: 0, nowMs: 1, expiresAtMs: undefined });
    expect(forever).toMatchObject({ isPending: true, isWritten: false, expiresAtMs: undefined });
    expect(noteRow(ANSWER, forever, { generation: 0, nowMs: 2, expiresAtMs: 7 }).expiresAtMs).toBeUndefined();
  });
});

describe('a sweep', () => {
  it.each([
    [NOW + 999, false],
    [NOW + 1_000, true],
    [NOW + 1_001, true],
  ])('at %i forgets what ended at its time: %s', (nowMs, isDue) => {
    const swept = sweep([row()], 0, undefined, nowMs);
    expect(swept).toEqual({ remove: [], forget: isDue ? [row()] : [], nextAtMs: isDue ? undefined : NOW + 1_000, isEmpty: isDue });
  });

  it('removes an original at its end, since R2 does not', () => {
    const image = row({ kind: 'image', name: 'image/v2/acme/x' });
    expect(sweep([image], 0, undefined, NOW + 1_000)).toMatchObject({ remove: [image], forget: [] });
  });

  it.each([
    [NOW + WRITE_MS_MAX - 1, false],
    [NOW + WRITE_MS_MAX, true],
  ])('at %i removes what was being written when the picture was deleted: %s', (nowMs, isDue) => {
    const late = row({ isPending: true, expiresAtMs: NOW + 10 * WRITE_MS_MAX });
    expect(sweep([late], 1, NOW, nowMs)).toMatchObject({ remove: isDue ? [late] : [], forget: [] });
  });

  it.each([
    [NOW + WRITE_MS_MAX - 1, false],
    [NOW + WRITE_MS_MAX, true],
  ])('at %i removes an upload whose id never came, deletion or not: %s', (nowMs, isDue) => {
    const lost = row({ kind: 'file', name: 'group/upload', isPending: true, isWritten: false, expiresAtMs: NOW + 10 * WRITE_MS_MAX });
    expect(sweep([lost], 0, undefined, nowMs)).toMatchObject({ remove: isDue ? [lost] : [], forget: [] });
  });

  it('forgets a file that has ended by itself, whatever was to become of it', () => {
    const ended = row({ kind: 'file', name: 'group/upload', expiresAtMs: NOW + 2 * WRITE_MS_MAX });
    expect(sweep([ended], 1, NOW, NOW + 2 * WRITE_MS_MAX)).toMatchObject({ remove: [], forget: [ended] });
    expect(sweep([ended], 1, NOW, NOW + WRITE_MS_MAX)).toMatchObject({ remove: [ended], forget: [] });
  });

  it.each([
    [NOW + 5 + WRITE_MS_MAX - 1, false],
    [NOW + 5 + WRITE_MS_MAX, true],
  ])('at %i ends a deletion that was broken off: %s', (nowMs, isDue) => {
    const left = row({ expiresAtMs: undefined });
    expect(sweep([left], 1, NOW + 5, nowMs)).toMatchObject({ remove: isDue ? [left] : [], forget: [] });
  });

  it.each([
    [NOW + TOMBSTONE_MS - 1, false],
    [NOW + TOMBSTONE_MS, true],
  ])('at %i no longer remembers the deletion: %s', (nowMs, isEmpty) => {
    expect(sweep([], 1, NOW, nowMs)).toEqual({ remove: [], forget: [], nextAtMs: isEmpty ? undefined : NOW + TOMBSTONE_MS, isEmpty });
  });

  it('comes again for the next of what is left, and never for what has no end', () => {
    expect(sweep([row({ expiresAtMs: NOW + 9 }), row({ expiresAtMs: NOW + 5 }), row({ expiresAtMs: undefined })], 0, undefined, NOW).nextAtMs).toBe(NOW + 5);
    expect(sweep([row({ expiresAtMs: undefined })], 0, undefined, NOW)).toMatchObject({ nextAtMs: undefined, isEmpty: false });
  });
});
