/** SHA-256 by the platform, which hashes more than a gigabyte a second. */

/** 64 lower-case hex digits of bytes, or of the UTF-8 form of a text. */
export async function sha256(data: Uint8Array<ArrayBuffer> | string): Promise<string> {
  const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data;
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)).toHex();
}
