/**
 * The secret of a managed key: `vgn_`, 40 hex digits (160 random bits), 8 hex digits (their CRC-32). The prefix lets
 * scanners recognise a leaked one, the checksum tells a typing error from a key without any look-up. Neither
 * protects it: the random bits do, and only their SHA-256 is kept.
 */
import { crc32 } from '../crc32.ts';
import { ID_RANDOM_BYTES, SECRET_RANDOM_BYTES } from './limit.ts';

const PREFIX = 'vgn_';
const FORM = /^vgn_[0-9a-f]{48}$/;
const CHECKSUM_CHARACTERS = 8;

/** The secret made of 20 random bytes. @throws RangeError for any other number of them */
export function formatSecret(random: Uint8Array): string {
  if (random.length !== SECRET_RANDOM_BYTES) throw new RangeError(`a secret is made of ${SECRET_RANDOM_BYTES} bytes, not ${random.length}`);
  const body = PREFIX + hex(random);
  return body + checksumOf(body);
}

/** Whether a text is formed like a secret: prefix, length, digits and checksum. Says nothing about whether it is one. */
export function isSecret(text: string): boolean {
  return FORM.test(text) && checksumOf(text.slice(0, -CHECKSUM_CHARACTERS)) === text.slice(-CHECKSUM_CHARACTERS);
}

/** The id of a key: `key_`, 12 hex digits of its creation time in milliseconds, so that ids sort by age, and 12 random ones. */
export function formatKeyId(createdAtMs: number, random: Uint8Array): string {
  if (random.length !== ID_RANDOM_BYTES) throw new RangeError(`an id is made of ${ID_RANDOM_BYTES} bytes, not ${random.length}`);
  return `key_${createdAtMs.toString(16).padStart(12, '0')}${hex(random)}`;
}

/** Whether a text is formed like the id of a key. */
export function isKeyId(text: string): boolean {
  return /^key_[0-9a-f]{24}$/.test(text);
}

function checksumOf(body: string): string {
  return crc32(new TextEncoder().encode(body)).toString(16).padStart(CHECKSUM_CHARACTERS, '0');
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
