/**
 * Strict JSON (RFC 8259) over UTF-8 bytes, read once from front to back without building anything: the caller is told
 * where things stand. What it lets pass `JSON.parse` takes, too, with the same meaning. A byte order mark is refused
 * (RFC 8259 §8.1), and so is invalid UTF-8; lone surrogates written as escapes are legal JSON and pass.
 */
import { Fault } from '../fault.ts';
import { JSON_DEPTH_MAX } from './limit.ts';

/** Bytes `start` to `end` (exclusive) of a body. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A string: the span between its quotes, and whether anything in it is written as an escape. */
export interface StringSpan extends Span {
  readonly hasEscapes: boolean;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Bytes that stand for themselves in a string: ASCII but control characters, the quote and the backslash. */
const PLAIN = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 0x20 && byte < 0x80 && byte !== QUOTE && byte !== BACKSLASH ? 1 : 0));

/** Strings shorter than this are over before words would pay. */
const WORDS_WORTH_BYTES = 64;

/** What may follow a backslash, `u` aside. */
const ESCAPED = new Set(Array.from('"\\/bfnrt', (character) => character.charCodeAt(0)));

/** Signs that are looked for, in words. */
const SIGNS: Readonly<Record<number, string>> = { [QUOTE]: 'a double quote', 0x3a: 'a colon', 0x5b: 'an opening bracket', 0x7b: 'an opening brace' };

