/** ICC profiles in JPEG files: APP2 segments in up to 255 parts (ICC.1:2022 Annex B.4). */
import { readIccProfile } from './icc.ts';
import { type SourceColour, SRGB } from './space.ts';

/** Larger profiles are those of printers and scanners, made of tables; nothing that is used here comes near. */
const PROFILE_BYTES_MAX = 4 * 1024 * 1024;
const SIGNATURE = [0x49, 0x43, 0x43, 0x5f, 0x50, 0x52, 0x4f, 0x46, 0x49, 0x4c, 0x45, 0x00];
const PART_HEADER_BYTES = SIGNATURE.length + 2;

/** The parts of a profile, by their number; views of the file. */
export type IccParts = Map<number, Uint8Array>;

/** Takes note of the body of an APP2 segment when it holds a part of a profile. The first of a number counts. */
export function noteIccPart(parts: IccParts, body: Uint8Array): void {
  if (body.length < PART_HEADER_BYTES || SIGNATURE.some((byte, at) => body[at] !== byte)) return;
  const number = body[SIGNATURE.length] ?? 0;
  if (!parts.has(number)) parts.set(number, body.subarray(SIGNATURE.length + 1));
}

/** What the profile says; `SRGB` when a part is missing. `channels`: components of the frame. */
export function readIccParts(parts: IccParts, channels: number): SourceColour {
  const profile = join(parts);
  return profile === undefined ? SRGB : readIccProfile(profile, channels);
}

function join(parts: IccParts): Uint8Array | undefined {
  const count = parts.get(1)?.[0] ?? 0;
  const bodies = Array.from({ length: count }, (_, index) => parts.get(index + 1)?.subarray(1));
  const bytes = bodies.reduce((sum, body) => sum + (body?.length ?? Infinity), 0);
  if (count === 0 || bytes > PROFILE_BYTES_MAX) return undefined;
  if (count === 1) return bodies[0];
  const profile = new Uint8Array(bytes);
  let at = 0;
  for (const body of bodies) {
    profile.set(body ?? [], at);
    at += body?.length ?? 0;
  }
  return profile;
}
