import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editMembers, membersOf, memberValue } from '../../../src/core/json/member.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const textOf = (parts: readonly Uint8Array[]) => parts.map((part) => new TextDecoder().decode(part)).join('');
const edited = (text: string, remove: readonly string[], set: Record<string, unknown>) => textOf(editMembers(bytesOf(text), { remove, set }));

describe('the members of an object', () => {
  it('are those of the object itself, with their values', () => {
    const bytes = bytesOf(' {"a" : 1,"b":{"a":[2,"}"]}, "c\\u0041":"\\"\\\\" ,"d":null}\n');
    expect(membersOf(bytes).map((member) => [member.name, memberValue(bytes, member)])).toEqual([
      ['a', 1],
      ['b', { a: [2, '}'] }],
      ['cA', '"\\'],
      ['d', null],
    ]);
  });

  it('are none in an empty object', () => {
    expect(membersOf(bytesOf('{ }'))).toEqual([]);
  });

  it.each(['', '[]', '"a"', '{', '{"a"', '{"a":', '{"a":1', '{"a":"', '{"a":[1', '{"a":1 "b":2}', '{a:1}', '{"a" 1}'])('of %j are a fault', (text) => {
    expect(() => membersOf(bytesOf(text))).toThrow(expect.objectContaining({ code: 'invalid_request' }));
  });

  it('are found as JSON.parse finds them, in any object', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true }), fc.constantFrom(undefined, 1, '\t'), (value, space) => {
        const bytes = bytesOf(JSON.stringify(value, undefined, space));
        const found = Object.fromEntries(membersOf(bytes).map((member) => [member.name, memberValue(bytes, member)]));
        expect(found).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      { numRuns: 300 },
    );
  });
});

describe('an edited object', () => {
  it.each([
    ['{"a":1,"b":2,"c":3}', ['a'], {}, '{"b":2,"c":3}'],
    ['{"a":1,"b":2,"c":3}', ['c'], {}, '{"a":1,"b":2}'],
    ['{"a":1}', ['a', 'x'], {}, '{}'],
    ['{"a":1}', ['a'], { z: 'new' }, '{"z":"new"}'],
    ['{"a":1,"b":2}', [], { b: [3] }, '{"a":1,"b":[3]}'],
    ['{"a":1,"b":2}', ['b'], { b: 3 }, '{"b":3,"a":1}'],
    ['{}', [], { z: 1 }, '{"z":1}'],
    ['{"a": 1.50 }', [], { z: 1 }, '{"z":1,"a": 1.50}'],
  ])('%s without %j and with %j is %s', (text, remove, set, expected) => {
    expect(edited(text, remove, set)).toBe(expected);
  });

  it('loses every one of several members of the same name', () => {
    expect(edited('{"a":1,"a":2,"b":3}', ['a'], {})).toBe('{"b":3}');
  });
});
