/** What every row of a format must have, and the wall between what we read and what Claude takes. */
import { describe, expect, it } from 'vitest';
import { claudeMediaType, claudeMediaTypeSchema, FORMAT_ROWS, formatDetailSchema, formatRow, type ReadableFormat } from '../../../src/core/image/format.ts';
import { inspectImage } from '../../../src/core/image/info.ts';
import { recogniseFile } from '../../../src/core/image/media-type.ts';
import { planMemory } from '../../../src/core/vision/memory/memory.ts';
import { planImage } from '../../../src/core/vision/plan.ts';
import { TIERS } from '../../../src/core/vision/tier.ts';
import { fixture, FIXTURES } from '../../support/fixture.ts';

const fixturesOf = (format: ReadableFormat) => FIXTURES.filter((name) => name.startsWith(`${format}-`));

describe.each(FORMAT_ROWS.map(([format, row]) => [format, row] as const))('the row of %s', (format, row) => {
  it('has fixtures, which it alone recognises', () => {
    const names = fixturesOf(format);
    expect(names.length).toBeGreaterThan(2);
    for (const name of names) {
      const bytes = fixture(name);
      expect(FORMAT_ROWS.filter(([, { recognises }]) => recognises(bytes)).map(([other]) => other)).toEqual([format]);
      expect(recogniseFile(bytes)).toEqual({ kind: 'image', format });
    }
  });

  it('has facts that are read back from storage as they were', () => {
    for (const name of fixturesOf(format)) {
      const { detail, mediaType } = inspectImage(fixture(name));
      expect(detail.format).toBe(format);
      expect(mediaType).toBe(row.mediaType);
      expect(formatDetailSchema.parse(JSON.parse(JSON.stringify(detail)))).toEqual(detail);
    }
  });

  it('has a memory plan for each of its fixtures', () => {
    for (const name of fixturesOf(format)) {
      const info = inspectImage(fixture(name));
      expect(planMemory(info, { width: 20, height: 20 })?.decoder, name).toBe('scanline');
    }
  });

  it('reports an orientation only where it says that one is written', () => {
    const turned = fixturesOf(format).filter((name) => inspectImage(fixture(name)).orientation !== 1);
    expect(turned.length > 0).toBe(row.exif !== undefined);
  });
});

/** Vision docs 2026-08, "Supported formats". */
const TAKEN_BY_CLAUDE = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'];

describe('what Claude takes', () => {
  it('is what its documentation says', () => {
    expect([...claudeMediaTypeSchema.options].sort()).toEqual([...TAKEN_BY_CLAUDE].sort());
  });

  it.each(FORMAT_ROWS.map(([format, { mediaType }]) => [format, mediaType] as const))('decides whether a %s may be passed on', (format, mediaType) => {
    expect(claudeMediaType(mediaType)).toBe(TAKEN_BY_CLAUDE.includes(mediaType) ? mediaType : undefined);
    for (const name of fixturesOf(format)) {
      // Small, upright, whole: everything that could be passed on is.
      const info = { ...inspectImage(fixture(name)), orientation: 1 as const };
      const plan = planImage(info, { tier: TIERS.standard, isManyImageRequest: false });
      expect(plan.kind, name).toBe(TAKEN_BY_CLAUDE.includes(mediaType) && info.isMalformed !== true ? 'pass-through' : 'transcode');
    }
  });

  it('is nothing of a format that it does not take, however large', () => {
    for (const [format, { mediaType }] of FORMAT_ROWS) {
      if (TAKEN_BY_CLAUDE.includes(mediaType)) continue;
      const info = inspectImage(fixture(fixturesOf(format)[0]!));
      const side = 20_000;
      const large = { ...info, width: side, height: side, storedWidth: side, storedHeight: side };
      expect(() => planImage(large, { tier: TIERS.standard, isManyImageRequest: false })).toThrow(formatRow(format).name);
    }
  });
});
