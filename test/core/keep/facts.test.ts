import { describe, expect, it } from 'vitest';
import { readImageInfo } from '../../../src/core/keep/facts.ts';
import { inspectImage } from '../../../src/core/image/info.ts';
import { FIXTURES, fixture } from '../../support/fixture.ts';

describe('stored facts', () => {
  it.each(FIXTURES)('come back as they were: %s', (name) => {
    const info = inspectImage(fixture(name));
    expect(readImageInfo(JSON.stringify(info))).toEqual(info);
    // R2 holds 8,192 bytes of metadata with an object.
    expect(JSON.stringify(info).length).toBeLessThan(1_000);
  });

  const info = inspectImage(fixture('jpeg-orientation-6-big-endian.jpg'));
  it.each<[string, string | undefined]>([
    ['nothing', undefined],
    ['no JSON', '{"format":'],
    ['no object', '[]'],
    ['a field too few', JSON.stringify({ ...info, width: undefined })],
    ['a field too many', JSON.stringify({ ...info, extra: 1 })],
    ['an impossible orientation', JSON.stringify({ ...info, orientation: 9 })],
    ['no width', JSON.stringify({ ...info, width: 0 })],
    ['the detail of another format', JSON.stringify({ ...info, detail: { format: 'png', isInterlaced: false } })],
  ])('are none when there is %s', (_, text) => {
    expect(readImageInfo(text)).toBeUndefined();
  });
});
