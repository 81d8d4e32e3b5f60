import { describe, expect, it } from 'vitest';
import { isFileId, readUploadedFile, uploadedFileKey, type UploadedFile } from '../../../src/core/keep/uploaded-file.ts';

const KEY = 'upload:v1:acme:file_1';
const FILE: UploadedFile = {
  key: KEY,
  id: 'file_1',
  filename: 'a.jpg',
  sha256: 'a'.repeat(64),
  mediaType: 'image/jpeg',
  width: 1,
  height: 1,
  bytes: 1,
  createdAtMs: 0,
  expiresAtMs: 1_000,
};

describe('the record of an uploaded file', () => {
  it.each([
    ['file_1', true],
    ['a'.repeat(128), true],
    ['a'.repeat(129), false],
    ['', false],
    ['umbrella:file_1', false],
    ['../file_1', false],
    ['file_é', false],
  ])('%j as an id: %s', (id, isOne) => {
    expect(isFileId(id)).toBe(isOne);
  });

  it('has a key of its tenant', () => {
    expect(uploadedFileKey('acme', 'file_1')).toBe(KEY);
  });

  it('is read under the key that it was written for, and no other', () => {
    expect(readUploadedFile(FILE, KEY, 0)).toEqual(FILE);
    expect(readUploadedFile(FILE, 'upload:v1:umbrella:file_1', 0)).toBeUndefined();
  });

  it.each([
    [999, true],
    [1_000, false],
    [1_001, false],
  ])('of a file that ends at 1000 ms, at %i ms: %s', (nowMs, isLive) => {
    expect(readUploadedFile(FILE, KEY, nowMs) !== undefined).toBe(isLive);
    expect(readUploadedFile({ ...FILE, expiresAtMs: null }, KEY, nowMs)).toBeDefined();
  });

  it.each([null, 'text', {}, { ...FILE, more: 1 }, { ...FILE, width: 0 }, { ...FILE, mediaType: 'text/html' }, { ...FILE, sha256: 'A'.repeat(64) }])(
    '%j is no record',
    (value) => {
      expect(readUploadedFile(value, KEY, 0)).toBeUndefined();
    },
  );
});
