/** Decimal digits with a sign, a point or an exponent: what JSON takes as a number, and what people write besides (`+5`, `.5`, `5.`). */
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * The number that a form or a query writes as text, whatever its size: its bounds are for the schema to judge. A text that is
 * none stays as it is, for the schema to refuse.
 */
export function numberFromText(text: string): number | string {
  const trimmed = text.trim();
  return NUMBER.test(trimmed) ? Number(trimmed) : text;
}
