import { describe, expect, it } from 'vitest';
import { repeatedName } from '../../../src/core/json/repeated-name.ts';
import { NAME_BYTES_MAX } from '../../../src/core/json/limit.ts';

const find = (text: string) => repeatedName(new TextEncoder().encode(text), new Set(['tools', 'type']));

describe('a name that stands twice in one object', () => {
  it.each([
    ['at the top', '{"tools":[],"model":"m","tools":[]}', 'tools'],
    ['deep inside', '{"a":[1,{"b":[{"type":"x","c":{},"type":"y"}]}]}', 'type'],
    ['in another spelling', String.raw`{"tools":[],"t\u006fols":[]}`, 'tools'],
    ['the first of several', '{"a":{"type":1,"type":2},"tools":1,"tools":2}', 'type'],
    ['with one value for both', '{"type":"x","type":"x"}', 'type'],
  ])('is found %s', (_, text, name) => {
    expect(find(text)).toBe(name);
  });

  it.each([
    ['in objects of their own', '{"type":1,"a":{"type":2},"b":[{"type":3},{"type":4}]}'],
    ['that nobody asks about', '{"name":1,"name":2,"toString":1,"toString":2}'],
    ['as values', '["type","type",{"a":"tools","b":"tools"}]'],
    ['in text', String.raw`{"a":"{\"type\":1,\"type\":2}"}`],
    ['longer than any that is read', `{"${'type'.repeat(NAME_BYTES_MAX)}":1,"${'type'.repeat(NAME_BYTES_MAX)}":2}`],
    ['nowhere', '7'],
  ])('is none for names %s', (_, text) => {
    expect(find(text)).toBeUndefined();
  });
});
