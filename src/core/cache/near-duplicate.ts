/** Near-duplicates: which picture looks most like another one to which the same question was put. */
import { hashDistance, hasSameShape } from './perceptual-hash.ts';

/** Pictures that are remembered for one question of a tenant; of more, those whose answers end first go. */
export const NEAR_ROWS_MAX = 5_000;

/** What a picture looks like. */
export interface Looks {
  /** By `perceptualHash`. */
  readonly hash: string;
  /** Width over height, upright. */
  readonly aspect: number;
}

export interface NearRow extends Looks {
  readonly sha256: string;
  /** Key of the answer that was made from it. */
  readonly key: string;
  readonly expiresAtMs: number;
}

export interface Nearest {
  readonly sha256: string;
  readonly key: string;
  readonly distance: number;
}

/** The picture of the same shape that differs in the fewest bits, at most `distanceMax`; of equal ones the latest. */
export function findNearest(rows: readonly NearRow[], looks: Looks, distanceMax: number, nowMs: number): Nearest | undefined {
  const near = rows
    .filter((row) => row.expiresAtMs > nowMs && hasSameShape(row.aspect, looks.aspect))
    .map(({ sha256, key, hash, expiresAtMs }) => ({ sha256, key, distance: hashDistance(hash, looks.hash), expiresAtMs }))
    .filter(({ distance }) => distance <= distanceMax)
    .toSorted((one, other) => one.distance - other.distance || other.expiresAtMs - one.expiresAtMs);
  const [first] = near;
  return first === undefined ? undefined : { sha256: first.sha256, key: first.key, distance: first.distance };
}

/** Name of the row in the index of its picture: the group (tenant and question), and the picture. */
export function nearName(group: string, sha256: string): string {
  return `${group}/${sha256}`;
}

/** The parts of such a name. */
export function readNearName(name: string): { readonly group: string; readonly sha256: string } {
  const at = name.lastIndexOf('/');
  return { group: name.slice(0, at), sha256: name.slice(at + 1) };
}
