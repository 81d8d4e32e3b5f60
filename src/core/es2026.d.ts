/** ECMAScript 2026, in V8 since 14.0. */
interface Uint8ArrayConstructor {
  fromBase64(text: string, options?: { alphabet?: 'base64' | 'base64url'; lastChunkHandling?: 'loose' | 'strict' }): Uint8Array<ArrayBuffer>;
}
interface Uint8Array {
  setFromBase64(
    text: string,
    options?: { alphabet?: 'base64' | 'base64url'; lastChunkHandling?: 'loose' | 'strict' | 'stop-before-partial' },
  ): { readonly read: number; readonly written: number };
  toBase64(): string;
  toHex(): string;
}