/** A cursor over one body. Its methods each read one thing and leave the cursor behind it. @throws invalid_request */
export class JsonReader {
  readonly #bytes: Uint8Array;
  /** The same bytes, four at a time; none where they do not begin at a word. */
  readonly #words: Int32Array;
  #at = 0;
  #depth = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#words = bytes.byteOffset % 4 === 0 ? new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2) : new Int32Array(0);
  }

  /** Offset of the next byte. */
  get at(): number {
    return this.#at;
  }

  /** The first byte of the next value; -1 at the end. */
  peek(): number {
    const bytes = this.#bytes;
    let at = this.#at;
    while (at < bytes.length && isSpace(bytes[at])) at++;
    this.#at = at;
    return bytes[at] ?? -1;
  }

  /** Reads a value of any kind and forgets it. */
  skipValue(): void {
    const first = this.peek();
    if (first === 0x7b) this.readObject(() => this.skipValue());
    else if (first === 0x5b) this.readArray(() => this.skipValue());
    else if (first === QUOTE) this.readString();
    else if (first === 0x74) this.#readWord('true');
    else if (first === 0x66) this.#readWord('false');
    else if (first === 0x6e) this.#readWord('null');
    else this.#readNumber();
  }

  /** Reads an object; `onField` is called behind each name and its colon, and reads the value. */
  readObject(onField: (name: StringSpan) => void): void {
    this.#enter(0x7b);
    if (this.peek() === 0x7d) return this.#leave();
    for (;;) {
      this.peek();
      const name = this.readString();
      this.#expect(0x3a);
      onField(name);
      if (this.#isLast(0x7d)) return this.#leave();
    }
  }

  /** Reads a list; `onItem` is called before each item, and reads it. */
  readArray(onItem: (index: number) => void): void {
    this.#enter(0x5b);
    if (this.peek() === 0x5d) return this.#leave();
    for (let index = 0; ; index++) {
      onItem(index);
      if (this.#isLast(0x5d)) return this.#leave();
    }
  }

  /** Reads a string. */
  readString(): StringSpan {
    this.#expect(QUOTE);
    const bytes = this.#bytes;
    const start = this.#at;
    let at = start;
    let hasEscapes = false;
    for (;;) {
      while (PLAIN[bytes[at] ?? 0] === 1) {
        at++;
        if ((at & 3) === 0 && at - start >= WORDS_WORTH_BYTES) at = this.#afterPlainWords(at);
      }
      const byte = bytes[at];
      if (byte === QUOTE) break;
      if (byte === BACKSLASH) {
        hasEscapes = true;
        at = this.#afterEscape(at + 1);
      } else if (byte !== undefined && byte >= 0x80) at = this.#afterCharacter(at);
      else throw this.#fault(at, byte === undefined ? 'a string has no end' : 'a control character stands in a string unescaped');
    }
    this.#at = at + 1;
    return { start, end: at, hasEscapes };
  }

  /** Nothing but white space may follow. */
  end(): void {
    if (this.peek() !== -1) throw this.#fault(this.#at, 'something follows the end of the value');
  }

  /** The text of a string, or `undefined` when it is longer than `bytesMax`. */
  textOf(span: StringSpan, bytesMax: number): string | undefined {
    if (span.end - span.start > bytesMax) return undefined;
    const text = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true }).decode(this.#bytes.subarray(span.start, span.end));
    return span.hasEscapes ? String(JSON.parse(`"${text}"`)) : text;
  }

  /**
   * Behind all words from `at` on that hold nothing but bytes of `PLAIN`: base64 of megabytes costs an eighth of the time.
   * A subtraction borrows into the high bit of a byte exactly where it was below (or, after XOR, equal), or behind such a one.
   */
  #afterPlainWords(at: number): number {
    const words = this.#words;
    let index = at >> 2;
    while (index < words.length) {
      const word = words[index] ?? 0;
      const marks = word | (word - 0x20202020) | ((word ^ 0x22222222) - 0x01010101) | ((word ^ 0x5c5c5c5c) - 0x01010101);
      if ((marks & 0x80808080) !== 0) break;
      index++;
    }
    return index << 2;
  }

  #enter(bracket: number): void {
    this.#expect(bracket);
    this.#depth += 1;
    if (this.#depth > JSON_DEPTH_MAX) throw this.#fault(this.#at, `it is nested deeper than ${JSON_DEPTH_MAX} levels`);
  }

  #leave(): void {
    this.#at += 1;
    this.#depth -= 1;
  }

  /** After an item: at the closing bracket true, behind a comma false. */
  #isLast(bracket: number): boolean {
    const byte = this.peek();
    if (byte === bracket) return true;
    if (byte !== 0x2c) throw this.#fault(this.#at, 'a comma or a closing bracket is missing');
    this.#at += 1;
    return false;
  }

  #expect(byte: number): void {
    if (this.peek() !== byte) throw this.#fault(this.#at, `${SIGNS[byte] ?? 'something'} is missing`);
    this.#at += 1;
  }

  #readWord(word: string): void {
    for (let index = 0; index < word.length; index++) {
      if (this.#bytes[this.#at + index] !== word.charCodeAt(index)) throw this.#fault(this.#at, 'something that is not a value stands there');
    }
    this.#at += word.length;
  }

  /** RFC 8259 §6: no leading zeros, no bare point, no plus sign in front. */
  #readNumber(): void {
    const start = this.#at;
    if (this.#bytes[this.#at] === 0x2d) this.#at += 1;
    if (this.#bytes[this.#at] === 0x30) this.#at += 1;
    else this.#readDigits(start);
    if (this.#bytes[this.#at] === 0x2e) {
      this.#at += 1;
      this.#readDigits(start);
    }
    if (((this.#bytes[this.#at] ?? 0) | 0x20) === 0x65) {
      this.#at += 1;
      const sign = this.#bytes[this.#at];
      if (sign === 0x2b || sign === 0x2d) this.#at += 1;
      this.#readDigits(start);
    }
  }

  #readDigits(start: number): void {
    const first = this.#at;
    while (isDigit(this.#bytes[this.#at])) this.#at += 1;
    if (this.#at === first) throw this.#fault(start, 'something that is not a value stands there');
  }

  #afterEscape(at: number): number {
    const byte = this.#bytes[at] ?? 0;
    if (ESCAPED.has(byte)) return at + 1;
    if (byte !== 0x75) throw this.#fault(at - 1, 'an escape in a string is not one of JSON');
    for (let digit = 1; digit <= 4; digit++) if (!isHexDigit(this.#bytes[at + digit])) throw this.#fault(at - 1, 'a \\u escape needs four hex digits');
    return at + 5;
  }

  /** Behind a character of two to four bytes; well-formed ones only (RFC 3629 §4). */
  #afterCharacter(at: number): number {
    const first = this.#bytes[at] ?? 0;
    const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    const second = this.#bytes[at + 1] ?? 0;
    // Overlong forms, surrogates and what lies beyond U+10FFFF show in the second byte.
    const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
    const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
    let isWellFormed = first >= 0xc2 && first <= 0xf4 && second >= low && second <= high;
    for (let index = 2; index < length; index++) isWellFormed &&= ((this.#bytes[at + index] ?? 0) & 0xc0) === 0x80;
    if (!isWellFormed) throw this.#fault(at, 'a string is not valid UTF-8');
    return at + length;
  }

  #fault(at: number, reason: string): Fault {
    return new Fault('invalid_request', `The body is not valid JSON: at byte ${at}, ${reason}.`, { param: 'body' });
  }
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

function isHexDigit(byte: number | undefined): boolean {
  return isDigit(byte) || (byte !== undefined && (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66);
}
