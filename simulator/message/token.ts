/** UTF-8 bytes that count as one token of text: a round figure near the average of English prose. */
const BYTES_PER_TOKEN = 4;

const encoder = new TextEncoder();

/** Tokens of text, by the simulator's approximation: a quarter of its UTF-8 bytes, rounded up. */
export function textTokens(text: string): number {
  return Math.ceil(encoder.encode(text).length / BYTES_PER_TOKEN);
}

/** The longest beginning of a text that is at most `tokensMax` tokens, whole characters only. */
export function firstTokens(text: string, tokensMax: number): string {
  const bytes = encoder.encode(text);
  if (bytes.length <= tokensMax * BYTES_PER_TOKEN) return text;
  const cut = bytes.subarray(0, tokensMax * BYTES_PER_TOKEN);
  // Streaming mode holds back a character that the cut has split.
  return new TextDecoder().decode(cut, { stream: true });
}
