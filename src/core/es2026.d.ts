/** ECMAScript 2026, in V8 since 14.0. */
interface Uint8ArrayConstructor {
  fromBase64(text: string, options?: { alphabet?: 'base64' | 'base64url'; lastChunkHandling?: 'loose' | 'strict' }): Uint8Array<ArrayBuffer>;
}
interface Uint8Array {
  toBase64(): string;
  toHex(): string;
}
