/** Which of the names that we know somebody most likely meant. */

/** A longer name is no slip of the hand. */
const CHARACTERS_MAX = 40;

/** Characters that a beginning must have to say anything: `lang`, `desc`. */
const BEGINNING_CHARACTERS_MIN = 3;

/**
 * The known name that is the same in another spelling, differs by a slip (one in three characters), or alone begins like this one or
 * is its beginning; `undefined` where none is near.
 */
export function nearName(name: string, known: readonly string[]): string | undefined {
  if (name.length > CHARACTERS_MAX) return undefined;
  const plain = plainOf(name);
  const slipsMax = Math.floor(plain.length / 3);
  const slips = known.map((candidate) => [candidate, slipsBetween(plain, plainOf(candidate))] as const).filter(([, count]) => count <= slipsMax);
  const [nearest] = slips.toSorted(([, one], [, other]) => one - other);
  if (nearest !== undefined) return nearest[0];
  const related = known.filter((candidate) => beginsAlike(plain, plainOf(candidate)));
  return related.length === 1 ? related[0] : undefined;
}

/** Without what tells `maxLength`, `max-length` and `max_length` apart. */
function plainOf(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

function beginsAlike(one: string, other: string): boolean {
  return Math.min(one.length, other.length) >= BEGINNING_CHARACTERS_MIN && (one.startsWith(other) || other.startsWith(one));
}

/** Insertions, deletions, replacements and exchanges of neighbours (optimal string alignment) from one to the other. */
function slipsBetween(one: string, other: string): number {
  let before: readonly number[] = [];
  let row: readonly number[] = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let y = 1; y <= one.length; y++) {
    const next = [y];
    for (let x = 1; x <= other.length; x++) {
      const isSame = one[y - 1] === other[x - 1];
      let least = Math.min((row[x] ?? 0) + 1, (next[x - 1] ?? 0) + 1, (row[x - 1] ?? 0) + (isSame ? 0 : 1));
      if (x > 1 && y > 1 && one[y - 1] === other[x - 2] && one[y - 2] === other[x - 1]) least = Math.min(least, (before[x - 2] ?? 0) + 1);
      next.push(least);
    }
    before = row;
    row = next;
  }
  return row[other.length] ?? 0;
}
