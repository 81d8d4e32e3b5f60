/** SHA-256 of bytes as 64 hex digits, by the platform and not by the product. */
export async function hexHash(bytes: BufferSource): Promise<string> {
  return [...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
