import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { WebpDecodeError } from '../../src/codec/scanline/webp.ts';
import { decodeWhole, differenceFromOracle } from './load-webp.ts';

interface Entry {
  readonly file: string;
  readonly format: string;
  readonly libvips: string;
}

const corpus = new URL('../../../shared/corpus/', import.meta.url);
const isThere = existsSync(new URL('manifest.json', corpus));
if (!isThere) console.warn('../shared/corpus is absent: WebP files of others are not tested');
const entries: Entry[] = isThere ? JSON.parse(readFileSync(new URL('manifest.json', corpus), 'utf8')) : [];
const files: Entry[] = entries.filter(({ format, file }) => format === 'webp' || file.endsWith('.webp'));
const readable = files.filter(({ libvips }) => libvips === 'ok');
const refused = files.filter(({ libvips }) => libvips !== 'ok');

describe.skipIf(!isThere)('WebP files that nobody on this project made', () => {
  it('are there', () => {
    expect(files.length).toBeGreaterThan(25);
  });

  it.each(readable)('$file decodes to the very pixels of libwebp', async ({ file }) => {
    expect(await differenceFromOracle(readFileSync(new URL(file, corpus)))).toBe(0);
  });

  it.each(refused)('$file, which libwebp refuses, is refused or misses bytes behind its picture', ({ file }) => {
    const bytes = readFileSync(new URL(file, corpus));
    try {
      expect(decodeWhole(bytes).warnings).toBe(1);
    } catch (error) {
      expect(error).toBeInstanceOf(WebpDecodeError);
      expect(error).not.toHaveProperty('cause');
    }
  });
});
